package dev.keyturn.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A configuration as a tree whose keys and values can be exchanged for others; as text it is YAML in flow style. */
final class MutableTree {
    /** What stands there as it is, be it YAML or not. */
    private static final List<String> STRANGE = List.of(
            "null",
            "~",
            "",
            "true",
            "yes",
            "0",
            "-1",
            "010",
            "0x1F",
            "1e999",
            "-.inf",
            ".nan",
            "1_000",
            "12:30:45",
            "2147483648",
            "99999999999999999999999999",
            "{}",
            "[]",
            "[[]]",
            "{{}: {}}",
            "[a, b]",
            "{a: b}",
            "!!int 1",
            "!!binary aGk=",
            "!mine {a: b}",
            "&x a",
            "*x",
            "*nobody",
            "<<",
            "? a",
            "\"\"",
            "\" \"",
            "\"\\0\"",
            "\"\\n\"",
            "\"\\e[31m\"",
            "\"\\u202e\\u00a0\\ufeff\"",
            "\"\\U0001F511\"",
            "\u00fcml\u00e4ut",
            "\u212b\u0130",
            "\"\\x7f\\x85\"",
            "0s",
            "1m",
            "60d",
            "36500d",
            "99999999d",
            "999999999d999999999h",
            "1d1d",
            "PT0.5S",
            "PT-1H",
            "PT1H-59M",
            "pt1h",
            "P1D",
            "P99999999999D",
            "PT9999999999999999H",
            "2027-02-29",
            "2027-02-28",
            "+999999999-12-31",
            "-999999999-01-01",
            "2026-12-20T24:00",
            "2026-12-20T23:59:59.999999999",
            "10000-01-01",
            "\"00:00\"",
            "\"24:00\"",
            "\"24:01\"",
            "\"23:59\"",
            "\"* * * * *\"",
            "\"* * * * * ? *\"",
            "\"0 0 29 2 *\"",
            "\"0 0 30 2 *\"",
            "\"0 0 0 ? * 6#5\"",
            "\"0 0 0 LW * ?\"",
            "\"0 22-2 * * *\"",
            "\"59 23 31 12 *\"",
            "\"*/7 */5 * * 1-5\"",
            "\"@daily\"",
            "\"0 0 1 1 ? 2027\"",
            "UTC",
            "GMT+2",
            "Z",
            "Europe/Berlin",
            "https://[",
            "https://a",
            "https://a:0/",
            "http://127.0.0.1:99999",
            "\"http://[::1]:8\"",
            "http://localhost",
            "https://a/?b#c",
            "HTTPS://A/%zz",
            "\"https://ü.example/\"",
            "\"::\"",
            "\":::\"",
            "\"1:2:3:4:5:6:7:8:9\"",
            "\"::ffff:1.2.3.4\"",
            "\"fe80::1%eth0\"",
            "1.2.3.4.5",
            "127.1",
            "a..b",
            "**",
            "\"[a\"",
            "\"{a,\"",
            "../..",
            "/",
            "a@b",
            "a..a@b.c",
            "\"SHA256:====\"",
            "SHA256:",
            "$HOME",
            "-x",
            "none",
            "implicit",
            "rotate",
            "manual",
            "command",
            "chpasswd",
            "passwd",
            "password",
            "ssh_key",
            "lower",
            "skip",
            "sat");

    private interface Change {
        void make();
    }

    private record Entry(String key, MutableTree value) {}

    private String scalar = "";
    private List<Entry> entries = List.of();
    private List<MutableTree> items = List.of();
    private char kind;

    static MutableTree of(byte[] yaml) {
        return new MutableTree(SchemaFile.json(yaml).orElseThrow());
    }

    private MutableTree(JsonNode node) {
        if (node.isObject()) {
            kind = '{';
            entries = node.propertyStream()
                    .map(entry -> new Entry(quote(entry.getKey()), new MutableTree(entry.getValue())))
                    .collect(Collectors.toCollection(ArrayList::new));
        } else if (node.isArray()) {
            kind = '[';
            items = node.valueStream().map(MutableTree::new).collect(Collectors.toCollection(ArrayList::new));
        } else {
            scalar = node.toString();
        }
    }

