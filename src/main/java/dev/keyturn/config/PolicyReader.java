package dev.keyturn.config;

import dev.keyturn.policy.Durations;
import dev.keyturn.policy.Policy;
import dev.keyturn.policy.SecretRules;
import dev.keyturn.policy.Timing;
import dev.keyturn.policy.Verify;
import dev.keyturn.policy.Verify.OnDrift;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code policies.NAME}. */
final class PolicyReader {
    static final Keys KEYS = Keys.of(
            "secret", "{type: ssh_key, algorithm: ed25519}",
            "schedule", "{every: 60d}",
            "overlap", "24h",
            "max_age", "100d",
            "retry", "{attempts: 5, first_delay: 1m, max_delay: 1h}",
            "allow_gap", "true",
            "jitter", "30m",
            "windows", "[{days: [sat, sun], from: \"01:00\", to: \"05:00\"}]",
            "blackouts", "[{from: 2026-12-20, to: 2027-01-02, reason: year-end freeze}]",
            "missed", "next_window",
            "verify", "{every: 6h, on_drift: alert}");
    static final Keys VERIFY = Keys.of("every", "6h", "on_drift", "alert");
    private static final List<String> ON_DRIFT =
            Arrays.stream(OnDrift.values()).map(OnDrift::label).toList();
    private static final Duration YEAR = Duration.ofDays(365);

    private final TimingReader timings;
    private final Clock clock;

    PolicyReader(Clock clock) {
        this.timings = new TimingReader(clock);
        this.clock = clock;
    }

    /** Empty where it is unclear what secret it makes; a problem was noted then. */
    Optional<Policy> read(String name, Value value) {
        return value.section(KEYS).flatMap(section -> {
            Optional<SecretRules> secret = section.required("secret").flatMap(SecretRulesReader::read);
            Timing timing = timings.read(section);
            Duration overlap = overlap(section, timing);
            Optional<Duration> maxAge = maxAge(section, timing);
            // Where it has a problem of its own, the lack of it is none.
            boolean allowGap = section.value("allow_gap").flatMap(Value::flag).orElse(section.has("allow_gap"));
            secret.filter(SecretRules.SshKey.class::isInstance)
                    .ifPresent(key -> section.forbid(
                            "allow_gap",
                            "is for passwords only: old and new key overlap, so there is no gap",
                            "leave it out"));
            Optional<Verify> verify = section.value("verify").flatMap(PolicyReader::verify);
            return secret.map(rules -> new Policy(name, rules, timing, overlap, maxAge, allowGap, verify));
        });
    }

    private static Optional<Verify> verify(Value value) {
        return value.section(VERIFY).flatMap(section -> {
            Optional<Duration> every =
                    section.required("every").flatMap(it -> it.duration(Duration.ofSeconds(1), Duration.ofDays(30)));
            OnDrift onDrift = section.value("on_drift")
                    .flatMap(it -> it.oneOf(ON_DRIFT))
                    .map(label -> OnDrift.valueOf(label.toUpperCase(Locale.ROOT)))
                    .orElse(OnDrift.ALERT);
            return every.map(it -> new Verify(it, onDrift));
        });
    }

    private Duration overlap(Section section, Timing timing) {
        Optional<Value> value = section.value("overlap");
        Duration overlap = value.flatMap(it -> it.duration(Duration.ZERO, YEAR)).orElse(Duration.ZERO);
        timing.schedule()
                .flatMap(schedule -> schedule.shortestInterval(clock.instant()))
                .filter(interval -> overlap.compareTo(interval) >= 0)
                .ifPresent(interval -> value.ifPresent(it -> it.reject("must be shorter than the time between two dates"
                        + " of the schedule, which is " + Durations.print(interval)
                        + ", or the old key outlives the next rotation")));
        return overlap;
    }

    private Optional<Duration> maxAge(Section section, Timing timing) {
        Optional<Value> value = section.value("max_age");
        Optional<Duration> maxAge = value.flatMap(it -> it.duration(Duration.ofMinutes(1), YEAR.multipliedBy(100)));
        timing.schedule()
                .flatMap(schedule -> schedule.longestInterval(clock.instant()))
                .filter(interval -> maxAge.isPresent() && maxAge.get().compareTo(interval) < 0)
                .ifPresent(
                        interval -> value.ifPresent(it -> it.reject("is shorter than the time between two dates of the"
                                + " schedule, which is up to " + Durations.print(interval)
                                + ", so each credential would be overdue before it is due")));
        return maxAge;
    }
}
