package dev.keyturn.config;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code config/keyturn.schema.json} in the hands of a validator that shares no code with the loader, as an editor has it. */
final class SchemaFile {
    static final Path FILE = Path.of("config/keyturn.schema.json");
    static final JsonNode ROOT = JsonMapper.shared().readTree(FILE.toFile());

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemas(Map.of(ROOT.get("$id").asString(), ROOT.toString()))
                    .schemaRegistryConfig(SchemaRegistryConfig.builder()
                            .regularExpressionFactory(asEditorsReadThem())
                            .build()));
    private static final Schema SCHEMA = at("");

    private SchemaFile() {}

    /** What the schema has against a file; empty where it accepts it. */
    static List<String> problems(JsonNode file) {
        return SCHEMA.validate(file).stream().map(Error::toString).toList();
    }

    /** What a part of the schema has against a value. */
    static List<String> problems(String pointer, JsonNode value) {
        return at(pointer).validate(value).stream().map(Error::toString).toList();
    }

    private static Schema at(String pointer) {
        return REGISTRY.getSchema(SchemaLocation.of(ROOT.get("$id").asString() + "#" + pointer));
    }

    /** In ECMAScript {@code $} is the end alone; to Java a line feed before the end is one too. */
    private static RegularExpressionFactory asEditorsReadThem() {
        return expression -> {
            Pattern pattern = Pattern.compile(expression.replaceAll("\\$(?=$|\\||\\))", "\\\\z"));
            return value -> pattern.matcher(value).find();
        };
    }

    static JsonNode read(Path file) {
        try {
            return json(Files.readAllBytes(file)).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file by YAML's core schema, as editors read it; empty where it is not one document of what JSON has too. */
    static Optional<JsonNode> json(byte[] yaml) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setAllowDuplicateKeys(true)
                .build();
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(yaml))
                    .toString()
                    .replaceFirst("^\uFEFF", "");
            return Optional.of(json(new Load(settings).loadFromString(text), 0));
        } catch (CharacterCodingException | YamlEngineException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static JsonNode json(Object value, int depth) {
        if (depth > 60) {
            throw new IllegalArgumentException("too deep, or a circle");
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode object = JSON.objectNode();
            map.forEach((key, its) -> object.set(String.valueOf(key), json(its, depth + 1)));
            return object;
        }
        if (value instanceof Collection<?> items) {
            ArrayNode array = JSON.arrayNode();
            items.forEach(item -> array.add(json(item, depth + 1)));
            return array;
        }
        return scalar(value);
    }

    private static JsonNode scalar(Object value) {
        if (value == null) {
            return JSON.nullNode();
        }
        if (value instanceof String text) {
            return JSON.stringNode(text);
        }
        if (value instanceof Boolean flag) {
            return JSON.booleanNode(flag);
        }
        if (value instanceof Integer || value instanceof Long) {
            return JSON.numberNode(((Number) value).longValue());
        }
        if (value instanceof BigInteger number) {
            return JSON.numberNode(number);
        }
        if (value instanceof Double number) {
            return JSON.numberNode(number);
        }
        throw new IllegalArgumentException("JSON has no " + value.getClass());
    }

    /** Each closed section of the schema, by its JSON pointer. */
    static Stream<String> sections() {
        return nodes("", ROOT)
                .filter(pointer -> ROOT.at(pointer).has("properties")
                        && ROOT.at(pointer).path("type").asString("").equals("object"));
    }

    /** JSON pointers to all that the schema says of a value; not to what it shows of one, as an example. */
    static Stream<String> nodes(String pointer, JsonNode node) {
        Stream<String> below = node.isObject()
                ? node.propertyStream()
                        .filter(entry ->
                                !List.of("examples", "default", "enum", "const").contains(entry.getKey())
                                        || pointer.endsWith("/properties"))
                        .flatMap(entry -> nodes(pointer + "/" + entry.getKey(), entry.getValue()))
                : Stream.empty();
        if (node.isArray()) {
            below = Stream.iterate(0, i -> i < node.size(), i -> i + 1)
                    .flatMap(i -> nodes(pointer + "/" + i, node.get(i)));
        }
        return node.isObject() ? Stream.concat(Stream.of(pointer), below) : below;
    }
}
