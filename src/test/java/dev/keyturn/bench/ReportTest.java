package dev.keyturn.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final CpuTimes CPU = new CpuTimes(
            Duration.ofMillis(4000), Duration.ofMillis(500), Duration.ofMillis(100), Duration.ofMillis(5000));

    private final Contestant limit = contestant(Contestants.LIMIT, Contestant.Kind.LOGS_IN);
    private final Contestant keyturn = contestant(Contestants.KEYTURN, Contestant.Kind.ROTATES);
    private final Contestant script = contestant("script", Contestant.Kind.ROTATES);

    @Test
    void makesRatiosWithinARoundAndThenTheirMedian() {
        // The second round met a machine half as fast; the ratios stay.
        List<Leg> legs = List.of(
                leg(limit, 1, 2),
                leg(keyturn, 1, 4),
                leg(script, 1, 10),
                leg(limit, 2, 4),
                leg(keyturn, 2, 8),
                leg(script, 2, 20),
                leg(limit, 3, 2),
                leg(keyturn, 3, 4),
                leg(script, 3, 12));

        assertThat(new Report(legs).markdown())
                .contains("| limit | 2.0 | 50.0 | 100 % |  | 2.00 + 1.00 |")
                .contains("| keyturn | 4.0 | 25.0 | 50 % |  | 2.00 + 1.00 |")
                .contains("| script | 12.0 | 8.3 | 20 % | 2.50 × | 2.00 + 1.00 |")
                .contains("- script: 10.00, 20.00, 12.00");
    }

    @Test
    void leavesOutRatiosToWhoDidNotTakePart() {
        assertThat(new Report(List.of(leg(script, 1, 10))).markdown())
                .contains("| script | 10.0 | 10.0 |  |  | 2.00 + 1.00 |");
    }

    @Test
    void tellsWhereTheProcessorTimeOfAnAccountWent() {
        assertThat(new Report(List.of(leg(script, 1, 10))).markdown()).contains("| script | 40 | 5 | 1.0 | 46 | 4 |");
    }

    private static Contestant contestant(String name, Contestant.Kind kind) {
        return new Contestant(name, name, kind, List.of(), Map.of(), directory -> {});
    }

    private static Leg leg(Contestant contestant, int round, int seconds) {
        return new Leg(contestant, round, 100, Duration.ofSeconds(seconds), CPU, 200, 100);
    }
}
