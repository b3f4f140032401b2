package dev.keyturn.store;

import static dev.keyturn.store.TestStore.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.Lease;
import dev.keyturn.rotation.SampleRotations;
import dev.keyturn.secret.LoginSecret;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer that is killed at any moment: what it was told is durable is there, and nothing is left lying about. */
final class KilledWriterIT {
    private static final int KILLS = 10;

    @TempDir
    Path temporary;

    @Test
    void hasEachCommitThatWasAcknowledged() throws Exception {
        Random random = new Random(42);
        Path state = temporary.resolve("state");
        for (int kill = 0; kill < KILLS; kill++) {
            String credential = "acme-" + kill;
            int acknowledged = killAfter(state, credential, 1 + random.nextInt(40));

            try (SqliteJournal journal = TestStore.open(state)) {
                CredentialFacts facts = journal.facts(credential).orElseThrow();
                int current =
                        Integer.parseInt(facts.current().orElseThrow().id().split("#")[1]);
                assertThat(current).as("kill %d", kill).isGreaterThanOrEqualTo(acknowledged);
                try (LoginSecret secret = journal.secret(facts.current().orElseThrow())) {
                    LoginSecret.Password expected = SampleRotations.password("password " + current);
                    assertThat(((LoginSecret.Password) secret).value().sameAs(expected.value()))
                            .isTrue();
                }
                // The killed process's lease is no obstacle.
                journal.release(journal.lease(credential, "after", NOW, Duration.ofHours(1)));
            }
            try (Stream<Path> left = Files.list(state)) {
                assertThat(left.map(file -> String.valueOf(file.getFileName())))
                        .as("no unpacked library stays behind")
                        .containsExactlyInAnyOrder("keyturn.db", "lock");
            }
        }
    }

    /** The number of the last commit that the writer has acknowledged when it is killed. */
    private static int killAfter(Path state, String credential, int commits) throws Exception {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        state.toString(),
                        credential)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int acknowledged = 0;
        try (BufferedReader lines = writer.inputReader(StandardCharsets.US_ASCII)) {
            String line = lines.readLine();
            while (line != null) {
                acknowledged = Integer.parseInt(line);
                if (acknowledged == commits) {
                    // Through the handle: Process.destroyForcibly would close the pipe with what is still in it.
                    writer.toHandle().destroyForcibly();
                }
                line = lines.readLine();
            }
        } finally {
            writer.destroyForcibly();
            assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(acknowledged).isGreaterThanOrEqualTo(commits);
        return acknowledged;
    }

    /** Adopts one password after the other until it is killed, and says each number once it is durable. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws Exception {
            String credential = args[1];
            try (SqliteJournal journal = TestStore.open(Path.of(args[0]))) {
                Lease lease = journal.lease(credential, "writer", NOW, Duration.ofHours(1));
                journal.firstSeen(List.of(credential), NOW);
                for (int number = 1; number < 100_000; number++) {
                    try (LoginSecret secret = SampleRotations.password("password " + number)) {
                        journal.adopt(
                                lease,
                                credential,
                                SampleRotations.version(credential + "#" + number, secret),
                                secret,
                                Optional.empty(),
                                NOW);
                    }
                    System.out.println(number);
                }
            }
        }
    }
}
