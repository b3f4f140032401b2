package dev.keyturn.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DueDateTest {
    private static final Instant SUCCESS = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant FAILURE = Instant.parse("2026-03-02T03:00:00Z");
    private static final Schedule EVERY_60_DAYS = new Schedule.Every(Duration.ofDays(60));
    private static final RetryRule TWICE = new RetryRule(2, Duration.ofMinutes(1), Duration.ofHours(1));

    @Test
    void countsFromTheLastSuccess() {
        assertThat(DueDate.next(policy(EVERY_60_DAYS), SUCCESS, 0, Optional.empty()))
                .contains(Instant.parse("2026-03-02T00:00:00Z"));
    }

    @Test
    void mayLieInThePast() {
        assertThat(DueDate.next(policy(EVERY_60_DAYS), Instant.EPOCH, 0, Optional.empty()))
                .contains(Instant.EPOCH.plus(Duration.ofDays(60)));
    }

    @Test
    void comesBackByTheRetryRuleAfterAFailure() {
        assertThat(DueDate.next(policy(EVERY_60_DAYS), SUCCESS, 1, Optional.of(FAILURE)))
                .contains(FAILURE.plus(Duration.ofMinutes(1)));
        assertThat(DueDate.next(policy(EVERY_60_DAYS), SUCCESS, 2, Optional.of(FAILURE)))
                .contains(FAILURE.plus(Duration.ofMinutes(2)));
    }

    @Test
    void waitsForTheNextDateAfterTheLastRetry() {
        assertThat(DueDate.next(policy(EVERY_60_DAYS), SUCCESS, 3, Optional.of(FAILURE)))
                .contains(FAILURE.plus(Duration.ofDays(60)));
    }

    @Test
    void hasNoDateWithoutASchedule() {
        assertThat(DueDate.next(policy(null), SUCCESS, 1, Optional.of(FAILURE))).isEmpty();
    }

    @Test
    void hasNoDateWhereTheScheduleNeverFires() {
        Schedule never = new Schedule.Cron(CronExpression.parse("0 3 30 2 *"), ZoneOffset.UTC);

        assertThat(DueDate.next(policy(never), SUCCESS, 0, Optional.empty())).isEmpty();
    }

    private static Policy policy(@org.jspecify.annotations.Nullable Schedule schedule) {
        return new Policy(
                "p",
                new SecretRules.SshKey(KeyAlgorithm.ED25519),
                Optional.ofNullable(schedule),
                Duration.ZERO,
                Optional.empty(),
                TWICE,
                false,
                Policy.DEFAULT_VERIFY_EVERY);
    }
}
