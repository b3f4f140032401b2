package dev.keyturn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to a file, it loads or is refused: no other exception, no hang. */
class ConfigMutationTest {
    private static final int MUTATIONS = 2_000;
    private static final String TELLING = "{}[]:,&*!|>'\"%@`#-? \n\t0123456789";

    @TempDir
    Path directory;

    @Test
    void loadsOrRefusesEveryMutationOfTheSample() throws Exception {
        byte[] sample = Files.readAllBytes(ConfigLoaderTest.SAMPLE);
        Path file = directory.resolve("mutated.yaml");
        int refused = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Files.write(file, mutate(sample, new Random(seed)));
            refused += refuses(file, seed) ? 1 : 0;
        }
        // Both outcomes happen often, so neither is tested by accident only.
        assertThat(refused).isBetween(MUTATIONS / 4, MUTATIONS - MUTATIONS / 20);
    }

    private static boolean refuses(Path file, int seed) {
        return assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> {
                    try {
                        ConfigLoader.load(file, ConfigLoaderTest.NOTHING);
                        return false;
                    } catch (InvalidConfigurationException e) {
                        assertThat(e.problems())
                                .as("problems of seed " + seed)
                                .isNotEmpty()
                                .allSatisfy(problem -> {
                                    assertThat(problem.line()).isPositive();
                                    assertThat(problem.column()).isPositive();
                                    assertThat(problem.toString()).doesNotContain("\n");
                                });
                        return true;
                    }
                },
                "seed " + seed);
    }

    private static byte[] mutate(byte[] sample, Random random) {
        byte[] bytes = sample;
        int times = 1 + random.nextInt(3);
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(bytes.length);
            int end = Math.min(bytes.length, at + 1 + random.nextInt(random.nextInt(10) == 0 ? 400 : 4));
            byte[] piece = Arrays.copyOfRange(bytes, at, end);
            bytes = switch (random.nextInt(5)) {
                case 0 -> splice(bytes, at, at + 1, new byte[] {(byte) (bytes[at] ^ (1 << random.nextInt(8)))});
                case 1 -> splice(bytes, at, end, new byte[0]);
                case 2 -> splice(bytes, at, at, piece);
                case 3 -> splice(bytes, at, at, new byte[] {(byte) TELLING.charAt(random.nextInt(TELLING.length()))});
                default -> splice(bytes, random.nextInt(at + 1), at, piece);
            };
            if (bytes.length == 0) {
                return bytes;
            }
        }
        return bytes;
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] replacement) {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        result.write(bytes, 0, from);
        result.writeBytes(replacement);
        result.write(bytes, to, bytes.length - to);
        return result.toByteArray();
    }
}
