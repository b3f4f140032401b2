package dev.keyturn.audit;

import dev.keyturn.rotation.Actor;
import dev.keyturn.rotation.AuditEvent;
import dev.keyturn.rotation.RotationId;
import dev.keyturn.secret.Fingerprint;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Turns events into lines. What the event says is rendered by its own thread ({@link #facts}); sequence, time and chain
 * are put around it when its turn comes ({@link #line}).
 */
final class RecordFormat {
    static final int VERSION = 1;
    static final List<String> FIELDS = List.of(
            "v",
            "seq",
            "ts",
            "node",
            "event",
            "phase",
            "rotation",
            "credential",
            "actor",
            "target",
            "outcome",
            "error",
            "fingerprint",
            "previous_fingerprint",
            "detail",
            "config",
            "prev");
    /** The longest line, in bytes: what a reader has to be able to hold. */
    static final int LONGEST_LINE = 1 << 20;

    private static final int ROOM_FOR_CHAIN = 256;
    private static final DateTimeFormatter MICROSECONDS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final JsonFactory JSON = new JsonFactory();

    private final String node;

    RecordFormat(String node) {
        this.node = node;
    }

    /**
     * The fields from {@code node} to {@code config}.
     *
     * @throws IllegalArgumentException where the detail holds what JSON has no type for, or the line gets too long
     */
    byte[] facts(AuditEvent event, Optional<String> config) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            text(json, "node", node);
            text(json, "event", event.event());
            text(json, "phase", event.phase().map(RecordFormat::word).orElse(null));
            text(json, "rotation", event.rotation().map(RotationId::text).orElse(null));
            text(json, "credential", event.credential().orElse(null));
            json.writeName("actor");
            actor(json, event.actor());
            text(json, "target", event.target().orElse(null));
            text(json, "outcome", event.outcome().map(RecordFormat::word).orElse(null));
            text(json, "error", event.error().orElse(null));
            text(json, "fingerprint", event.fingerprint().map(Fingerprint::text).orElse(null));
            text(
                    json,
                    "previous_fingerprint",
                    event.previousFingerprint().map(Fingerprint::text).orElse(null));
            json.writeName("detail");
            value(json, event.detail().isEmpty() ? null : event.detail());
            text(json, "config", config.orElse(null));
            json.writeEndObject();
        }
        if (out.size() > LONGEST_LINE - ROOM_FOR_CHAIN) {
            throw new IllegalArgumentException("an audit record of " + out.size() + " bytes is too long");
        }
        return out.toByteArray();
    }

    /** The whole line, without a line feed. */
    static byte[] line(ChainEnd after, Instant at, byte[] facts) {
        byte[] head = ("{\"v\":" + VERSION + ",\"seq\":" + (after.seq() + 1) + ",\"ts\":\"" + MICROSECONDS.format(at)
                        + "\",")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] tail = (",\"prev\":\"" + after.hash() + "\"}").getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream(head.length + facts.length + tail.length);
        out.write(head, 0, head.length);
        // The facts' own braces make place for the fields around them.
        out.write(facts, 1, facts.length - 2);
        out.write(tail, 0, tail.length);
        return out.toByteArray();
    }

    private static void actor(JsonGenerator json, Optional<Actor> actor) {
        if (actor.isEmpty()) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        text(json, "kind", word(actor.get().kind()));
        json.writeName("uid");
        value(json, actor.get().uid().orElse(null));
        text(json, "name", actor.get().name().orElse(null));
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String name, @Nullable String value) {
        json.writeName(name);
        value(json, value);
    }

    private static void value(JsonGenerator json, @Nullable Object value) {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof String text) {
            json.writeString(wellFormed(text));
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Integer || value instanceof Long) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof Double number && Double.isFinite(number)) {
            json.writeNumber(number);
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            list.forEach(element -> value(json, element));
            json.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            map.forEach((key, element) -> {
                json.writeName(wellFormed(String.valueOf(key)));
                value(json, element);
            });
            json.writeEndObject();
        } else {
            throw new IllegalArgumentException(
                    "an audit record's detail takes no " + value.getClass().getName());
        }
    }

    /** Half a surrogate pair, from a remote side's message, must not keep a record from being written. */
    private static String wellFormed(String text) {
        return text.chars().anyMatch(c -> Character.isSurrogate((char) c))
                ? new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
                : text;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
