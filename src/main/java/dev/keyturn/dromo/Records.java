package dev.keyturn.dromo;

import dev.keyturn.rotation.Dromo;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the API's objects say, as the heart knows them. */
final class Records {
    private Records() {}

    /** Reads one object of an answer. */
    interface Reader<T> {
        T read(Fields fields) throws MalformedAnswerException;
    }

    /**
     * One page of a list.
     *
     * @param next where the next one is, as Dromo says; empty on the last
     */
    record Page<T>(List<T> results, Optional<String> next) {}

    static Dromo.StoredCredential credential(Fields fields) throws MalformedAnswerException {
        return new Dromo.StoredCredential(
                fields.line("id"),
                fields.line("hostname"),
                fields.port("port"),
                fields.line("user"),
                authType(fields),
                fingerprint(fields));
    }

    private static AuthType authType(Fields fields) throws MalformedAnswerException {
        return switch (fields.line("auth_type")) {
            case "KEY" -> AuthType.KEY;
            case "PASSWORD" -> AuthType.PASSWORD;
            default -> throw fields.wrong("auth_type", "is neither KEY nor PASSWORD");
        };
    }

    private static Optional<Fingerprint> fingerprint(Fields fields) throws MalformedAnswerException {
        Optional<String> text = fields.optionalText("key_fingerprint").filter(t -> !t.isEmpty());
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Fingerprint(text.get()));
        } catch (IllegalArgumentException e) {
            throw fields.wrong("key_fingerprint", "isn't SHA256: and the base64 of a SHA-256");
        }
    }

    /** @param clean makes Dromo's words fit for a message; they may quote what it logged in with */
    static Dromo.TestResult test(Fields fields, UnaryOperator<String> clean) throws MalformedAnswerException {
        boolean success = fields.flag("success");
        Optional<String> error = fields.optionalText("error").map(clean).filter(words -> !words.isEmpty());
        return new Dromo.TestResult(success, success ? Optional.empty() : error);
    }

    static Dromo.Connector connector(Fields fields) throws MalformedAnswerException {
        return new Dromo.Connector(
                fields.line("id"),
                fields.line("credentials"),
                fields.line("directory"),
                schedule(fields.raw("schedule")));
    }

    /** {@code every_n_minutes 15}, and likewise for whatever else Dromo may send. */
    private static String schedule(@Nullable Object schedule) {
        if (!(schedule instanceof Map<?, ?> parts)) {
            return schedule == null ? "" : Words.clean(schedule.toString());
        }
        List<String> words = new ArrayList<>();
        Object type = parts.get("type");
        if (type != null) {
            words.add(type.toString());
        }
        parts.forEach((name, value) -> {
            if (!name.equals("type")) {
                words.add(name.equals("minutes") ? "" + value : name + "=" + value);
            }
        });
        return Words.clean(String.join(" ", words));
    }

    /** A page, or all there is where Dromo doesn't page and answers with a bare list. */
    static <T> Page<T> page(@Nullable Object answer, Reader<T> reader) throws MalformedAnswerException {
        if (answer instanceof List<?> all) {
            return new Page<>(elements(all, "", reader), Optional.empty());
        }
        Fields fields = Fields.of(answer, "");
        if (!(fields.raw("results") instanceof List<?> results)) {
            throw fields.wrong("results", "isn't a list");
        }
        return new Page<>(elements(results, "results", reader), fields.optionalText("next"));
    }

    private static <T> List<T> elements(List<?> values, String path, Reader<T> reader) throws MalformedAnswerException {
        List<T> elements = new ArrayList<>();
        for (Object value : values) {
            elements.add(reader.read(Fields.of(value, path + "[" + elements.size() + "]")));
        }
        return elements;
    }
}
