package dev.keyturn.policy;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;

/** A cron expression: five fields are read as crontab(5), six or seven as Quartz. */
public final class CronExpression {
    private static final CronParser CRONTAB =
            new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    private static final CronParser QUARTZ =
            new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.QUARTZ));

    private final String text;
    private final ExecutionTime times;

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
            return new CronExpression(text, ExecutionTime.forCron(cron.validate()));
        } catch (IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage()).replace("Failed to parse cron expression. ", "");
            throw new IllegalArgumentException(
                    "'" + text + "' is not a cron expression: " + reason + "; write it like "
                            + (fields == 5
                                    ? "'0 3 * * SUN' (minute, hour, day of month, month, day of week)"
                                    : "'0 0 3 ? * SUN' (second, minute, hour, day of month, month, day of week; one of"
                                            + " the days has to be ?)"),
                    e);
        }
    }

    /**
     * The first date strictly after {@code from}; empty where there is none. Each local date comes exactly once, as
     * with cron(8): one that a change to daylight-saving time skips comes at the moment of the change, one that the
     * change back repeats comes the first time only.
     */
    public Optional<Instant> nextAfter(Instant from, ZoneId zone) {
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
