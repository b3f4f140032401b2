package dev.keyturn.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The schema accepts what the loader accepts, and of what the loader refuses it says all that a schema can. */
class SchemaSamplesTest {
    private static final Path RESOURCES = Path.of("src/test/resources/config");
    private static final Path BEYOND = RESOURCES.resolve("beyond-the-schema.txt");
    private static final Pattern SAMPLE = Pattern.compile("(?s)```yaml\n(.*?)```");

    static Stream<Path> goodFiles() throws Exception {
        try (Stream<Path> files = Files.walk(RESOURCES.resolve("good"))) {
            return Stream.concat(
                    Stream.of(ConfigLoaderTest.SAMPLE),
                    files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream());
        }
    }

    @ParameterizedTest
    @MethodSource("goodFiles")
    void acceptsGoodFiles(Path file) throws Exception {
        if (!file.getParent().endsWith("partners.d")) {
            ConfigLoader.load(file, ConfigLoaderTest.NOTHING);
        }
        assertThat(SchemaFile.problems(SchemaFile.read(file))).isEmpty();
    }

    /** An editor finds the schema by this line. */
    @ParameterizedTest
    @MethodSource("goodFiles")
    void isNamedInTheFirstLineOfEachFile(Path file) throws Exception {
        String start = "# yaml-language-server: $schema=";
        String line = Files.readAllLines(file).get(0);

        assertThat(line).startsWith(start);
        assertThat(file.resolveSibling(line.substring(start.length())).normalize())
                .isEqualTo(SchemaFile.FILE);
    }

    static Stream<String> samplesInDocuments() throws Exception {
        List<Path> documents = new ArrayList<>(List.of(Path.of("README.md")));
        try (Stream<Path> files = Files.walk(Path.of("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
        }
        List<String> samples = new ArrayList<>();
        for (Path document : documents) {
            SAMPLE.matcher(Files.readString(document)).results().forEach(match -> samples.add(match.group(1)));
        }
        return samples.stream();
    }

    @ParameterizedTest
    @MethodSource("samplesInDocuments")
    void acceptsWhatTheDocumentsShow(String sample) {
        JsonNode part = SchemaFile.json(sample.getBytes(StandardCharsets.UTF_8)).orElseThrow();
        if (part.isObject() && !Part.INCLUDED.names().containsAll(part.propertyNames())) {
            JsonNode rest = SchemaFile.json(
                            "{version: 1, dromo: {license_key: {env: K}}, state: {encryption_key: {env: K}}}"
                                    .getBytes(StandardCharsets.UTF_8))
                    .orElseThrow();
            rest.propertyStream()
                    .forEach(entry -> ((tools.jackson.databind.node.ObjectNode) part)
                            .putIfAbsent(entry.getKey(), entry.getValue()));
        }
        assertThat(SchemaFile.problems(part)).isEmpty();
    }

    /** {@code beyond-the-schema.txt} names each bad file that the schema can't refuse, and why it can't. */
    @Test
    void refusesWhatTheLoaderRefusesOrTheListSaysWhyNot() throws Exception {
        List<String> beyond = new ArrayList<>();
        for (Path file : BadConfigurationTest.files().toList()) {
            Optional<JsonNode> json = SchemaFile.json(Files.readAllBytes(file));
            if (json.isEmpty() || SchemaFile.problems(json.get()).isEmpty()) {
                beyond.add(file.getFileName().toString());
            }
        }

        assertThat(beyond).containsExactlyElementsOf(reasons().keySet());
    }

    private static Map<String, String> reasons() throws Exception {
        Map<String, String> reasons = new TreeMap<>();
        String reason = "";
        for (String line : Files.readAllLines(BEYOND)) {
            if (line.startsWith("# ")) {
                reason = line;
            } else if (!line.isBlank()) {
                assertThat(reason).as("a reason above " + line).isNotEmpty();
                assertThat(reasons.put(line, reason)).as(line + " twice").isNull();
            } else {
                reason = "";
            }
        }
        return reasons;
    }
}
