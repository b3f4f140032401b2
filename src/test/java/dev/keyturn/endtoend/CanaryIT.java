package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.sandbox.DromoFault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Everything written anywhere, searched for every secret that existed. */
@RequiresSshd
class CanaryIT {

    private static final Duration GLANCE = Duration.ofMillis(15);

    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

    @Test
    void writesNoSecretAnywhere() throws IOException {
        KeyFiles administrator = KeyFiles.make("ed25519");
        try (Scene scene = Scene.open();
                Installation keyturn = scene.installation().usualPolicies().environment("KEYTURN_LOG_LEVEL", "TRACE")) {
            scene.sshd().add(NewAccount.passwordAdministrator("pwadmin").withKey(administrator.publicLine()));
            Path adminKey = keyturn.secretFile("admin-key", administrator.privateKey());
            ManagedAccount key = scene.withKey(NewAccount.shell("key"), KeyFiles.make("ed25519"));
            ManagedAccount byAdmin = scene.withPassword(NewAccount.shell("by-admin"), "Old-words-of-by-admin-1");
            ManagedAccount byPasswd = scene.withPassword(NewAccount.shell("by-passwd"), "Old-words-of-passwd-1");
            ManagedAccount keyByProgram = scene.withKey(NewAccount.shell("key-by-program"), KeyFiles.make("ed25519"));
            ManagedAccount byProgram = scene.withPassword(NewAccount.shell("by-program"), "Old-words-of-program-1");
            // It prints what it was given, as a careless program does.
            Path program = keyturn.script("careless", """
                    #!/bin/sh
                    cat | tee /dev/stderr
                    exit 1
                    """);
            keyturn.manage(key, "keys", "{method: authorized_keys}")
                    .manage(
                            byAdmin,
                            "passwords",
                            "{method: chpasswd, as: {user: pwadmin, private_key: {file: admin-key}}}")
                    .manage(byPasswd, "passwords", "{method: passwd}")
                    .manage(keyByProgram, "keys", "{method: command, command: [" + program + "]}")
                    .manage(byProgram, "passwords", "{method: command, command: [" + program + "]}");
            Canaries canaries = new Canaries();
            for (ManagedAccount account : List.of(key, byAdmin, byPasswd, byProgram, keyByProgram)) {
                canaries.storedIn(account.inDromo());
            }
            List<Path> handedOver = List.of(keyturn.adoptionList(key, byAdmin, byPasswd, byProgram, keyByProgram));
            watch(keyturn, keyturn.start("adopt", "--from", handedOver.get(0).toString()));
            watch(keyturn, keyturn.start("rotate", "key", "by-admin", "by-passwd", "--json"));
            scene.dromo()
                    .faults()
                    .always(
                            DromoCall.PUT,
                            DromoFault.status(400, DromoFault.JSON, "{\"detail\":\"Rejected by a test.\"}"));
            watch(keyturn, keyturn.start("rotate", "--all"));
            scene.dromo().faults().clear();
            scene.dromo().faults().onNext(2, DromoCall.TEST_CONNECTION, DromoFault.testFails("no route to host"));
            watch(keyturn, keyturn.start("rotate", "key"));
            scene.dromo().faults().clear();
            try (Running daemon = keyturn.start("run")) {
                daemon.until("it says something", () -> !daemon.out().isBlank());
                watchOnce(keyturn, daemon);
                daemon.kill().ended();
            }
            watch(keyturn, keyturn.start("verify", "--all"));
            watch(keyturn, keyturn.start("audit", "show"));
            watch(keyturn, keyturn.start("history", "--json"));
            canaries.sentTo(scene.dromo().requests())
                    .password("license", scene.dromo().licenseKey())
                    .password(
                            "encryption key",
                            Files.readString(keyturn.encryptionKey()).strip())
                    .privateKey("admin", new String(administrator.privateKey(), StandardCharsets.US_ASCII));

            assertThat(canaries.count()).isGreaterThan(30);
            assertThat(canaries.in(
                            scene.dromo().requests(DromoCall.PUT).get(0).body().getBytes(StandardCharsets.UTF_8)))
                    .as("what is searched for is found where it has to be")
                    .isNotEmpty();
            assertThat(Files.size(keyturn.audit().resolve("audit.jsonl"))).isPositive();
            assertThat(canaries.below(keyturn.directory(), keyturn.secretFiles()))
                    .isEmpty();
            assertThat(new Canaries()
                            .password("of any key", "PRIVATE KEY-----")
                            .below(keyturn.directory(), keyturn.secretFiles()))
                    .isEmpty();
            assertThat(new Canaries()
                            .password("a thread's name", "\"worker-1\"")
                            .below(keyturn.directory(), List.of()))
                    .as("the names of threads were printed")
                    .isNotEmpty();
            assertThat(seen.size()).isPositive();
            assertThat(canaries.in(seen.toByteArray())).isEmpty();
            assertThat(canaries.below(scene.sshd().logFile().getParent(), List.of()))
                    .isEmpty();
            assertThat(canaries.below(scene.sshd().etc(), List.of())).isEmpty();
        }
    }

    private void watch(Installation keyturn, Running command) throws IOException {
        do {
            watchOnce(keyturn, command);
        } while (!command.endsWithin(GLANCE));
        command.ended();
    }

    /** Notes what other users of the machine could see while the command runs. */
    private void watchOnce(Installation keyturn, Running command) throws IOException {
        List<ProcessHandle> processes = Stream.concat(
                        Stream.of(command.handle()), command.handle().descendants())
                .toList();
        for (ProcessHandle process : processes) {
            note(Path.of("/proc/" + process.pid() + "/cmdline"));
            note(Path.of("/proc/" + process.pid() + "/environ"));
        }
        askForThreads(command.handle());
        try (Stream<Path> temporary = Files.walk(keyturn.directory().resolve("tmp"))) {
            for (Path file : temporary
                    .filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains(".so"))
                    .toList()) {
                note(file);
            }
        } catch (UncheckedIOException e) {
            // A temporary directory that went away while it was walked: the next glance sees the rest.
        }
    }

    /** A JVM that gets SIGQUIT prints the names and stacks of its threads; before it can, SIGQUIT would end it. */
    private static void askForThreads(ProcessHandle process) throws IOException {
        if (Files.isDirectory(Path.of("/proc/" + process.pid() + "/task")) && handlesSignals(process)) {
            new ProcessBuilder("kill", "-QUIT", String.valueOf(process.pid())).start();
        }
    }

    private static boolean handlesSignals(ProcessHandle process) {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            return threads.anyMatch(thread -> named(thread, "Signal Dispatch"));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    private static boolean named(Path thread, String name) {
        try {
            return Files.readString(thread.resolve("comm")).startsWith(name);
        } catch (IOException e) {
            return false;
        }
    }

    private void note(Path file) throws IOException {
        try {
            seen.write(Files.readAllBytes(file));
        } catch (IOException e) {
            // The process ended, or the file is gone; both are all right.
        }
    }
}
