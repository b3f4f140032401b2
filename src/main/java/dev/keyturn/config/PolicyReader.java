package dev.keyturn.config;

import dev.keyturn.policy.Policy;
import dev.keyturn.policy.RetryRule;
import dev.keyturn.policy.Schedule;
import dev.keyturn.policy.SecretRules;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
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
                    "verify", "{every: 15m}")
            .withLater("jitter", "windows", "blackouts", "missed");
    static final Keys VERIFY = Keys.of("every", "15m").withLater("on_drift");
    static final Keys RETRY = Keys.of("attempts", "5", "first_delay", "1m", "max_delay", "1h");
    private static final Duration YEAR = Duration.ofDays(365);

    private final ScheduleReader schedules;
    private final Map<String, Value> verifies = new LinkedHashMap<>();

    PolicyReader(ScheduleReader schedules) {
        this.schedules = schedules;
    }

    /** Empty where it is unclear what secret it makes; a problem was noted then. */
    Optional<Policy> read(String name, Value value) {
        return value.section(KEYS).flatMap(section -> {
            Optional<SecretRules> secret = section.required("secret").flatMap(SecretRulesReader::read);
            Optional<Schedule> schedule = section.value("schedule").flatMap(schedules::read);
            Duration overlap = overlap(section, schedule);
            Optional<Duration> maxAge = maxAge(section, schedule);
            RetryRule retry =
                    section.value("retry").flatMap(PolicyReader::retry).orElse(RetryRule.DEFAULT);
            // Where it has a problem of its own, the lack of it is none.
            boolean allowGap = section.value("allow_gap").flatMap(Value::flag).orElse(section.has("allow_gap"));
            secret.filter(SecretRules.SshKey.class::isInstance)
                    .ifPresent(key -> section.forbid(
                            "allow_gap",
                            "is for passwords only: old and new key overlap, so there is no gap",
                            "leave it out"));
            Duration verifyEvery =
                    section.value("verify").flatMap(PolicyReader::verify).orElse(Policy.DEFAULT_VERIFY_EVERY);
            section.value("verify").ifPresent(it -> verifies.put(name, it));
            return secret.map(
                    rules -> new Policy(name, rules, schedule, overlap, maxAge, retry, allowGap, verifyEvery));
        });
    }

    /**
     * Notes a problem with each {@code verify} that does nothing.
     *
     * @param byPartner whether a partner installs the keys of one of the policy's credentials, at least
     */
    void refuseIdleVerify(Map<String, Boolean> byPartner) {
        verifies.forEach((policy, verify) -> {
            if (byPartner.getOrDefault(policy, true).equals(false)) {
                verify.rejectKey(
                        "does nothing here: no credential of this policy has install method 'manual'", "leave it out");
            }
        });
    }

    private static Optional<Duration> verify(Value value) {
        return value.section(VERIFY)
                .flatMap(section -> section.required("every"))
                .flatMap(it -> it.duration(Duration.ofSeconds(1), Duration.ofDays(30)));
    }

    private static Duration overlap(Section section, Optional<Schedule> schedule) {
        Optional<Value> value = section.value("overlap");
        Duration overlap = value.flatMap(it -> it.duration(Duration.ZERO, YEAR)).orElse(Duration.ZERO);
        interval(schedule)
                .filter(every -> overlap.compareTo(every) >= 0)
                .ifPresent(every -> value.ifPresent(it ->
                        it.reject("must be shorter than schedule.every, or the old key outlives the next rotation")));
        return overlap;
    }

    private static Optional<Duration> maxAge(Section section, Optional<Schedule> schedule) {
        Optional<Value> value = section.value("max_age");
        Optional<Duration> maxAge = value.flatMap(it -> it.duration(Duration.ofMinutes(1), YEAR.multipliedBy(100)));
        interval(schedule)
                .filter(every -> maxAge.isPresent() && maxAge.get().compareTo(every) < 0)
                .ifPresent(every -> value.ifPresent(it -> it.reject(
                        "is shorter than schedule.every, so each credential would be overdue before it is due")));
        return maxAge;
    }

    private static Optional<Duration> interval(Optional<Schedule> schedule) {
        return schedule.flatMap(
                it -> it instanceof Schedule.Every every ? Optional.of(every.interval()) : Optional.<Duration>empty());
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
