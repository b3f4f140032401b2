package dev.keyturn.config;

import dev.keyturn.policy.Durations;
import dev.keyturn.policy.Hours;
import dev.keyturn.policy.Missed;
import dev.keyturn.policy.RetryRule;
import dev.keyturn.policy.Schedule;
import dev.keyturn.policy.Timing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads what says when rotations of a policy start, and refuses what could never start. */
final class TimingReader {
    static final Keys RETRY = Keys.of("attempts", "5", "first_delay", "1m", "max_delay", "1h");
    private static final Duration YEAR = Duration.ofDays(365);
    /** Enough for a date a month over decades, and for each minute of a week. */
    private static final int DATES = 11_000;

    private static final List<String> MISSED =
            Arrays.stream(Missed.values()).map(Missed::label).toList();

    private final ScheduleReader schedules;
    private final Clock clock;

    TimingReader(Clock clock) {
        this.schedules = new ScheduleReader(clock);
        this.clock = clock;
    }

    Timing read(Section policy) {
        Optional<Schedule> schedule = policy.value("schedule").flatMap(schedules::read);
        ZoneId zone = schedule.map(TimingReader::zone).orElse(ZoneOffset.UTC);
        Hours hours = HoursReader.read(policy, zone);
        Missed missed = policy.value("missed")
                .flatMap(value -> value.oneOf(MISSED))
                .map(name -> Missed.valueOf(name.toUpperCase(Locale.ROOT)))
                .orElse(Missed.NEXT_WINDOW);
        Timing timing = new Timing(
                schedule,
                jitter(policy, schedule),
                hours,
                missed,
                policy.value("retry").flatMap(TimingReader::retry).orElse(RetryRule.DEFAULT));
        if (!policy.has("schedule") && !policy.misspells("schedule")) {
            for (String key : List.of("jitter", "windows", "blackouts", "missed")) {
                policy.forbid(key, "does nothing without a schedule", "for example schedule: {every: 60d}");
            }
        }
        refuseWhatNeverStarts(policy, timing);
        return timing;
    }

    private static ZoneId zone(Schedule schedule) {
        return schedule instanceof Schedule.Cron cron ? cron.zone() : ZoneOffset.UTC;
    }

    private Duration jitter(Section policy, Optional<Schedule> schedule) {
        Optional<Value> value = policy.value("jitter");
        Duration jitter = value.flatMap(it -> it.duration(Duration.ZERO, YEAR)).orElse(Duration.ZERO);
        schedule.flatMap(it -> it.shortestInterval(now()))
                .filter(interval -> !jitter.isZero() && jitter.compareTo(interval) >= 0)
                .ifPresent(interval -> value.ifPresent(it -> it.reject("must be shorter than the time between two dates"
                        + " of the schedule, which is " + Durations.print(interval))));
        return jitter;
    }

    private void refuseWhatNeverStarts(Section policy, Timing timing) {
        Hours hours = timing.hours();
        Duration blackout = hours.longestBlackout();
        if (blackout.compareTo(YEAR) >= 0) {
            policy.value("blackouts")
                    .ifPresent(value -> value.rejectKey(
                            "nothing could be rotated for " + Durations.print(blackout)
                                    + " on end; blackouts that follow each other have to be shorter than a year",
                            "for example blackouts: [{from: 2026-12-20, to: 2027-01-02}]"));
            return;
        }
        if (hours.windows().isEmpty() || !(timing.schedule().orElse(null) instanceof Schedule.Cron cron)) {
            return;
        }
        if (noneFalls(cron, hours)) {
            policy.value("windows")
                    .ifPresent(value -> value.rejectKey(
                            "no date of " + cron.describe()
                                    + " falls into a window, so each one would be put off to the" + " next",
                            "for example a window that the schedule's dates are in, or schedule: {every: 30d}"));
        }
    }

    private boolean noneFalls(Schedule.Cron cron, Hours hours) {
        Hours windows = new Hours(hours.windows(), List.of());
        Optional<Instant> date = cron.after(now());
        for (int i = 0; i < DATES && date.isPresent(); i++) {
            if (windows.open(date.get())) {
                return false;
            }
            date = cron.after(date.get());
        }
        return true;
    }

    private Instant now() {
        return clock.instant();
    }

    private static Optional<RetryRule> retry(Value value) {
        return value.section(RETRY).map(section -> {
            Duration second = Duration.ofSeconds(1);
            Duration month = Duration.ofDays(30);
            int attempts = section.value("attempts")
                    .flatMap(it -> it.wholeNumber(0, 100))
                    .orElse(RetryRule.DEFAULT.attempts());
            Duration first = section.value("first_delay")
                    .flatMap(it -> it.duration(second, month))
                    .orElse(RetryRule.DEFAULT.firstDelay());
            Duration most = section.value("max_delay")
                    .flatMap(it -> it.duration(second, month))
                    .orElse(RetryRule.DEFAULT.maxDelay());
            if (most.compareTo(first) < 0) {
                section.reject(
                        "max_delay can't be shorter than first_delay", "for example {first_delay: 1m, max_delay: 1h}");
                return RetryRule.DEFAULT;
            }
            return new RetryRule(attempts, first, most);
        });
    }
}
