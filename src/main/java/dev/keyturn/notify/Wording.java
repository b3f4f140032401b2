package dev.keyturn.notify;

import dev.keyturn.rotation.Notice;
import dev.keyturn.rotation.Notice.Kind;
import dev.keyturn.rotation.RotationId;
import dev.keyturn.rotation.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Puts notices into words, for people and for programs. */
final class Wording {
    private static final int LONGEST_LINE = 2000;
    /** Of one digest; more would be cut off by chats. */
    private static final int MOST_NAMES = 50;

    private final String node;

    /** @param node this machine's name */
    Wording(String node) {
        this.node = PlainText.line(node);
    }

    Message single(Notice notice) {
        String what = headline(notice);
        List<String> lines = new ArrayList<>();
        lines.add(what);
        notice.where().ifPresent(where -> lines.add("Account: " + where));
        lines.add(notice.message());
        notice.validNow().ifPresent(valid -> lines.add("Valid now: " + valid));
        if (!notice.hint().isEmpty()) {
            lines.add("Do next: " + notice.hint());
        }
        notice.reference().publicKey().ifPresent(key -> lines.add("Public key: " + key));
        notice.reference().rotation().ifPresent(rotation -> lines.add("Rotation: " + rotation));
        ObjectNode data = data(notice);
        data.put("node", node);
        return message(notice.at(), "credential." + notice.kind().label(), what, lines, data);
    }

    Message digest(Digest.Collected collected) {
        String counts = collected.counts().entrySet().stream()
                .map(entry -> entry.getValue() + " " + words(entry.getKey()))
                .collect(Collectors.joining(", "));
        long all =
                collected.counts().values().stream().mapToLong(Long::longValue).sum();
        String what = all + (all == 1 ? " more notice: " : " more notices: ") + counts;
        List<String> lines = new ArrayList<>();
        lines.add(what + ", from " + collected.from() + " to " + collected.to());
        collected.counts().keySet().forEach(kind -> lines.add(words(kind) + ": " + names(collected, kind)));
        lines.add("See keyturn status and keyturn history for each.");
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("node", node);
        data.put("from", collected.from().toString());
        data.put("to", collected.to().toString());
        data.put("count", all);
        ObjectNode counted = data.putObject("counts");
        collected.counts().forEach((kind, count) -> counted.put(kind.label(), count));
        ArrayNode notices = data.putArray("notices");
        collected.notices().forEach(notice -> notices.add(data(notice)));
        return message(collected.to(), "digest", what, lines, data);
    }

    Message test(Instant at) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("node", node);
        return message(
                at,
                "test",
                "test: notices of Keyturn arrive here",
                List.of("test: notices of Keyturn arrive here", "Nothing happened, and there is nothing to do."),
                data);
    }

    private Message message(Instant at, String type, String what, List<String> lines, ObjectNode data) {
        String text = lines.stream()
                .map(line -> PlainText.clip(PlainText.line(line), LONGEST_LINE) + "\n")
                .collect(Collectors.joining());
        return new Message(
                "msg_" + UUID.randomUUID(),
                at,
                type,
                PlainText.clip("[keyturn] " + PlainText.line(what), 200),
                text + "Keyturn on " + node + ", " + at + "\n",
                data);
    }

    private static String headline(Notice notice) {
        return notice.credential().map(name -> name + ": ").orElse("Keyturn: ")
                + words(notice.kind())
                + notice.reference().step().map(step -> " at " + step.label()).orElse("")
                + notice.reference().failure().map(kind -> " (" + kind + ")").orElse("");
    }

    private static String words(Kind kind) {
        return switch (kind) {
            case FAILED -> "failed";
            case DRIFT -> "drifted";
            case OVERDUE -> "overdue";
            case AWAITING_INSTALL -> "waits for its new key to be installed";
            case AWAITING_WITHDRAWAL -> "waits for its old key to be taken off";
            case RECOVERED -> "recovered";
        };
    }

    private static String names(Digest.Collected collected, Kind kind) {
        List<String> names = collected.notices().stream()
                .filter(notice -> notice.kind() == kind)
                .map(notice -> notice.credential().orElse("Keyturn itself"))
                .distinct()
                .limit(MOST_NAMES)
                .toList();
        long all = collected.counts().getOrDefault(kind, 0L);
        return String.join(", ", names) + (all > names.size() ? ", and more; " + all + " in all" : "");
    }

    private static ObjectNode data(Notice notice) {
        Notice.Reference reference = notice.reference();
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("event", notice.kind().label());
        data.put("at", notice.at().toString());
        data.put("credential", line(notice.credential()));
        data.put("account", line(notice.where()));
        data.put("rotation", line(reference.rotation().map(RotationId::text)));
        data.put("step", line(reference.step().map(Step::label)));
        data.put("kind", line(reference.failure()));
        data.put("message", line(Optional.of(notice.message())));
        data.put("valid_now", line(notice.validNow()));
        data.put("hint", line(Optional.of(notice.hint())));
        data.put("fingerprint", line(reference.fingerprint()));
        data.put("public_key", line(reference.publicKey()));
        return data;
    }

    private static @Nullable String line(Optional<String> text) {
        return text.map(it -> PlainText.clip(PlainText.line(it), LONGEST_LINE)).orElse(null);
    }
}
