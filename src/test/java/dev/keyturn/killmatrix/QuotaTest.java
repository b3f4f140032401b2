package dev.keyturn.killmatrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.killmatrix.Matrix.Row;
import dev.keyturn.killmatrix.Scenario.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

    private static Row row(Scenario scenario, Target... kills) {
        return new Row(scenario, kills.length, List.of(kills), Duration.ZERO, List.of());
    }

    @Test
    void countsByPointAndByKind() {
        List<Row> rows = List.of(
                row(forward, target(forward, "PUT", 1), target(forward, "COMMIT", 1), target(forward, "COMMIT", 2)),
                row(overlap, target(overlap, "PUT", 1)),
                row(ofAnotherKind, target(ofAnotherKind, "PUT", 1)));

        assertThat(Quota.kills(rows))
                .isEqualTo(Map.of(
                        "PUT", Map.of(Kind.ALL.get(0), 2, Kind.ALL.get(1), 1), "COMMIT", Map.of(Kind.ALL.get(0), 2)));
    }

    @Test
    void spreadsWhatIsMissingOverTheMomentsOfTheKind() {
        Target put = target(forward, "PUT", 1);
        Target late = target(overlap, "PUT", 1);
        List<Row> rows = List.of(row(forward, put), row(overlap, late));

        assertThat(Quota.missing(rows, 5)).isEqualTo(Map.of(forward, List.of(put, put), overlap, List.of(late)));
    }

    @Test
    void missesNothingWhereAKindHasEnough() {
        Target first = target(forward, "COMMIT", 1);
        Target second = target(forward, "COMMIT", 2);

        assertThat(Quota.missing(List.of(row(forward, first, second)), 2)).isEmpty();
    }

    @Test
    void countsEachKindForItself() {
        Target put = target(forward, "PUT", 1);
        List<Row> rows =
                Stream.of(forward, ofAnotherKind).map(each -> row(each, put)).toList();

        assertThat(Quota.missing(rows, 2)).isEqualTo(Map.of(forward, List.of(put), ofAnotherKind, List.of(put)));
    }
}
