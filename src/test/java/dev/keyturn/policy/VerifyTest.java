package dev.keyturn.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.policy.Verify.OnDrift;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VerifyTest {
    private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");
    private static final Duration HOURS = Duration.ofHours(6);
    private static final Verify EVERY_SIX_HOURS = new Verify(HOURS, OnDrift.ALERT);

    @Test
    void comesEachTimeAfterTheSameInterval() {
        Instant first = EVERY_SIX_HOURS.next("acme", START, START);
        Instant second = EVERY_SIX_HOURS.next("acme", first.plusSeconds(3), START);
        Instant third = EVERY_SIX_HOURS.next("acme", second.plusSeconds(40), START);

        assertThat(first).isAfter(START).isBeforeOrEqualTo(START.plus(HOURS));
        assertThat(second).as("what a check takes puts nothing off").isEqualTo(first.plus(HOURS));
        assertThat(third).isEqualTo(second.plus(HOURS));
    }

    @Test
    void aRestartMovesNothingThatWasCheckedInTime() {
        Instant checked = START.minusSeconds(60);

        assertThat(EVERY_SIX_HOURS.next("acme", checked, checked.plusSeconds(1)))
                .isEqualTo(EVERY_SIX_HOURS.next("acme", checked, checked.plusSeconds(30)));
    }

    @Test
    void spreadsAFleet() {
        Map<Long, Long> byHour = fleet(name -> EVERY_SIX_HOURS.next(name, START, START)).stream()
                .collect(Collectors.groupingBy(at -> Duration.between(START, at).toHours(), Collectors.counting()));

        assertThat(byHour.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(1000);
        assertThat(IntStream.range(0, 6).mapToObj(hour -> byHour.getOrDefault((long) hour, 0L)))
                .allSatisfy(inAnHour -> assertThat(inAnHour).isBetween(120L, 220L));
    }

    @Test
    void makesUpForAWeekOfDowntimeWithinAnHourButNotAtOnce() {
        List<Instant> dates = fleet(name -> EVERY_SIX_HOURS.next(name, START.minus(Duration.ofDays(7)), START));

        assertThat(dates).allSatisfy(at -> assertThat(at).isBetween(START, START.plus(Duration.ofHours(1))));
        assertThat(dates.stream().filter(at -> at.isBefore(START.plusSeconds(60))))
                .hasSizeLessThan(40);
    }

    private static List<Instant> fleet(Function<String, Instant> next) {
        return IntStream.range(0, 1000)
                .mapToObj(number -> next.apply("credential-" + number))
                .toList();
    }
}
