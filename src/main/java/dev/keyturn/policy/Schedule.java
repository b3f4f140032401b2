package dev.keyturn.policy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** When a credential is due. A pure function of instants: it reads no clock. */
public sealed interface Schedule {

    /**
     * The first date strictly after {@code from}, the last success (or, where there is none, the moment the credential was
     * first known); empty where there is none any more.
     */
    Optional<Instant> after(Instant from);

    /** The first date not before {@code earliest} of those that would follow if each was left out, {@code date} being one. */
    Optional<Instant> atOrAfter(Instant date, Instant earliest);

    /** The shortest time between two dates, of the next hundred from {@code from} on; empty where there is one at most. */
    default Optional<Duration> shortestInterval(Instant from) {
        return intervals(from).min(Duration::compareTo);
    }

    /** The longest time between two dates, of the next hundred from {@code from} on; empty where there is one at most. */
    default Optional<Duration> longestInterval(Instant from) {
        return intervals(from).max(Duration::compareTo);
    }

    private Stream<Duration> intervals(Instant from) {
        List<Instant> dates = new ArrayList<>();
        for (Optional<Instant> date = after(from); date.isPresent() && dates.size() < 100; date = after(date.get())) {
            dates.add(date.get());
        }
        return IntStream.range(1, dates.size()).mapToObj(i -> Duration.between(dates.get(i - 1), dates.get(i)));
    }

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
        public Optional<Instant> after(Instant from) {
            return Optional.of(from.plus(interval));
        }

        @Override
        public Optional<Instant> atOrAfter(Instant date, Instant earliest) {
            if (!earliest.isAfter(date)) {
                return Optional.of(date);
            }
            long whole = Duration.between(date, earliest).dividedBy(interval);
            Instant last = date.plus(interval.multipliedBy(whole));
            return Optional.of(last.isBefore(earliest) ? last.plus(interval) : last);
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
        @Override
        public Optional<Instant> after(Instant from) {
            return expression.nextAfter(from, zone);
        }

        @Override
        public Optional<Instant> atOrAfter(Instant date, Instant earliest) {
            return earliest.isAfter(date) ? after(earliest.minusNanos(1)) : Optional.of(date);
        }

        @Override
        public String describe() {
            return "cron '" + expression.text() + "' " + zone;
        }
    }
}
