package dev.keyturn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every file of {@code src/test/resources/config/bad} is refused with exactly the problems in the {@code .expected} file
 * beside it, one a line, without the file's name in front. A new pair of files is a new test.
 */
class BadConfigurationTest {
    private static final Path CORPUS = Path.of("src/test/resources/config/bad");

    static Stream<Path> files() throws Exception {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void namesEveryProblemWithItsPlace(Path file) throws Exception {
        InvalidConfigurationException refusal = catchThrowableOfType(
                InvalidConfigurationException.class, () -> ConfigLoader.load(file, ConfigLoaderTest.NOTHING));

        assertThat(refusal).as("refusal of " + file).isNotNull();
        List<String> expected = Files.readAllLines(Path.of(file.toString().replaceAll("yaml$", "expected")));
        assertThat(refusal.problems())
                .map(Problem::toString)
                .containsExactlyElementsOf(
                        expected.stream().map(line -> file + ":" + line).toList());
        assertThat(refusal).hasMessageContaining(expected.get(0));
        // The corpus uses this word wherever a careless hand could have put a secret.
        assertThat(refusal).hasMessageNotContaining("hunter2");
    }

    @Test
    void isLargeEnoughToMeanSomething() throws Exception {
        assertThat(files()).hasSizeGreaterThan(280);
    }
}
