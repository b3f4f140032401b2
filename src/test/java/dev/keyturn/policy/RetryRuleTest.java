package dev.keyturn.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryRuleTest {
    @ParameterizedTest
    @CsvSource({"1, PT1M", "2, PT2M", "3, PT4M", "6, PT32M", "7, PT1H", "8, PT1H", "2147483647, PT1H"})
    void doublesTheDelayUpToTheLongest(int failures, Duration delay) {
        assertThat(RetryRule.DEFAULT.longestAfter(failures)).isEqualTo(delay);
    }

    @Test
    void leavesToChanceWhenItComesBackWithinTheDelay() {
        Set<Duration> drawn = IntStream.range(0, 1000)
                .mapToObj(i -> RetryRule.DEFAULT.delayAfter(4, "acme-" + i))
                .collect(Collectors.toSet());

        assertThat(drawn)
                .hasSizeGreaterThan(300)
                .allSatisfy(delay -> assertThat(delay).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(8)));
        assertThat(RetryRule.DEFAULT.delayAfter(4, "acme")).isEqualTo(RetryRule.DEFAULT.delayAfter(4, "acme"));
    }

    @Test
    void allowsAsManyRetriesAsItSays() {
        RetryRule twice = new RetryRule(2, Duration.ofMinutes(1), Duration.ofMinutes(1));

        assertThat(twice.allowsAfter(1)).isTrue();
        assertThat(twice.allowsAfter(2)).isTrue();
        assertThat(twice.allowsAfter(3)).isFalse();
    }

    @Test
    void allowsNoneWithZeroAttempts() {
        assertThat(new RetryRule(0, Duration.ofMinutes(1), Duration.ofMinutes(1)).allowsAfter(1))
                .isFalse();
    }

    @Test
    void doesNotOverflowWithTheLongestDelays() {
        RetryRule rule = new RetryRule(Integer.MAX_VALUE, Duration.ofNanos(1), Durations.parse("36500d"));

        assertThat(rule.longestAfter(Integer.MAX_VALUE)).isEqualTo(Duration.ofDays(36500));
    }

    @Test
    void refusesWhatMakesNoSense() {
        Duration minute = Duration.ofMinutes(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryRule(-1, minute, minute))
                .withMessageContaining("attempts");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryRule(1, Duration.ZERO, minute))
                .withMessageContaining("first_delay");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryRule(1, minute.negated(), minute))
                .withMessageContaining("first_delay");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryRule(1, minute, Duration.ofSeconds(59)))
                .withMessageContaining("max_delay");
    }
}
