package dev.keyturn.dromo;

import dev.keyturn.rotation.Printable;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An object of an answer. Fields that nobody asks for are left alone: Dromo may add some. */
final class Fields {
    private static final int LONGEST_TEXT = 4096;

    private final Map<?, ?> fields;
    private final String path;

    private Fields(Map<?, ?> fields, String path) {
        this.fields = fields;
        this.path = path;
    }

    /** @param path where the object stands in the answer, e.g. {@code results[3]}; empty at its top */
    static Fields of(@Nullable Object value, String path) throws MalformedAnswerException {
        if (value instanceof Map<?, ?> fields) {
            return new Fields(fields, path);
        }
        throw new MalformedAnswerException((path.isEmpty() ? "the answer" : path) + " isn't a JSON object");
    }

    @Nullable
    Object raw(String name) {
        return fields.get(name);
    }

    String text(String name) throws MalformedAnswerException {
        String text = optionalText(name).orElseThrow(() -> wrong(name, "is missing"));
        if (text.isEmpty()) {
            throw wrong(name, "is empty");
        }
        return text;
    }

    /** Empty where the field is missing or null. */
    Optional<String> optionalText(String name) throws MalformedAnswerException {
        Object value = fields.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof String text)) {
            throw wrong(name, "isn't a text");
        }
        if (text.length() > LONGEST_TEXT) {
            throw wrong(name, "is longer than " + LONGEST_TEXT + " characters");
        }
        return Optional.of(text);
    }

    /** A text that will stand in messages and records as it is. */
    String line(String name) throws MalformedAnswerException {
        String text = text(name);
        if (!text.codePoints().allMatch(Printable::isShown)) {
            throw wrong(name, "holds characters that can't be shown");
        }
        return text;
    }

    int port(String name) throws MalformedAnswerException {
        Object value = fields.get(name);
        if (value == null) {
            throw wrong(name, "is missing");
        }
        // A number beyond a long, as a BigInteger, is none either; its low bits could be one.
        boolean whole = value instanceof Integer || value instanceof Long;
        long port = whole ? ((Number) value).longValue() : 0;
        if (port < 1 || port > 65535) {
            throw wrong(name, "isn't a whole number from 1 to 65535");
        }
        return (int) port;
    }

    boolean flag(String name) throws MalformedAnswerException {
        Object value = fields.get(name);
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, value == null ? "is missing" : "isn't true or false");
    }

    MalformedAnswerException wrong(String name, String what) {
        return new MalformedAnswerException((path.isEmpty() ? name : path + "." + name) + " " + what);
    }
}
