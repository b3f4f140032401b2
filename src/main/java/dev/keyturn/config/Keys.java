package dev.keyturn.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys one section of the configuration takes, each with an example that messages show. */
final class Keys {
    private final Map<String, String> examples;
    private final Set<String> later;

    private Keys(Map<String, String> examples, Set<String> later) {
        this.examples = examples;
        this.later = later;
    }

    /** @param keysAndExamples each key, followed by an accepted value in YAML */
    static Keys of(String... keysAndExamples) {
        Map<String, String> examples = new LinkedHashMap<>();
        for (int i = 0; i < keysAndExamples.length; i += 2) {
            examples.put(keysAndExamples[i], "for example " + keysAndExamples[i] + ": " + keysAndExamples[i + 1]);
        }
        return new Keys(examples, Set.of());
    }

    /** These keys too, which are part of the format but do nothing in this version, so they are refused. */
    Keys withLater(String... keys) {
        return new Keys(examples, Set.of(keys));
    }

    boolean contains(String key) {
        return examples.containsKey(key);
    }

    boolean isLater(String key) {
        return later.contains(key);
    }

    Set<String> names() {
        return examples.keySet();
    }

    /** {@code for example KEY: VALUE}. */
    String example(String key) {
        @Nullable String example = examples.get(key);
        if (example == null) {
            throw new IllegalArgumentException("this section has no key " + key);
        }
        return example;
    }

    /** {@code the keys here are a, b, c}. */
    String list() {
        return "the keys here are " + String.join(", ", examples.keySet());
    }
}
