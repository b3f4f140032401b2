package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.policy.Blackout;
import dev.keyturn.policy.CronExpression;
import dev.keyturn.policy.Due;
import dev.keyturn.policy.Hours;
import dev.keyturn.policy.Missed;
import dev.keyturn.policy.RetryRule;
import dev.keyturn.policy.Schedule;
import dev.keyturn.policy.Shift;
import dev.keyturn.policy.Timing;
import dev.keyturn.rotation.Forecast.Planned;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForecastTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void goesOnAsIfEachCompleted() {
        List<Planned> dates = Forecast.of(daily("acme", "a"), due(NOW.plus(DAY)), NOW, NOW.plus(DAY.multipliedBy(4)));

        assertThat(dates)
                .extracting(Planned::at)
                .containsExactly(
                        NOW.plus(DAY),
                        NOW.plus(DAY.multipliedBy(2)).plus(Forecast.LENGTH),
                        NOW.plus(DAY.multipliedBy(3)).plus(Forecast.LENGTH.multipliedBy(2)));
    }

    @Test
    void beginsNowWithWhatIsOverdue() {
        List<Planned> dates = Forecast.of(daily("acme", "a"), due(NOW.minus(DAY)), NOW, NOW.plus(DAY));

        assertThat(dates).hasSize(1);
        assertThat(dates.get(0).at()).isEqualTo(NOW);
    }

    @Test
    void leavesOutTheDateThatFollowsALateRotationAsTheDaemonDoes() {
        Instant sunday = Instant.parse("2026-11-08T01:00:00Z");
        Timing timing = new Timing(
                Optional.of(new Schedule.Cron(CronExpression.parse("0 3 * * SUN"), ZoneOffset.UTC)),
                Duration.ZERO,
                new Hours(List.of(), List.of(new Blackout(NOW.minus(DAY), sunday, "freeze"))),
                Missed.NEXT_WINDOW,
                RetryRule.DEFAULT);
        ManagedCredential weekly = TestCredential.overlapping("acme", timing, DAY, Optional.empty(), "a");

        List<Planned> dates = Forecast.of(weekly, due(sunday), NOW, NOW.plus(DAY.multipliedBy(20)));

        assertThat(dates).extracting(Planned::at).containsExactly(sunday, Instant.parse("2026-11-15T03:00:00Z"));
        assertThat(dates.get(1).shifts()).extracting(Shift::cause).contains(Shift.Cause.OVERLAP);
    }

    @Test
    void letsRotationsOnOneHostWaitForEachOther() {
        List<Planned> inTurn = new Forecast(16, 2).inTurn(atOnce(5, "a"));

        assertThat(inTurn).extracting(Planned::at).containsExactly(at(0), at(0), at(1), at(1), at(2));
        assertThat(inTurn.get(4).shifts().get(1).why()).isEqualTo("limits.per_host: 2 on a:22");
        assertThat(inTurn.get(0).shifts()).hasSize(1);
    }

    @Test
    void letsRotationsWaitForAWorker() {
        List<Planned> planned = new ArrayList<>(atOnce(2, "a"));
        planned.addAll(atOnce(2, "b"));

        List<Planned> inTurn = new Forecast(3, 2).inTurn(planned);

        assertThat(inTurn).extracting(Planned::at).containsExactly(at(0), at(0), at(0), at(1));
        assertThat(inTurn.get(3).shifts().get(1).why()).isEqualTo("limits.workers: 3");
    }

    @Test
    void keepsWhatIsFarApartWhereItIs() {
        List<Planned> planned = List.of(planned("one", "a", NOW), planned("two", "a", NOW.plus(Duration.ofHours(1))));

        assertThat(new Forecast(1, 1).inTurn(planned)).isEqualTo(planned);
    }

    private static Instant at(int lengths) {
        return NOW.plus(Forecast.LENGTH.multipliedBy(lengths));
    }

    private static List<Planned> atOnce(int number, String host) {
        return IntStream.range(0, number)
                .mapToObj(i -> planned(host + i, host, NOW))
                .toList();
    }

    private static Planned planned(String name, String host, Instant at) {
        return new Planned(daily(name, host), at, due(at).orElseThrow().shifts());
    }

    private static Optional<Due> due(Instant at) {
        return Optional.of(new Due(at, List.of(new Shift(Shift.Cause.SCHEDULE, at, "every 1d"))));
    }

    private static ManagedCredential daily(String name, String host) {
        return TestCredential.of(
                name, Timing.of(Optional.of(new Schedule.Every(DAY)), RetryRule.DEFAULT), Optional.empty(), host);
    }
}
