package dev.keyturn.policy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** When a credential is due. A pure function of instants: it reads no clock. */
public sealed interface Schedule {

    /**
     * The first due instant strictly after {@code from}, the last success (or, where there is none, the moment the
     * credential was first known).
     */
    Instant nextAfter(Instant from);

    /** As an operator would say it, e.g. {@code every 60d} or {@code cron '0 3 * * SUN' Europe/Berlin}. */
    String describe();

    /** A fixed time after the last success. */
    record Every(Duration interval) implements Schedule {
        /** @throws IllegalArgumentException where the interval is not positive */
        public Every {
            if (interval.isNegative() || interval.isZero()) {
                throw new IllegalArgumentException("the interval must be positive");
            }
        }

        @Override
        public Instant nextAfter(Instant from) {
            return from.plus(interval);
        }

        @Override
        public String describe() {
            return "every " + Durations.print(interval);
        }
    }

    /**
     * The dates of a cron expression, five-field crontab(5) or Quartz's six- and seven-field form, read in a time zone.
     *
     * @param zone an IANA zone; decides what the expression means across daylight-saving changes
     */
    record Cron(CronExpression expression, ZoneId zone) implements Schedule {
        /** {@link Instant#MAX} where the expression has no date after {@code from}. */
        @Override
        public Instant nextAfter(Instant from) {
            return expression.nextAfter(from, zone).orElse(Instant.MAX);
        }

        @Override
        public String describe() {
            return "cron '" + expression.text() + "' " + zone;
        }
    }
}
