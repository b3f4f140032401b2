package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.sandbox.DromoFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * How many copies of each secret are in the heap of a daemon, counted in heap dumps that the launcher's flags forbid
 * otherwise. Prints a table; docs/reliability.md has the figures.
 */
@RequiresSshd
class HeapCopiesIT {

    private static final Duration SLOW = Duration.ofSeconds(9);
    private static final String OVERDUE = "schedule: {every: 30d}, missed: at_once";

    private final Map<String, String> rows = new TreeMap<>();

    @Test
    void holdsFewCopiesInTheMiddleAndNoneOfWhatIsNotItsOwnAfterwards() throws Exception {
        try (Scene scene = Scene.open();
                Installation keyturn = scene.installation()) {
            keyturn.policy("keys", "{secret: {type: ssh_key}, " + OVERDUE + "}")
                    .policy("passwords", "{secret: {type: password}, allow_gap: true, " + OVERDUE + "}");
            ManagedAccount key = scene.withKey(NewAccount.shell("heap-key"), KeyFiles.make("ed25519"));
            ManagedAccount password = scene.withPassword(NewAccount.shell("heap-word"), "Old-words-in-the-heap-1");
            keyturn.manage(key, "keys", "{method: authorized_keys}")
                    .manage(password, "passwords", "{method: passwd}")
                    .adopt(key, password);
            Canaries old = new Canaries().storedIn(key.inDromo()).storedIn(password.inDromo());
            try (Running first = keyturn.start("run")) {
                first.until("it knows the schedules", () -> first.out().contains("Ready"));
                assertThat(first.terminate().ended().status()).isZero();
            }
            keyturn.timePasses(Duration.ofDays(100));
            scene.dromo().faults().onNext(2, DromoCall.TEST_CONNECTION, DromoFault.slowStart(SLOW));
            int puts = scene.dromo().requests(DromoCall.PUT).size();
            keyturn.javaOptions("-XX:-DisableAttachMechanism");
            try (Running daemon = keyturn.start("run")) {
                daemon.until(
                        "Dromo has both",
                        () -> scene.dromo().requests(DromoCall.PUT).size() >= puts + 2);
                Path middle = dump(daemon, keyturn, "middle");
                daemon.until("both have ended, and wiped what was theirs", () -> ended(daemon) == 2);
                Path after = dump(daemon, keyturn, "after");
                Path collected = dump(daemon, keyturn, "collected");
                Canaries now = new Canaries().storedIn(key.inDromo()).storedIn(password.inDromo());
                count("old", old, middle, after, collected);
                count("new", now, middle, after, collected);

                System.out.println(
                        "| Secret | in the middle | after it | after a collection |\n| --- | --- | --- | --- |");
                rows.forEach((secret, row) -> System.out.println("| " + secret + row));
                assertThat(old.in(Files.readAllBytes(collected))).isEmpty();
                assertThat(now.in(Files.readAllBytes(collected))).isEmpty();
            }
        }
    }

    private void count(String which, Canaries canaries, Path... dumps) throws IOException {
        for (Path dump : dumps) {
            canaries.counts(Files.readAllBytes(dump))
                    .forEach((name, count) -> rows.merge(which + " " + name, " | " + count, String::concat));
        }
    }

    private static long ended(Running daemon) {
        return daemon.out()
                .lines()
                .filter(line -> line.contains("Rotation done"))
                .count();
    }

    /** With what waits to be collected; a dump named "collected" without. */
    private static Path dump(Running daemon, Installation keyturn, String name) throws Exception {
        Path file = keyturn.directory().resolve(name + ".hprof");
        ProcessBuilder jcmd = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                "-J-Dsun.tools.attach.attachTimeout=120000",
                String.valueOf(daemon.handle().pid()),
                "GC.heap_dump",
                file.toString());
        if (!name.equals("collected")) {
            jcmd.command().add(4, "-all");
        }
        assertThat(jcmd.redirectErrorStream(true).start().waitFor()).isZero();
        return file;
    }
}
