package dev.keyturn.config;

import dev.keyturn.policy.CronExpression;
import dev.keyturn.policy.Schedule;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;

/** Reads {@code policies.NAME.schedule}: {@code cron} and {@code zone}, or {@code every}. */
final class ScheduleReader {
    static final Keys KEYS = Keys.of("cron", "\"0 3 * * SUN\"", "zone", "Europe/Berlin", "every", "60d");
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final String EXAMPLE = "for example schedule: {every: 60d}";

    private final Clock clock;

    ScheduleReader(Clock clock) {
        this.clock = clock;
    }

    Optional<Schedule> read(Value value) {
        return value.section(KEYS).flatMap(section -> {
            if (section.has("cron") == section.has("every")) {
                section.reject("must have exactly one of cron and every", EXAMPLE);
                return Optional.empty();
            }
            if (section.has("every")) {
                section.forbid("zone", "does nothing without cron", "leave it out");
                return section.value("every")
                        .flatMap(every -> every.duration(Duration.ofMinutes(1), Duration.ofDays(36500)))
                        .map(Schedule.Every::new);
            }
            Optional<ZoneId> zone =
                    section.has("zone") ? section.value("zone").flatMap(ScheduleReader::zone) : Optional.of(UTC);
            return section.value("cron")
                    .flatMap(cron -> cron(cron, zone.orElse(UTC)))
                    .flatMap(expression -> zone.map(it -> new Schedule.Cron(expression, it)));
        });
    }

    private Optional<CronExpression> cron(Value value, ZoneId zone) {
        return value.parsed(text -> {
            CronExpression expression = CronExpression.parse(text);
            if (firesNever(expression, zone)) {
                throw new IllegalArgumentException(Problems.quote(text) + " never fires again");
            }
            return expression;
        });
    }

    private boolean firesNever(CronExpression expression, ZoneId zone) {
        try {
            return expression.nextAfter(clock.instant(), zone).isEmpty();
        } catch (DateTimeException e) {
            // The calculation itself came to a date that does not exist, such as 29 February 2027.
            return true;
        }
    }

    /** IANA names only: an offset such as +02:00 is wrong for half of the year wherever clocks change. */
    static Optional<ZoneId> zone(Value value) {
        return value.parsed(text -> {
            Set<String> names = ZoneId.getAvailableZoneIds();
            if (!names.contains(text)) {
                throw new IllegalArgumentException(
                        Problems.quote(text) + " is no IANA time zone" + NearMiss.hint(text, names));
            }
            return ZoneId.of(text);
        });
    }
}
