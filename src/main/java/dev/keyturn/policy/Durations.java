package dev.keyturn.policy;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 90d}, {@code 1d12h}, {@code 30m}, {@code 45s}, or ISO 8601. */
public final class Durations {
    private static final Pattern SHORT =
            Pattern.compile("(?:(\\d{1,9})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?");

    /** More makes no sense for a credential, and a date that far off has no four-digit year, and so no RFC 3339 form. */
    private static final Duration LONGEST = Duration.ofDays(36500);

    private Durations() {}

    /** @throws IllegalArgumentException where the text has neither form, or is more than a hundred years */
    public static Duration parse(String text) {
        Duration duration = read(text);
        if (duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("'" + text + "' is too long; at most " + print(LONGEST));
        }
        return duration;
    }

    private static Duration read(String text) {
        Matcher matcher = SHORT.matcher(text);
        if (!text.isEmpty() && matcher.matches()) {
            return Duration.ofDays(group(matcher, 1))
                    .plusHours(group(matcher, 2))
                    .plusMinutes(group(matcher, 3))
                    .plusSeconds(group(matcher, 4));
        }
        try {
            if (text.startsWith("P")) {
                Duration duration = Duration.parse(text);
                if (!duration.isNegative()) {
                    return duration;
                }
            }
        } catch (DateTimeParseException e) {
            throw notADuration(text);
        }
        throw notADuration(text);
    }

    /** The shortest short form, e.g. {@code 1d12h}; {@code 0s} for zero; ISO 8601 for fractions of a second. */
    public static String print(Duration duration) {
        if (duration.toNanosPart() != 0) {
            return duration.toString();
        }
        StringBuilder text = new StringBuilder();
        append(text, duration.toDays(), "d");
        append(text, duration.toHoursPart(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long amount, String unit) {
        if (amount != 0) {
            text.append(amount).append(unit);
        }
    }

    private static long group(Matcher matcher, int group) {
        String digits = matcher.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static IllegalArgumentException notADuration(String text) {
        return new IllegalArgumentException("'" + text + "' is not a duration such as 90d, 1d12h, 30m, 45s or PT12H");
    }
}
