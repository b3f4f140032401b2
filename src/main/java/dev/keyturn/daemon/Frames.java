package dev.keyturn.daemon;

import dev.keyturn.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The protocol of the control socket: JSON Lines in UTF-8. The client sends one line, the daemon {@link Frame}s. What names
 * the protocol and the version stays readable for every later version, so that a daemon from before an upgrade can be told
 * from garbage.
 *
 * <p>A command that takes a secret gets it in a second line of the client's, in base64, and only once the daemon has
 * accepted the command: no other one sees it.
 */
final class Frames {
    static final int PROTOCOL = 1;

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Frames() {}

    static byte[] line(Request request) {
        ObjectNode node = greeting(request.version());
        node.put("uid", request.uid());
        ArrayNode words = node.putArray("words");
        request.words().forEach(words::add);
        request.state().ifPresent(state -> node.put("state", state));
        node.put("configuration", request.configuration());
        request.hash().ifPresent(hash -> node.put("hash", hash));
        node.put("zone", request.zone());
        node.put("terminal", request.terminal());
        node.put("coloured", request.coloured());
        return bytes(node);
    }

    static byte[] line(Frame frame) {
        if (frame instanceof Frame.Accepted accepted) {
            return bytes(greeting(accepted.version()));
        }
        if (frame instanceof Frame.Refused refused) {
            return bytes(greeting(refused.version())
                    .put("refused", refused.why().label())
                    .put("message", refused.message()));
        }
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (frame instanceof Frame.Out out) {
            node.put("out", out.text());
        } else if (frame instanceof Frame.Err err) {
            node.put("err", err.text());
        } else if (frame instanceof Frame.Exit exit) {
            node.put("exit", exit.status());
        }
        return bytes(node);
    }

    /** The caller wipes it. */
    static byte[] line(Secret secret) {
        byte[] line = new byte[4 * ((secret.length() + 2) / 3) + 1];
        Base64.getEncoder().encode(secret.expose(), line);
        line[line.length - 1] = '\n';
        return line;
    }

    /** Wipes the line. */
    static Secret secret(byte[] line) throws MalformedFrameException {
        try {
            return Secret.takeOver(Base64.getDecoder().decode(line));
        } catch (IllegalArgumentException e) {
            // Its message repeats what it read.
            throw new MalformedFrameException("no base64");
        } finally {
            Arrays.fill(line, (byte) 0);
        }
    }

    /** The version of who sent this, whatever else it says; empty where it speaks this protocol. */
    static Optional<String> speaksOtherwise(byte[] line) throws MalformedFrameException {
        JsonNode node = object(line);
        return whole(node, "protocol") == PROTOCOL ? Optional.empty() : Optional.of(text(node, "version"));
    }

    static Request request(byte[] line) throws MalformedFrameException {
        JsonNode node = object(line);
        List<String> words = new ArrayList<>();
        JsonNode array = node.path("words");
        for (JsonNode word : array) {
            if (!word.isString()) {
                throw missing("words");
            }
            words.add(word.stringValue());
        }
        if (words.isEmpty()) {
            throw missing("words");
        }
        return new Request(
                text(node, "version"),
                whole(node, "uid"),
                words,
                optional(node, "state"),
                text(node, "configuration"),
                optional(node, "hash"),
                text(node, "zone"),
                node.path("terminal").booleanValue(false),
                node.path("coloured").booleanValue(false));
    }

    static Frame frame(byte[] line) throws MalformedFrameException {
        JsonNode node = object(line);
        if (node.has("out")) {
            return new Frame.Out(text(node, "out"));
        }
        if (node.has("err")) {
            return new Frame.Err(text(node, "err"));
        }
        if (node.has("exit")) {
            return new Frame.Exit((int) whole(node, "exit"));
        }
        if (node.has("refused")) {
            return new Frame.Refused(
                    text(node, "version"), Refusal.labelled(text(node, "refused")), text(node, "message"));
        }
        return new Frame.Accepted(text(node, "version"));
    }

    private static ObjectNode greeting(String version) {
        return JsonNodeFactory.instance.objectNode().put("protocol", PROTOCOL).put("version", version);
    }

    private static byte[] bytes(ObjectNode node) {
        return (MAPPER.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode object(byte[] line) throws MalformedFrameException {
        try {
            JsonNode node = MAPPER.readTree(line);
            if (node.isObject()) {
                return node;
            }
        } catch (JacksonException e) {
            // Its message repeats what it read.
        }
        throw new MalformedFrameException("not a JSON object");
    }

    private static String text(JsonNode node, String name) throws MalformedFrameException {
        JsonNode value = node.path(name);
        if (!value.isString()) {
            throw missing(name);
        }
        return value.stringValue();
    }

    private static Optional<String> optional(JsonNode node, String name) throws MalformedFrameException {
        return node.has(name) ? Optional.of(text(node, name)) : Optional.empty();
    }

    private static long whole(JsonNode node, String name) throws MalformedFrameException {
        JsonNode value = node.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw missing(name);
        }
        return value.longValue();
    }

    private static MalformedFrameException missing(String name) {
        return new MalformedFrameException("'" + name + "' is missing or of another type");
    }
}
