package dev.keyturn.endtoend;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What came of a command that has ended.
 *
 * @param words the command without the program and {@code --config}
 * @param status its exit status; 128 + N where signal N ended it
 * @param out all of its standard output
 * @param err all of its standard error
 */
record Ran(List<String> words, int status, String out, String err) {

    private static final JsonMapper MAPPER = new JsonMapper();

    /** All of the standard output as one JSON value. */
    JsonNode json() {
        return MAPPER.readTree(out);
    }

    /** Each line of the standard output as one JSON value. */
    List<JsonNode> jsonLines() {
        return out.lines().map(MAPPER::readTree).toList();
    }

    /** The line, or the array's element, that is about one credential. */
    JsonNode jsonOf(String credential) {
        List<JsonNode> all = out.startsWith("[") ? List.copyOf(json().values()) : jsonLines();
        return all.stream()
                .filter(node -> node.path("credential").asString().equals(credential))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing about " + credential + " in " + this));
    }

    @Override
    public String toString() {
        return words + " ended with " + status + "\n--- stdout\n" + out + "--- stderr\n" + err;
    }
}
