package dev.keyturn.policy;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
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
        int fields = text.trim().split("\\s+").length;
        if (fields < 5 || fields > 7) {
            throw new IllegalArgumentException(
                    "'" + text + "' has " + fields + " fields; crontab has five, Quartz six or seven");
        }
        try {
            Cron cron = (fields == 5 ? CRONTAB : QUARTZ).parse(text.trim());
            return new CronExpression(text, ExecutionTime.forCron(cron.validate()));
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            // The parser trips over some typing errors, such as a '#' with nothing behind it.
            throw new IllegalArgumentException("'" + text + "' is not a cron expression", e);
        }
    }

    /** The first date strictly after {@code from}; empty where there is none. */
    public Optional<Instant> nextAfter(Instant from, ZoneId zone) {
        return times.nextExecution(from.atZone(zone)).map(ZonedDateTime::toInstant);
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
