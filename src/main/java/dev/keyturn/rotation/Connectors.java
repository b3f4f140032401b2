package dev.keyturn.rotation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The connectors that log in with a credential, its blast radius: a rotation that goes wrong stops these imports.
 *
 * @param all in Dromo's order; none where Dromo didn't list them
 * @param unknown why Dromo didn't list them; empty where it did
 */
public record Connectors(List<Dromo.Connector> all, Optional<String> unknown) {
    private static final int MOST_IN_A_LINE = 5;
    private static final int MOST_IN_A_RECORD = 100;
    private static final int LONGEST_WORD = 60;
    private static final Pattern EVERY_N_MINUTES = Pattern.compile("every_n_minutes (\\d{1,9})");
    private static final long HOUR = 60;

    public Connectors {
        all = List.copyOf(all);
    }

    public static Connectors of(List<Dromo.Connector> listed) {
        return new Connectors(listed, Optional.empty());
    }

    static Connectors notKnown(RemoteException why) {
        return new Connectors(List.of(), Optional.of(why.kind() + ": " + why.getMessage()));
    }

    /** Nobody would notice if Dromo lost this credential. */
    public boolean none() {
        return unknown.isEmpty() && all.isEmpty();
    }

    /** The directories they read, each once. */
    List<String> directories() {
        return all.stream().map(Dromo.Connector::directory).distinct().toList();
    }

    /** By id and directory, the first few of them. */
    public String describe() {
        return all.isEmpty()
                ? "none"
                : all.size() + ": " + inALine(all, connector -> connector.id() + " (" + connector.directory() + ")");
    }

    /** For a line that says more: how many read what, and how often; e.g. {@code 2 connectors read /in; every 15 min}. */
    public String summary() {
        if (unknown.isPresent()) {
            return "its connectors are not known";
        }
        if (all.isEmpty()) {
            return "no connector uses it";
        }
        List<String> schedules = all.stream()
                .map(Connectors::often)
                .filter(often -> !often.isEmpty())
                .distinct()
                .toList();
        return all.size()
                + (all.size() == 1 ? " connector reads " : " connectors read ")
                + inALine(directories(), Function.identity())
                + (schedules.isEmpty() ? "" : "; " + inALine(schedules, Function.identity()));
    }

    /** For the audit log: how many, and their ids, a hundred at most; or why that is not known. */
    Map<String, Object> detail() {
        Map<String, Object> detail = new LinkedHashMap<>();
        unknown.ifPresentOrElse(why -> detail.put("not_known", why), () -> {
            detail.put("count", all.size());
            detail.put(
                    "ids",
                    all.stream()
                            .limit(MOST_IN_A_RECORD)
                            .map(connector -> shortened(connector.id()))
                            .toList());
        });
        return detail;
    }

    private static <T> String inALine(List<T> all, Function<T, String> words) {
        return all.stream()
                        .limit(MOST_IN_A_LINE)
                        .map(words)
                        .map(Connectors::shortened)
                        .collect(Collectors.joining(", "))
                + (all.size() > MOST_IN_A_LINE ? ", ..." : "");
    }

    /** What Dromo sends is not bounded by much. */
    private static String shortened(String text) {
        if (text.length() <= LONGEST_WORD) {
            return text;
        }
        int end = LONGEST_WORD - 3;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "...";
    }

    /** The schedule's one known type in short; others as Dromo describes them. */
    private static String often(Dromo.Connector connector) {
        Matcher minutes = EVERY_N_MINUTES.matcher(connector.schedule());
        if (!minutes.matches()) {
            return connector.schedule();
        }
        long every = Long.parseLong(minutes.group(1));
        return every > HOUR && every % HOUR == 0 ? "every " + every / HOUR + " h" : "every " + every + " min";
    }
}
