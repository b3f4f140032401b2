package dev.keyturn.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * The YAML engine's errors in our own words. Its own text quotes the file (the name of an unknown alias, a snippet of the
 * line), and what stands there can be a password that begins with {@code *}.
 */
final class YamlSyntax {
    static final String EXAMPLE = "for example two spaces of indentation for each level, and KEY: VALUE";

    // What this package refuses beyond the engine.
    static final String TOO_DEEP = "nesting";
    static final String CIRCLE = "circle";
    static final String TOO_MUCH = "expansion";

    private static final Map<String, String> EXPLANATIONS = new LinkedHashMap<>();

    static {
        EXPLANATIONS.put(TOO_DEEP, "nested too deeply");
        EXPLANATIONS.put(CIRCLE, "an alias inside its own anchor");
        EXPLANATIONS.put(TOO_MUCH, "aliases that expand to too much");
        EXPLANATIONS.put("(TAB)", "a tab can't indent; use spaces");
        EXPLANATIONS.put("but found another document", "a second document (---); only one is read");
        EXPLANATIONS.put("found undefined alias", "an alias (*NAME) without an anchor (&NAME) above it");
        EXPLANATIONS.put("found undefined tag handle", "a tag (!...), which is never needed here");
        EXPLANATIONS.put(
                "mapping values are not allowed here",
                "a ':' that doesn't fit here: indented too far, or a quote is missing");
        EXPLANATIONS.put("sequence entries are not allowed here", "a '-' that doesn't fit here");
        EXPLANATIONS.put("could not find expected ':'", "a key without its ':'");
        EXPLANATIONS.put("expected <block end>", "the indentation or the quotes don't fit what stands above");
        EXPLANATIONS.put("found unexpected end of stream", "a quote that is never closed");
        EXPLANATIONS.put("found unexpected document separator", "a quote that is never closed");
        EXPLANATIONS.put(
                "that cannot start any token", "a character that can't start a value; put the value in quotes");
        EXPLANATIONS.put("unexpected character found", "a value that begins with * or &; put it in quotes");
        EXPLANATIONS.put("found unknown escape character", "an unknown escape sequence after \\; use single quotes");
        EXPLANATIONS.put("expected ',' or ']'", "a list in [ ] that is never closed, or lacks a comma");
        EXPLANATIONS.put("expected ',' or '}'", "a mapping in { } that is never closed, or lacks a comma");
        EXPLANATIONS.put("expected the node content", "a value is missing here");
    }

    private YamlSyntax() {}

    static String explain(MarkedYamlEngineException e) {
        String problem = String.valueOf(e.getProblem());
        return EXPLANATIONS.entrySet().stream()
                .filter(entry -> problem.contains(entry.getKey()))
                .map(entry -> "not valid YAML: " + entry.getValue())
                .findFirst()
                .orElse("not valid YAML");
    }
}
