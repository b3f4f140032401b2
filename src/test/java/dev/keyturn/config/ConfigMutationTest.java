package dev.keyturn.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Whatever happens to a file, it loads or is refused: no other exception, no hang. And what loads, the schema for editors
 * accepts too. That no connection is made follows from what the room may use: {@code ArchitectureTest}.
 */
@Tag("exhaustive")
class ConfigMutationTest {
    private static final Path GOOD = Path.of("src/test/resources/config/good");
    /** The validator takes ten times as long as the loader. */
    private static final int SCHEMA_EVERY = 4;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ExecutorService loader = Executors.newSingleThreadExecutor();

    @TempDir
    Path directory;

    @BeforeEach
    void copyGoodFiles() throws Exception {
        Files.createDirectory(directory.resolve("partners.d"));
        for (String name : List.of("keys.yaml", "passwords.yaml", "partners.d/one.yaml")) {
            Files.copy(GOOD.resolve(name), directory.resolve(name));
        }
        Files.copy(ConfigLoaderTest.SAMPLE, directory.resolve("sample.yaml"));
    }

    @AfterEach
    void stop() {
        loader.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({
        "sample.yaml, sample.yaml, 2000",
        "keys.yaml, keys.yaml, 3000",
        "passwords.yaml, passwords.yaml, 3000",
        "keys.yaml, partners.d/one.yaml, 2000"
    })
    void loadsOrRefusesEveryMutation(String main, String mutated, int mutations) throws Exception {
        Path file = directory.resolve(mutated);
        byte[] sample = Files.readAllBytes(file);
        int refused = 0;
        for (int seed = 0; seed < mutations; seed++) {
            byte[] bytes = Mutations.mutate(sample, seed);
            Files.write(file, bytes);
            boolean loads = loads(directory.resolve(main), "seed " + seed + " of " + mutated);
            if (loads && seed % SCHEMA_EVERY == 0) {
                Optional<JsonNode> json = SchemaFile.json(bytes);
                assertThat(json).as("seed " + seed + " as JSON").isPresent();
                assertThat(SchemaFile.problems(json.get())).as("seed " + seed).isEmpty();
            }
            refused += loads ? 0 : 1;
        }
        // Both outcomes happen often, so neither is tested by accident only.
        assertThat(refused).isBetween(mutations / 4, mutations - mutations / 20);
    }

    private boolean loads(Path main, String seed) throws Exception {
        try {
            loader.submit(() -> ConfigLoader.load(main, ConfigLoaderTest.NOTHING))
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            throw new AssertionError("no end after " + LIMIT + ": " + seed, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InvalidConfigurationException refusal) {
                assertThat(refusal.problems()).as(seed).isNotEmpty().allSatisfy(problem -> {
                    assertThat(problem.line()).isPositive();
                    assertThat(problem.column()).isPositive();
                    assertThat(problem.toString()).doesNotContain("\n");
                });
                return false;
            }
            throw new AssertionError(seed, e.getCause());
        }
    }
}
