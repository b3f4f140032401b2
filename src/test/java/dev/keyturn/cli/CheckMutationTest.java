package dev.keyturn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Mutations;
import dev.keyturn.rotation.CrashPoint;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code keyturn check} with files that nobody would write on purpose: it says what is wrong, in an operator's words. */
class CheckMutationTest {
    private static final Path GOOD = Path.of("src/test/resources/config/good");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);
    private static final String OUR_INSIDES =
            "internal error|\\b(java|javax|dev\\.keyturn|org\\.snakeyaml|com\\.cronutils)\\.[a-z]|[a-z](Exception|Error)\\b";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"keys.yaml", "passwords.yaml", "partners.d/one.yaml"})
    void endsWith0Or78AndShowsNothingOfItsInsides(String name) throws Exception {
        byte[] sample = Files.readAllBytes(GOOD.resolve(name));
        Path file = directory.resolve("keyturn.yaml");
        for (int seed = 0; seed < 100; seed++) {
            String which = "seed " + seed;
            Files.write(file, Mutations.mutate(sample, seed));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();

            int status = Keyturn.run(surroundings(out, err), "--config", file.toString(), "check");

            String said = err.toString(StandardCharsets.UTF_8);
            assertThat(said).as(which).doesNotContainPattern(OUR_INSIDES);
            if (status == ExitStatus.DONE) {
                assertThat(said).as(which).isEmpty();
                assertThat(out.toString(StandardCharsets.UTF_8)).startsWith(file + " is valid: ");
            } else {
                assertThat(status).as(which + ": " + said).isEqualTo(ExitStatus.CONFIGURATION);
                assertThat(said.lines())
                        .isNotEmpty()
                        .allSatisfy(
                                line -> assertThat(line).as(which).matches("\\Q" + file + "\\E:[0-9]+:[0-9]+: .+; .+"));
            }
        }
    }

    private static Surroundings surroundings(ByteArrayOutputStream out, ByteArrayOutputStream err) {
        return new Surroundings(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                CLOCK,
                ZoneOffset.UTC,
                duration -> {},
                false,
                CrashPoint.Watch.NONE);
    }
}
