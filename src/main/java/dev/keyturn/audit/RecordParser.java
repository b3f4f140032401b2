package dev.keyturn.audit;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Reads one line of the log, and takes nothing that the writer would not have written. */
final class RecordParser {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");

    private RecordParser() {}

    /** The line is no record. The message says why, in a few words. */
    static final class NoRecordException extends Exception {
        NoRecordException(String message) {
            super(message);
        }
    }

    /** @param line without its line feed */
    static AuditRecord parse(byte[] line) throws NoRecordException {
        Map<String, @Nullable Object> fields = object(line);
        if (!List.copyOf(fields.keySet()).equals(RecordFormat.FIELDS)) {
            throw new NoRecordException(
                    "its fields are " + fields.keySet() + " instead of " + RecordFormat.FIELDS + " in this order");
        }
        if (!Long.valueOf(RecordFormat.VERSION).equals(fields.get("v"))) {
            throw new NoRecordException("its version is " + fields.get("v") + " instead of " + RecordFormat.VERSION);
        }
        return new AuditRecord(
                sequence(fields),
                time(fields),
                required(fields, "node"),
                required(fields, "event"),
                oneOf(fields, "phase", Set.of("intent", "outcome")),
                text(fields, "rotation"),
                text(fields, "credential"),
                map(fields, "actor"),
                text(fields, "target"),
                oneOf(fields, "outcome", Set.of("success", "failure", "unknown")),
                text(fields, "error"),
                text(fields, "fingerprint"),
                text(fields, "previous_fingerprint"),
                map(fields, "detail"),
                text(fields, "config"),
                hash(fields),
                utf8(line));
    }

    private static String utf8(byte[] line) throws NoRecordException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new NoRecordException("it is no UTF-8");
        }
    }

    private static Map<String, @Nullable Object> object(byte[] line) throws NoRecordException {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new NoRecordException("it is no JSON object");
            }
            Map<String, @Nullable Object> fields = members(json);
            if (json.nextToken() != null) {
                throw new NoRecordException("something follows the JSON object");
            }
            return fields;
        } catch (JacksonException e) {
            throw new NoRecordException("it is no JSON: " + e.getOriginalMessage());
        }
    }

    private static Map<String, @Nullable Object> members(JsonParser json) throws NoRecordException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            members.put(name, value(json));
        }
        return members;
    }

    private static @Nullable Object value(JsonParser json) throws NoRecordException {
        JsonToken token = json.currentToken();
        if (token == null) {
            throw new NoRecordException("it ends too early");
        }
        return switch (token) {
            case START_OBJECT -> members(json);
            case START_ARRAY -> {
                List<@Nullable Object> elements = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(json));
                }
                yield elements;
            }
            case VALUE_STRING -> json.getString();
            case VALUE_NUMBER_INT -> json.getLongValue();
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new NoRecordException("it holds a " + token);
        };
    }

    private static long sequence(Map<String, @Nullable Object> fields) throws NoRecordException {
        if (fields.get("seq") instanceof Long seq && seq > 0) {
            return seq;
        }
        throw new NoRecordException("its seq is no number from 1");
    }

    private static Instant time(Map<String, @Nullable Object> fields) throws NoRecordException {
        String text = required(fields, "ts");
        try {
            if (TIME.matcher(text).matches()) {
                return Instant.parse(text);
            }
        } catch (DateTimeException e) {
            // Told below.
        }
        throw new NoRecordException("its ts '" + text + "' is no time in UTC with microseconds");
    }

    private static String hash(Map<String, @Nullable Object> fields) throws NoRecordException {
        String text = required(fields, "prev");
        if (!HASH.matcher(text).matches()) {
            throw new NoRecordException("its prev is no SHA-256 in lower-case hex");
        }
        return text;
    }

    private static String required(Map<String, @Nullable Object> fields, String name) throws NoRecordException {
        return text(fields, name).orElseThrow(() -> new NoRecordException("it has no " + name));
    }

    private static Optional<String> oneOf(Map<String, @Nullable Object> fields, String name, Set<String> words)
            throws NoRecordException {
        Optional<String> text = text(fields, name);
        if (text.isPresent() && !words.contains(text.get())) {
            throw new NoRecordException("its " + name + " is '" + text.get() + "'");
        }
        return text;
    }

    private static Optional<String> text(Map<String, @Nullable Object> fields, String name) throws NoRecordException {
        Object value = fields.get(name);
        if (value != null && !(value instanceof String)) {
            throw new NoRecordException("its " + name + " is no text");
        }
        return Optional.ofNullable((String) value);
    }

    private static Map<String, Object> map(Map<String, @Nullable Object> fields, String name) throws NoRecordException {
        Object value = fields.get(name);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new NoRecordException("its " + name + " is no object");
        }
        Map<String, Object> members = new LinkedHashMap<>();
        map.forEach((key, member) -> {
            if (member != null) {
                members.put(String.valueOf(key), member);
            }
        });
        return Collections.unmodifiableMap(members);
    }
}
