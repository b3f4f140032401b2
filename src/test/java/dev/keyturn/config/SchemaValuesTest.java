package dev.keyturn.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.policy.CronExpression;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The words, limits and defaults of the schema are those of the loader. The loader reads JSON too: it is YAML. */
class SchemaValuesTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<Path> GOOD = List.of(
            Path.of("src/test/resources/config/good/keys.yaml"),
            Path.of("src/test/resources/config/good/passwords.yaml"));

    @TempDir
    Path directory;

    /** A value of a good file, and the place in the schema that describes it. */
    private record Place(JsonNode file, JsonNode parent, String key, String schema) {
        JsonNode rule() {
            return SchemaFile.ROOT.at(schema);
        }

        void put(JsonNode value) {
            if (parent instanceof ArrayNode array) {
                array.set(Integer.parseInt(key), value);
            } else {
                ((ObjectNode) parent).set(key, value);
            }
        }
    }

    @Test
    void hasTheWordsOfTheLoader() throws Exception {
        List<String> seen = new ArrayList<>();
        for (Place place : places("enum")) {
            place.put(JSON.stringNode("zzzzzzzzzzz"));

            assertThat(refusal(place))
                    .as(place.schema())
                    .contains("'zzzzzzzzzzz' is not known here; "
                            + (place.schema().endsWith("/secret/properties/type")
                                    ? "accepted: ssh_key, password"
                                    : "accepted: " + words(place.rule().get("enum"))));
            seen.add(place.schema());
        }
        assertThat(seen).containsAll(withRule("enum"));
    }

    @Test
    void hasTheLimitsOfTheLoader() throws Exception {
        List<String> seen = new ArrayList<>();
        for (String limit : List.of("minimum", "maximum")) {
            for (Place place : places(limit)) {
                int beyond = place.rule().get(limit).asInt() + (limit.equals("minimum") ? -1 : 1);
                place.put(JSON.numberNode(beyond));

                assertThat(refusal(place))
                        .as(place.schema())
                        .contains(beyond + " is outside "
                                + place.rule().get("minimum").asInt() + " to "
                                + place.rule().get("maximum").asInt());
                seen.add(place.schema());
            }
        }
        assertThat(seen).containsAll(withRule("minimum")).containsAll(withRule("maximum"));
    }

    /** A key that is left out, and the same key with its default, come to the same. */
    @Test
    void hasTheDefaultsOfTheLoader() throws Exception {
        List<String> seen = new ArrayList<>();
        for (Place place : places("default")) {
            place.put(place.rule().get("default"));
            Optional<Configuration> said = load(place.file());
            ((ObjectNode) place.parent()).remove(place.key());

            Optional<Configuration> unsaid = load(place.file());

            assertThat(said.isPresent()).as(place.schema()).isEqualTo(unsaid.isPresent());
            if (said.isPresent()) {
                assertThat(said.get())
                        .as(place.schema())
                        .usingRecursiveComparison()
                        .withEqualsForType(CronExpression::equals, CronExpression.class)
                        .ignoringFields("hash")
                        .isEqualTo(unsaid.get());
                seen.add(place.schema());
            }
        }
        assertThat(seen).containsAll(withRule("default"));
    }

    private static List<String> withRule(String keyword) {
        return SchemaFile.nodes("", SchemaFile.ROOT)
                .filter(pointer -> SchemaFile.ROOT.at(pointer).has(keyword))
                .filter(pointer -> !pointer.endsWith("/properties") && !pointer.contains("/anyOf/"))
                .filter(pointer -> !pointer.startsWith("/if/"))
                .toList();
    }

    private static String words(JsonNode list) {
        return String.join(", ", list.valueStream().map(JsonNode::asString).toList());
    }

    private String refusal(Place place) throws Exception {
        try {
            ConfigLoader.load(write(place.file()), ConfigLoaderTest.NOTHING);
            return "";
        } catch (InvalidConfigurationException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private Optional<Configuration> load(JsonNode file) throws Exception {
        try {
            return Optional.of(ConfigLoader.load(write(file), ConfigLoaderTest.NOTHING));
        } catch (InvalidConfigurationException e) {
            return Optional.empty();
        }
    }

    private Path write(JsonNode file) throws Exception {
        return Files.writeString(directory.resolve("keyturn.yaml"), file.toString());
    }

    /** All places under the rule, each in a file of its own. */
    private static List<Place> places(String keyword) {
        List<Place> places = new ArrayList<>();
        for (Path path : GOOD) {
            List<String> pointers = pointers(SchemaFile.read(path), "", "")
                    .filter(pair -> SchemaFile.ROOT.at(pair[1]).has(keyword))
                    .map(pair -> String.join(" ", pair))
                    .toList();
            for (String pair : pointers) {
                String pointer = pair.substring(0, pair.lastIndexOf(' '));
                int slash = pointer.lastIndexOf('/');
                JsonNode file = SchemaFile.read(path);
                ((ObjectNode) file).remove("include");
                String key = pointer.substring(slash + 1).replace("~1", "/");
                places.add(new Place(
                        file, file.at(pointer.substring(0, slash)), key, pair.substring(pair.lastIndexOf(' ') + 1)));
            }
        }
        return places;
    }

    /** Pairs of a pointer into the file and one into the schema. */
    private static Stream<String[]> pointers(JsonNode value, String pointer, String schema) {
        JsonNode rule = SchemaFile.ROOT.at(schema);
        if (rule.has("$ref") && (value.isObject() || value.isArray())) {
            return pointers(value, pointer, rule.get("$ref").asString().substring(1));
        }
        Stream<String[]> self = Stream.<String[]>of(new String[] {pointer, schema});
        if (value.isObject()) {
            return Stream.concat(self, value.propertyStream().flatMap(entry -> {
                boolean named = rule.path("properties").has(entry.getKey());
                return pointers(
                        entry.getValue(),
                        pointer + "/" + entry.getKey().replace("/", "~1"),
                        schema + (named ? "/properties/" + entry.getKey() : "/additionalProperties"));
            }));
        }
        if (value.isArray()) {
            return Stream.concat(
                    self,
                    Stream.iterate(0, i -> i < value.size(), i -> i + 1)
                            .flatMap(i -> pointers(value.get(i), pointer + "/" + i, schema + "/items")));
        }
        return self;
    }
}
