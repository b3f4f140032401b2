package dev.keyturn.config;

import dev.keyturn.policy.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A value of the file, with its place. Each accessor gives the value as what it should be, or notes what is wrong with it
 * and gives nothing: readers go on with a default, and loading fails in the end with everything that was noted.
 */
final class Value {
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,8})");
    private static final Pattern LEADING_ZEROS = Pattern.compile("-?0[0-9]+");
    private static final int LONGEST_KEY = 64;

    private final Node node;
    private final Mark keyMark;
    private final @Nullable Value parent;
    private final String name;
    private final String example;
    private final Problems problems;

    private Value(Node node, Mark keyMark, @Nullable Value parent, String name, String example, Problems problems) {
        this.node = node;
        this.keyMark = keyMark;
        this.parent = parent;
        this.name = name;
        this.example = example;
        this.problems = problems;
    }

    static Value root(Node node, String example, Problems problems) {
        return new Value(node, mark(node), null, "", example, problems);
    }

    /** Put together only when a problem needs it: a fleet has hundreds of thousands of values and no problem. */
    private String path() {
        String shown = name.length() > LONGEST_KEY ? name.substring(0, LONGEST_KEY) + "..." : name;
        String before = parent == null ? "" : parent.path();
        return before.isEmpty() || shown.startsWith("[") ? before + shown : before + "." + shown;
    }

    /** The same value with another example, for a key that takes different things in different places. */
    Value withExample(String betterExample) {
        return new Value(node, keyMark, parent, name, betterExample, problems);
    }

    /** Where its key stands. */
    Place place() {
        return new Place(problems, keyMark.getLine() + 1, keyMark.getColumn() + 1);
    }

    /** Its key. */
    String name() {
        return name;
    }

    void reject(String what) {
        reject(what, example);
    }

    void reject(String what, String acceptedInstead) {
        problems.add(mark(node), path(), what, acceptedInstead);
    }

    /** For what concerns the whole of a section: points at its key. */
    void rejectKey(String what, String acceptedInstead) {
        problems.add(keyMark, path(), what, acceptedInstead);
    }

    /** Text that isn't empty. */
    Optional<String> text() {
        if (!(node instanceof ScalarNode scalar) || isTagged()) {
            reject("must be text, but " + description());
            return Optional.empty();
        }
        if (scalar.isPlain() && PlainScalar.of(scalar.getValue()) != PlainScalar.TEXT) {
            reject("must be text, but " + description() + (isEmpty() ? "" : "; put it in quotes"));
            return Optional.empty();
        }
        if (scalar.getValue().isBlank()) {
            reject("must not be empty");
            return Optional.empty();
        }
        return Optional.of(scalar.getValue());
    }

    /** Text that {@code parser} understands; the message of its IllegalArgumentException says why not. */
    <T> Optional<T> parsed(Function<String, T> parser) {
        return text().flatMap(text -> {
            try {
                return Optional.of(parser.apply(text));
            } catch (IllegalArgumentException e) {
                reject(String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        });
    }

    /** One of a few words. */
    Optional<String> oneOf(List<String> accepted) {
        return text().flatMap(text -> {
            if (!accepted.contains(text)) {
                reject(
                        Problems.quote(text) + " is not known here" + NearMiss.hint(text, accepted),
                        "accepted: " + String.join(", ", accepted));
                return Optional.empty();
            }
            return Optional.of(text);
        });
    }

    /** A whole number in decimal digits. */
    Optional<Integer> wholeNumber(int least, int most) {
        if (!(node instanceof ScalarNode scalar) || isTagged() || !scalar.isPlain()) {
            reject("must be a whole number, but " + description() + (isText() ? "; write it without quotes" : ""));
            return Optional.empty();
        }
        String digits = scalar.getValue();
        if (!WHOLE.matcher(digits).matches()) {
            // 010 is eight to some programs and ten to others, so it is neither here.
            reject(
                    LEADING_ZEROS.matcher(digits).matches()
                            ? "must be a whole number without leading zeros"
                            : "must be a whole number from " + least + " to " + most + ", but is " + echo(digits));
            return Optional.empty();
        }
        int number = Integer.parseInt(digits);
        if (number < least || number > most) {
            reject(number + " is outside " + least + " to " + most);
            return Optional.empty();
        }
        return Optional.of(number);
    }

    /** {@code true} or {@code false}. */
    Optional<Boolean> flag() {
        if (node instanceof ScalarNode scalar
                && !isTagged()
                && scalar.isPlain()
                && PlainScalar.of(scalar.getValue()) == PlainScalar.FLAG) {
            return Optional.of(Boolean.valueOf(scalar.getValue()));
        }
        reject("must be true or false, but " + description());
        return Optional.empty();
    }

    Optional<Duration> duration(Duration least, Duration most) {
        if (node instanceof ScalarNode scalar
                && scalar.isPlain()
                && PlainScalar.of(scalar.getValue()) == PlainScalar.NUMBER) {
            reject("must be a duration, but is a number without a unit");
            return Optional.empty();
        }
        return parsed(Durations::parse).flatMap(duration -> {
            if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                reject(Durations.print(duration) + " is outside "
                        + Durations.print(least) + " to "
                        + Durations.print(most));
                return Optional.empty();
            }
            return Optional.of(duration);
        });
    }

    /** The elements of a list; none where it is no list or an empty one, which is a problem too. */
    List<Value> items() {
        if (!(node instanceof SequenceNode sequence) || isTagged()) {
            reject("must be a list, but " + description());
            return List.of();
        }
        if (sequence.getValue().isEmpty()) {
            reject("must not be empty");
        }
        List<Value> items = new ArrayList<>(sequence.getValue().size());
        for (Node item : sequence.getValue()) {
            items.add(new Value(item, mark(item), this, "[" + items.size() + "]", example, problems));
        }
        return items;
    }

    /** A list of texts, none of them empty. */
    List<String> texts() {
        return items().stream().map(Value::text).flatMap(Optional::stream).toList();
    }

    /** A mapping with exactly these keys allowed in it; others are noted as problems. */
    Optional<Section> section(Keys keys) {
        return mapping().map(mapping -> new Section(this, keys, entries(mapping, keys)));
    }

    /** The entries of a mapping whose keys are the operator's own names, in order; problems where a name is unfit. */
    Map<String, Value> named(Pattern names, String rule) {
        Map<String, Value> entries =
                mapping().map(mapping -> entries(mapping, null)).orElse(Map.of());
        entries.values().forEach(value -> value.requireName(names, rule));
        return entries;
    }

    /** Notes a problem where its key is unfit for a name. */
    void requireName(Pattern names, String rule) {
        if (!names.matcher(name).matches()) {
            rejectKey(rule, example);
        }
    }

    /** An entry of a mapping whose keys are the operator's own names; empty, with the problem noted, where it has none. */
    Optional<Value> named(NodeTuple tuple) {
        Value value = entry(tuple, null);
        return Optional.ofNullable(value.keyText(tuple.getKeyNode())).map(key -> value);
    }

    /** The entries of a mapping as they stand there; none, with the problem noted, where it is none. */
    List<NodeTuple> tuples() {
        return mapping().map(MappingNode::getValue).orElse(List.of());
    }

    /** What stands under a key of a mapping, for a look before the mapping is read; notes no problem. */
    Optional<Value> look(String key) {
        return look(key, null);
    }

    Optional<Value> look(String key, @Nullable Keys keys) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode scalar
                        && scalar.getValue().equals(key)) {
                    return Optional.of(entry(tuple, keys));
                }
            }
        }
        return Optional.empty();
    }

    /** How many letters stand in it, keys left out. */
    long letters() {
        return letters(node);
    }

    private static long letters(Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue().length();
        }
        long letters = 0;
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                letters += letters(tuple.getValueNode());
            }
        } else if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                letters += letters(item);
            }
        }
        return letters;
    }

    /** What is no mapping and no list, for a look before it is read. */
    Optional<String> scalar() {
        return node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    /** Text, whatever it holds. */
    boolean isText() {
        return node instanceof ScalarNode scalar
                && (!scalar.isPlain() || PlainScalar.of(scalar.getValue()) == PlainScalar.TEXT);
    }

    /** Whether the key stands there with nothing behind it. */
    boolean isEmpty() {
        return node instanceof ScalarNode scalar
                && !isTagged()
                && scalar.isPlain()
                && PlainScalar.of(scalar.getValue()) == PlainScalar.EMPTY;
    }

    /** The keys of a mapping, for a look before it is read; empty where it is none. */
    List<String> keys() {
        return node instanceof MappingNode mapping
                ? mapping.getValue().stream()
                        .map(NodeTuple::getKeyNode)
                        .map(key -> key instanceof ScalarNode scalar ? scalar.getValue() : "")
                        .toList()
                : List.of();
    }

    private Optional<MappingNode> mapping() {
        if (node instanceof MappingNode mapping && !isTagged()) {
            return Optional.of(mapping);
        }
        reject("must be a mapping of keys to values, but " + description());
        return Optional.empty();
    }

    private Map<String, Value> entries(MappingNode mapping, @Nullable Keys keys) {
        Map<String, Value> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Value value = entry(tuple, keys);
            String key = value.keyText(tuple.getKeyNode());
            if (key == null) {
                continue;
            }
            Value first = entries.get(key);
            if (first != null) {
                value.rejectDuplicate(first.place());
            } else if (keys == null || keys.contains(key)) {
                entries.put(key, value);
            } else {
                value.rejectUnknown(key, keys);
            }
        }
        return entries;
    }

    Value entry(NodeTuple tuple, @Nullable Keys keys) {
        Node keyNode = tuple.getKeyNode();
        String key = keyNode instanceof ScalarNode scalar ? scalar.getValue() : "?";
        String itsExample = keys != null && keys.contains(key) ? keys.example(key) : example;
        return new Value(tuple.getValueNode(), mark(keyNode), this, key, itsExample, problems);
    }

    private @Nullable String keyText(Node keyNode) {
        if (keyNode instanceof ScalarNode scalar && keyNode.getTag().equals(Tag.STR)) {
            if (!scalar.isPlain() || PlainScalar.of(scalar.getValue()) == PlainScalar.TEXT) {
                return scalar.getValue();
            }
            rejectKey("the key must be text; put it in quotes", example);
            return null;
        }
        rejectKey("the key must be text", example);
        return null;
    }

    void rejectDuplicate(Place first) {
        rejectKey(
                "duplicate key, the first stands in line " + first.line() + ", column " + first.column(),
                "each key once");
    }

    private void rejectUnknown(String key, Keys keys) {
        if (keys.isLater(key)) {
            rejectKey("not supported by this version yet, and a key that does nothing is an error", keys.list());
        } else if (key.equals("<<")) {
            rejectKey("merge keys are not part of YAML 1.2; use an alias for a whole value", keys.list());
        } else {
            rejectKey(
                    "unknown key" + NearMiss.hint(key, keys.names()),
                    NearMiss.of(key, keys.names()).map(keys::example).orElseGet(keys::list));
        }
    }

    /** Tags name types of a program; every type here follows from its place. */
    private boolean isTagged() {
        if (node instanceof ScalarNode scalar) {
            // The engine itself tags a value that isn't there as null.
            boolean absent = scalar.isPlain() && scalar.getValue().isEmpty();
            return !node.getTag().equals(absent ? Tag.NULL : Tag.STR);
        }
        return !node.getTag().equals(node instanceof MappingNode ? Tag.MAP : Tag.SEQ);
    }

    /** What it is, to follow "but"; never what it says, since that could be a secret in the wrong place. */
    private String description() {
        if (isTagged()) {
            return "has a tag (!...), which is never needed here";
        }
        if (node instanceof ScalarNode scalar) {
            return scalar.isPlain() ? PlainScalar.of(scalar.getValue()).description() : "is text";
        }
        return node instanceof MappingNode ? "is a mapping" : "is a list";
    }

    private static String echo(String number) {
        return PlainScalar.of(number) == PlainScalar.NUMBER ? Problems.quote(number) : "something else";
    }

    static Mark mark(Node node) {
        return node.getStartMark().orElseThrow();
    }
}
