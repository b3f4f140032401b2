package dev.keyturn.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The schema has the keys that the loader has, says something of each, and shows nothing that would be refused. */
class SchemaKeysTest {
    private static final String POLICY = "/$defs/policy";
    private static final String CREDENTIAL = "/$defs/credential";
    private static final String NOTIFY = "/properties/notify";

    /** Where in the schema each section of the loader stands. */
    private static final Map<String, Keys> SECTIONS = new TreeMap<>(Map.ofEntries(
            Map.entry("", ConfigLoader.KEYS),
            Map.entry("/properties/dromo", DromoSection.KEYS),
            Map.entry("/properties/state", StateSection.KEYS),
            Map.entry("/properties/audit", AuditSection.KEYS),
            Map.entry("/properties/control", ControlSection.KEYS),
            Map.entry("/properties/limits", Limits.KEYS),
            Map.entry(NOTIFY, NotifySection.KEYS),
            Map.entry(NOTIFY + "/properties/webhooks/items", NotifySection.Webhook.KEYS),
            Map.entry(NOTIFY + "/properties/email/items", NotifySection.Email.KEYS),
            Map.entry(NOTIFY + "/properties/email/items/properties/smtp", NotifySection.Smtp.KEYS),
            Map.entry(NOTIFY + "/properties/digest", NotifySection.Digest.KEYS),
            Map.entry(POLICY, PolicyReader.KEYS),
            Map.entry(POLICY + "/properties/secret", SecretRulesReader.KEYS),
            Map.entry(POLICY + "/properties/schedule", ScheduleReader.KEYS),
            Map.entry(POLICY + "/properties/windows/items", HoursReader.WINDOW),
            Map.entry(POLICY + "/properties/blackouts/items", HoursReader.BLACKOUT),
            Map.entry(POLICY + "/properties/retry", TimingReader.RETRY),
            Map.entry(POLICY + "/properties/verify", PolicyReader.VERIFY),
            Map.entry(CREDENTIAL, CredentialReader.KEYS),
            Map.entry(CREDENTIAL + "/properties/host", HostReader.KEYS),
            Map.entry(CREDENTIAL + "/properties/install", InstallReader.KEYS),
            Map.entry(CREDENTIAL + "/properties/install/properties/as", InstallReader.AS),
            Map.entry(CREDENTIAL + "/properties/probe", CredentialReader.PROBE),
            Map.entry(CREDENTIAL + "/properties/alternate", AlternateReader.KEYS),
            Map.entry("/$defs/secretReference", References.KEYS)));

    @Test
    void hasAPlaceForEachSectionOfTheLoader() {
        Set<Keys> placed = new HashSet<>(SECTIONS.values());
        placed.add(Part.INCLUDED);

        assertThat(sectionsOfTheLoader())
                .as("sections that config/keyturn.schema.json lacks: describe them there, and add their places above")
                .allSatisfy((name, keys) -> assertThat(placed).as(name).contains(keys));
        assertThat(SchemaFile.sections()).containsExactlyInAnyOrderElementsOf(SECTIONS.keySet());
    }

    static Stream<String> sections() {
        return SECTIONS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("sections")
    void hasExactlyTheKeysOfTheLoader(String pointer) {
        JsonNode section = SchemaFile.ROOT.at(pointer);

        assertThat(section.get("properties").propertyNames())
                .as("properties in config/keyturn.schema.json#" + pointer)
                .containsExactlyInAnyOrderElementsOf(keys(pointer).names());
        assertThat(section.get("additionalProperties").asBoolean(true))
                .as("other keys in " + pointer)
                .isFalse();
    }

    @Test
    void tellsAnIncludedFileByItsKeys() {
        assertThat(SchemaFile.ROOT.at("/if/propertyNames/enum").valueStream().map(JsonNode::asString))
                .containsExactlyElementsOf(Part.INCLUDED.names());
    }

    @Test
    void closesEveryMapping() {
        assertThat(SchemaFile.nodes("", SchemaFile.ROOT)
                        .filter(pointer -> SchemaFile.ROOT
                                .at(pointer)
                                .path("type")
                                .asString("")
                                .equals("object")))
                .hasSizeGreaterThan(SECTIONS.size())
                .allSatisfy(pointer -> assertThat(SchemaFile.ROOT.at(pointer).has("additionalProperties"))
                        .isTrue());
    }

    @ParameterizedTest
    @MethodSource("sections")
    void saysSomethingOfEachKey(String pointer) {
        keys(pointer)
                .names()
                .forEach(key -> assertThat(describe(pointer + "/properties/" + key))
                        .as(pointer + ": " + key)
                        .hasSizeGreaterThan(4)
                        .endsWith("."));
    }

    private static String describe(String pointer) {
        JsonNode node = SchemaFile.ROOT.at(pointer);
        return Optional.ofNullable(node.get("description"))
                .map(JsonNode::asString)
                .orElseGet(() -> describe(node.get("$ref").asString().substring(1)));
    }

    @ParameterizedTest
    @MethodSource("sections")
    void takesTheExamplesOfTheLoader(String pointer) {
        for (String key : keys(pointer).names()) {
            String example = keys(pointer).example(key).substring(("for example " + key + ": ").length());
            if (!example.contains("...")) {
                JsonNode value = SchemaFile.json(example.getBytes(StandardCharsets.UTF_8))
                        .orElseThrow();
                assertThat(SchemaFile.problems(pointer + "/properties/" + key, value))
                        .as(key + ": " + example)
                        .isEmpty();
            }
        }
    }

    @Test
    void takesItsOwnExamplesAndDefaults() {
        List<String> shown = SchemaFile.nodes("", SchemaFile.ROOT)
                .filter(pointer -> !pointer.endsWith("/properties"))
                .filter(pointer -> SchemaFile.ROOT.at(pointer).has("examples")
                        || SchemaFile.ROOT.at(pointer).has("default"))
                .toList();

        assertThat(shown).hasSizeGreaterThan(50).allSatisfy(pointer -> {
            JsonNode node = SchemaFile.ROOT.at(pointer);
            Stream.concat(node.path("examples").valueStream(), Stream.ofNullable(node.get("default")))
                    .forEach(value -> assertThat(SchemaFile.problems(pointer, value))
                            .as(pointer + ": " + value)
                            .isEmpty());
        });
    }

    private static Keys keys(String pointer) {
        return Optional.ofNullable(SECTIONS.get(pointer)).orElseThrow();
    }

    private static Map<String, Keys> sectionsOfTheLoader() {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.keyturn.config")
                        .stream()
                        .flatMap(type -> Arrays.stream(type.reflect().getDeclaredFields()))
                        .filter(field -> field.getType() == Keys.class)
                        .filter(field -> java.lang.reflect.Modifier.isStatic(field.getModifiers()))
                        .collect(Collectors.toMap(Field::toString, SchemaKeysTest::value));
    }

    private static Keys value(Field field) {
        try {
            field.setAccessible(true);
            return (Keys) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