    private static String quote(String text) {
        return JsonNodeFactory.instance.stringNode(text).toString();
    }

    MutableTree mutate(Random random) {
        int times = 1 + random.nextInt(3);
        for (int i = 0; i < times; i++) {
            List<MutableTree> all = new ArrayList<>();
            collect(all);
            MutableTree one = all.get(random.nextInt(all.size()));
            MutableTree other = all.get(random.nextInt(all.size()));
            List<Change> changes = one.changes(other, random);
            changes.get(random.nextInt(changes.size())).make();
        }
        return this;
    }

    private void collect(List<MutableTree> all) {
        all.add(this);
        entries.forEach(entry -> entry.value().collect(all));
        items.forEach(item -> item.collect(all));
    }

    /** Of a leaf mostly its value, of a mapping or a list mostly what is in it. */
    private List<Change> changes(MutableTree other, Random random) {
        List<Change> changes = new ArrayList<>(List.of(
                () -> say(STRANGE.get(random.nextInt(STRANGE.size()))),
                () -> say(STRANGE.get(random.nextInt(STRANGE.size()))),
                () -> say(other.toString()),
                () -> swap(other),
                () -> say(monster(random))));
        if (!entries.isEmpty()) {
            int at = random.nextInt(entries.size());
            changes.add(() -> entries.remove(at));
            changes.add(() -> entries.remove(at));
            changes.add(() -> entries.add(entries.get(at)));
            changes.add(() -> rename(at, other, random));
            changes.add(() -> rename(at, other, random));
        }
        if (!items.isEmpty()) {
            int at = random.nextInt(items.size());
            changes.add(() -> items.remove(at));
            changes.add(() -> items.add(items.get(at)));
        }
        return changes;
    }

    private void say(String text) {
        kind = 0;
        scalar = text;
        entries = List.of();
        items = List.of();
    }

    private void swap(MutableTree other) {
        String mine = toString();
        say(other.toString());
        other.say(mine);
    }

    private void rename(int at, MutableTree other, Random random) {
        Entry entry = entries.get(at);
        String key = switch (random.nextInt(4)) {
            case 0 -> STRANGE.get(random.nextInt(STRANGE.size()));
            case 1 -> other.entries.isEmpty() ? "\"\"" : other.entries.get(0).key();
            case 2 -> entry.key().replace('_', '-');
            default -> entry.key().replaceFirst("(.)(.)\"$", "$2$1\"");
        };
        entries.set(at, new Entry(key, entry.value()));
    }

    /** Deep, long, or more than it looks. */
    private static String monster(Random random) {
        int size = 10 + random.nextInt(90);
        return switch (random.nextInt(6)) {
            case 0 -> "[".repeat(size) + "]".repeat(size);
            case 1 -> "{a: ".repeat(size) + "b" + "}".repeat(size);
            case 2 -> "\"" + "x".repeat(size * 1000) + "\"";
            case 3 -> "9".repeat(size);
            case 4 -> "&y [*y, " + size + "]";
            default -> {
                StringBuilder bomb = new StringBuilder("[&b0 [x]");
                for (int i = 1; i <= size / 5; i++) {
                    bomb.append(", &b")
                            .append(i)
                            .append(" [")
                            .append(("*b" + (i - 1) + ", ").repeat(9))
                            .append("x]");
                }
                yield bomb + "]";
            }
        };
    }

    @Override
    public String toString() {
        return switch (kind) {
            case '{' ->
                entries.stream()
                        .map(entry -> entry.key() + ": " + entry.value())
                        .collect(Collectors.joining(",\n ", "{", "}"));
            case '[' -> items.stream().map(MutableTree::toString).collect(Collectors.joining(", ", "[", "]"));
            default -> scalar;
        };
    }
}
