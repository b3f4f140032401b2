package dev.keyturn.policy;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.And;
import com.cronutils.model.field.expression.Between;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A cron expression: five fields are read as crontab(5), six or seven as Quartz. */
public final class CronExpression {
    private static final CronParser CRONTAB =
            new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    private static final CronParser QUARTZ =
            new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.QUARTZ));

    private static final int REMEMBERED = 256;

    private final String text;
    private final ExecutionTime times;
    /**
     * What was found, by what it was asked for: a fleet asks for the same date once for each credential, and the checks of a
     * policy for the same hundred; each takes tens of microseconds.
     */
    private final ConcurrentNavigableMap<Instant, Found> found = new ConcurrentSkipListMap<>();

    /** No date lies between the instant that was asked for and this one. */
    private record Found(ZoneId zone, Optional<Instant> next) {
        boolean answers(Instant later, ZoneId in) {
            return zone.equals(in) && next.map(later::isBefore).orElse(true);
        }
    }

    private CronExpression(String text, ExecutionTime times) {
        this.text = text;
        this.times = times;
    }

    /** @throws IllegalArgumentException where the text is no cron expression; the message says why */
    public static CronExpression parse(String text) {
        String trimmed = text.trim();
        int fields = trimmed.isEmpty() ? 0 : trimmed.split("\\s+").length;
        if (fields < 5 || fields > 7) {
            throw new IllegalArgumentException("'" + text + "' has " + fields + (fields == 1 ? " field" : " fields")
                    + "; crontab has five, Quartz six or seven");
        }
        try {
            Cron cron = (fields == 5 ? CRONTAB : QUARTZ).parse(trimmed);
            rejectRangesAround(cron);
            return new CronExpression(text, ExecutionTime.forCron(cron.validate()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not a cron expression: " + reason(e), e);
        } catch (RuntimeException e) {
            // The parser trips over some typing errors, such as a '#' with nothing behind it.
            throw new IllegalArgumentException("'" + text + "' is not a cron expression", e);
        }
    }

    private static String reason(IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage()).replace("Failed to parse cron expression. ", "");
        return message.contains("Both, a day-of-week AND a day-of-month")
                ? "of day of month and day of week, one has to be ? in Quartz's form"
                : message;
    }

    /** Quartz allows 22-2 for "from 22 to 2", but cron-utils would take 22 alone, other than for days of the week. */
    private static void rejectRangesAround(Cron cron) {
        cron.retrieveFieldsAsMap().forEach((name, field) -> {
            if (name != CronFieldName.DAY_OF_WEEK && goesAround(field.getExpression())) {
                throw new IllegalArgumentException(
                        "the range " + field.getExpression().asString()
                                + " ends before it begins; write it as two, such as 22-23,0-2");
            }
        });
    }

    private static boolean goesAround(FieldExpression expression) {
        if (expression instanceof And and) {
            return and.getExpressions().stream().anyMatch(CronExpression::goesAround);
        }
        if (expression instanceof Every every) {
            return goesAround(every.getExpression());
        }
        return expression instanceof Between range
                && range.getFrom().getValue() instanceof Integer from
                && range.getTo().getValue() instanceof Integer to
                && from > to;
    }

    /**
     * The first date strictly after {@code from}; empty where there is none. Each local date comes exactly once, as
     * with cron(8): one that a change to daylight-saving time skips comes at the moment of the change, one that the
     * change back repeats comes the first time only.
     */
    public Optional<Instant> nextAfter(Instant from, ZoneId zone) {
        Map.Entry<Instant, Found> before = found.floorEntry(from);
        if (before != null && before.getValue().answers(from, zone)) {
            return before.getValue().next();
        }
        Optional<Instant> next = find(from, zone);
        if (found.size() >= REMEMBERED) {
            found.clear();
        }
        found.put(from, new Found(zone, next));
        return next;
    }

    private Optional<Instant> find(Instant from, ZoneId zone) {
        LocalDateTime after = LocalDateTime.ofInstant(from, zone);
        // In local time, without the zone: cron-utils would leave skipped dates out and could give repeated ones twice.
        for (Optional<LocalDateTime> next = nextAfter(after); next.isPresent(); next = nextAfter(next.get())) {
            Instant date = instant(next.get(), zone);
            if (date.isAfter(from)) {
                return Optional.of(date);
            }
        }
        return Optional.empty();
    }

    private Optional<LocalDateTime> nextAfter(LocalDateTime local) {
        return times.nextExecution(local.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
    }

    private static Instant instant(LocalDateTime local, ZoneId zone) {
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        return change != null && change.isGap()
                ? change.getInstant()
                : local.atZone(zone).toInstant();
    }

    public String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CronExpression that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
