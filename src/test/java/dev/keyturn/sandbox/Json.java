package dev.keyturn.sandbox;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** JSON as maps, lists, strings, numbers, booleans and null. */
final class Json {
    private static final JsonMapper MAPPER = new JsonMapper();

    private Json() {}

    static String print(@Nullable Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** @throws IllegalArgumentException where {@code text} is no JSON */
    static @Nullable Object parse(String text) {
        try {
            return MAPPER.readValue(text, Object.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }
}
