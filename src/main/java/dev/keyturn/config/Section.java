package dev.keyturn.config;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** A mapping with a fixed set of keys, whose unknown and duplicate ones were already noted as problems. */
final class Section {
    private final Value self;
    private final Keys keys;
    private final Map<String, Value> entries;

    Section(Value self, Keys keys, Map<String, Value> entries) {
        this.self = self;
        this.keys = keys;
        this.entries = entries;
    }

    /** The key's value; empty where the key is left out. */
    Optional<Value> value(String key) {
        String example = keys.example(key);
        @Nullable Value value = entries.get(key);
        if (value != null && value.isEmpty()) {
            value.rejectKey("has no value", example);
            return Optional.empty();
        }
        return Optional.ofNullable(value);
    }

    /** The key's value; a problem where the key is left out. */
    Optional<Value> required(String key) {
        if (!entries.containsKey(key)) {
            self.rejectKey("'" + key + "' is missing", keys.example(key));
        }
        return value(key);
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    /** Whether one of the unknown keys, which are problems already, was probably meant to be this one. */
    boolean misspells(String key) {
        return self.tuples().stream()
                .map(NodeTuple::getKeyNode)
                .filter(ScalarNode.class::isInstance)
                .map(written -> ((ScalarNode) written).getValue())
                .filter(written -> !keys.contains(written))
                .anyMatch(written -> NearMiss.of(written, keys.names()).equals(Optional.of(key)));
    }

    /** Notes a problem with the key where it stands there. */
    void forbid(String key, String why, String acceptedInstead) {
        Optional.ofNullable(entries.get(key)).ifPresent(value -> value.rejectKey(why, acceptedInstead));
    }

    void reject(String what, String acceptedInstead) {
        self.rejectKey(what, acceptedInstead);
    }
}
