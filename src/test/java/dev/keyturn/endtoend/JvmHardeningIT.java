package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.Login;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.sandbox.DromoFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets pass through the heap: nobody gets a picture of it, neither by asking nor by making the process crash. */
@RequiresSshd
class JvmHardeningIT {

    private static final Duration LONG_ENOUGH = Duration.ofMinutes(1);

    private static Scene scene;
    private static int number;

    private Installation keyturn;
    private ManagedAccount acme;

    @BeforeAll
    static void openScene() {
        scene = Scene.open();
    }

    @AfterAll
    static void closeScene() {
        scene.close();
    }

    @BeforeEach
    void install() {
        keyturn = scene.installation().usualPolicies().environment("KEYTURN_LOG_LEVEL", "TRACE");
        acme = scene.withKey(NewAccount.shell("crash-" + number++), KeyFiles.make("ed25519"));
        keyturn.manage(acme, "keys", "{method: authorized_keys}").adopt(acme);
    }

    @AfterEach
    void remove() {
        scene.dromo().faults().clear();
        keyturn.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jcmd PID GC.heap_dump FILE", "jmap -dump:format=b,file=FILE PID", "jstack PID"})
    void canNotBeAttachedTo(String command) throws Exception {
        Path dump = keyturn.directory().resolve("dump.hprof");
        try (Running rotation = inTheMiddle()) {
            String pid = String.valueOf(rotation.handle().pid());
            List<String> words = new ArrayList<>();
            for (String word : command.split(" ")) {
                words.add(word.replace("PID", pid).replace("FILE", dump.toString()));
            }
            words.set(
                    0,
                    Path.of(System.getProperty("java.home"), "bin", words.get(0))
                            .toString());
            words.add(1, "-J-Dsun.tools.attach.attachTimeout=1000");
            Process tool = new ProcessBuilder(words).redirectErrorStream(true).start();
            String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(tool.waitFor()).as(said).isNotZero();
            assertThat(dump).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SEGV", "ABRT"})
    void leavesNoSecretBehindWhereItCrashes(String signal) throws Exception {
        Canaries canaries = new Canaries().storedIn(acme.inDromo());
        try (Running rotation = inTheMiddle()) {
            assertThat(Files.readString(Path.of("/proc/" + rotation.handle().pid() + "/limits")))
                    .containsPattern("Max core file size +0 +0 ");
            new ProcessBuilder(
                            "kill",
                            "-" + signal,
                            String.valueOf(rotation.handle().pid()))
                    .start()
                    .waitFor();
            assertThat(rotation.ended().status()).isNotZero();
        }
        canaries.sentTo(scene.dromo().requests())
                .password("license", scene.dromo().licenseKey())
                .password(
                        "encryption key",
                        Files.readString(keyturn.encryptionKey()).strip());

        assertThat(left("hs_err")).as("the JVM's report").hasSize(signal.equals("SEGV") ? 1 : 0);
        assertThat(left("core")).isEmpty();
        assertThat(canaries.below(keyturn.directory(), keyturn.secretFiles())).isEmpty();
        assertThat(keyturn.run("recover").status()).isZero();
        assertThat(acme.dromosLogin()).isEqualTo(Login.ACCEPTED);
    }

    @Test
    void leavesNoHeapDumpWhereMemoryRunsOut() throws IOException {
        keyturn.javaOptions("-Xms2m -Xmx5m");

        Ran rotated = keyturn.run("rotate", acme.name());

        assertThat(rotated.status()).as(rotated::toString).isNotZero();
        assertThat(rotated.out() + rotated.err()).contains("OutOfMemoryError");
        assertThat(left("java_pid")).isEmpty();
    }

    /** Dromo has the new key, and takes its time to log in with it. */
    private Running inTheMiddle() {
        scene.dromo().faults().onNext(1, DromoCall.TEST_CONNECTION, DromoFault.slowStart(LONG_ENOUGH));
        int puts = scene.dromo().requests(DromoCall.PUT).size();
        Running rotation = keyturn.start("rotate", acme.name());
        return rotation.until(
                "Dromo has the key", () -> scene.dromo().requests(DromoCall.PUT).size() > puts);
    }

    private List<Path> left(String prefix) throws IOException {
        try (Stream<Path> files = Files.walk(keyturn.directory())) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .toList();
        }
    }
}
