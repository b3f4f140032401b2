package dev.keyturn.killmatrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.killmatrix.Matrix.Row;
import dev.keyturn.killmatrix.Scenario.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QuotaTest {
    private final Scenario forward = scenario(0);
    private final Scenario overlap = scenario(1);
    private final Scenario ofAnotherKind = new Scenario(Kind.ALL.get(1), forward.course());

    private static Scenario scenario(int course) {
        return new Scenario(
                Kind.ALL.get(0), Course.fitting(Kind.ALL.get(0)).toList().get(course));
    }

    private static Target target(Scenario scenario, String point, int nth) {
        return new Target(scenario.course().legs().get(0), Passing.at(point, nth));
    }

    private static Row row(Scenario scenario, List<Target> moments, Target... kills) {
        return new Row(scenario, moments, List.of(kills), 0, Duration.ZERO, List.of());
    }

    @Test
    void countsByPointAndByKind() {
        Target put = target(forward, "PUT", 1);
        Target first = target(forward, "COMMIT", 1);
        Target second = target(forward, "COMMIT", 2);
        List<Row> rows = List.of(
                row(forward, List.of(put, first, second), put, first, second),
                row(overlap, List.of(put), put),
                row(ofAnotherKind, List.of(put, first), put));

        assertThat(Quota.kills(rows, 0))
                .isEqualTo(Map.of(
                        "PUT", Map.of(Kind.ALL.get(0), 2, Kind.ALL.get(1), 1),
                        "COMMIT", Map.of(Kind.ALL.get(0), 2, Kind.ALL.get(1), 0)));
    }

    @Test
    void goesOnInTheMomentsThatWereKilledInLeast() {
        Target put = target(forward, "PUT", 1);
        Target late = target(overlap, "PUT", 2);
        List<Row> rows = List.of(row(forward, List.of(put), put, put), row(overlap, List.of(late)));

        assertThat(Quota.missing(rows, 0, 5)).isEqualTo(Map.of(overlap, List.of(late, late), forward, List.of(put)));
    }

    @Test
    void missesNothingWhereAKindHasEnough() {
        Target first = target(forward, "COMMIT", 1);
        Target second = target(forward, "COMMIT", 2);

        assertThat(Quota.missing(List.of(row(forward, List.of(first, second), first, second)), 0, 2))
                .isEmpty();
    }

    @Test
    void countsWhatAnEarlierRunMade() {
        Target put = target(forward, "PUT", 1);
        Target late = target(overlap, "PUT", 2);
        List<Row> rows = List.of(row(forward, List.of(put), put), row(overlap, List.of(late)));

        assertThat(Quota.kills(rows, 3)).isEqualTo(Map.of("PUT", Map.of(Kind.ALL.get(0), 7)));
        assertThat(Quota.missing(rows, 3, 8)).isEqualTo(Map.of(overlap, List.of(late)));
    }

    @Test
    void countsEachKindForItself() {
        Target put = target(forward, "PUT", 1);
        List<Row> rows = List.of(row(forward, List.of(put), put), row(ofAnotherKind, List.of(put), put));

        assertThat(Quota.missing(rows, 0, 2)).isEqualTo(Map.of(forward, List.of(put), ofAnotherKind, List.of(put)));
    }

    @Test
    void addsUpTwoRunsOfAScenario() {
        Target put = target(forward, "PUT", 1);
        Row first = new Row(forward, List.of(put), List.of(put), 1, Duration.ofSeconds(2), List.of("one"));
        Row second = new Row(forward, List.of(put), List.of(put), 2, Duration.ofSeconds(3), List.of("two"));

        assertThat(first.and(second))
                .isEqualTo(new Row(
                        forward, List.of(put), List.of(put, put), 3, Duration.ofSeconds(5), List.of("one", "two")));
    }
}
