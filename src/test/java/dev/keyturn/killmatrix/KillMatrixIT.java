package dev.keyturn.killmatrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.killmatrix.Matrix.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A sample of the matrix: some moments of one scenario of each kind, chosen by a seed. {@code -Dkeyturn.seed=N} repeats the
 * choice of an earlier run; {@code bench/kill-matrix} kills in every moment of every scenario.
 */
@Tag("exhaustive")
class KillMatrixIT {
    private static final int MOMENTS = 7;
    /** Fewer than the moments: what recovered from one kill has to rotate again, to be killed the next time. */
    private static final int TOGETHER = 4;

    private static final long SEED = Long.getLong("keyturn.seed", new Random().nextLong());

    @Test
    void isSettledByRecoveryWhateverTheMomentOfTheKill() {
        List<Scenario> shuffledScenarios = new ArrayList<>(Scenario.all());
        Collections.shuffle(shuffledScenarios, new Random(SEED));
        List<Scenario> scenarios = Kind.ALL.stream()
                .flatMap(kind -> shuffledScenarios.stream()
                        .filter(scenario -> scenario.kind().equals(kind))
                        .limit(1))
                .toList();
        Matrix matrix = new Matrix(2, TOGETHER, (scenario, moments) -> {
            List<Scenario.Target> shuffled = new ArrayList<>(moments);
            Collections.shuffle(shuffled, new Random(SEED));
            return shuffled.subList(0, Math.min(MOMENTS, shuffled.size()));
        });

        List<Row> rows = matrix.run(scenarios);

        assertThat(rows)
                .allSatisfy(row -> assertThat(row.kills())
                        .hasSize(Math.min(MOMENTS, row.moments().size())));
        assertThat(rows.stream().flatMap(row -> row.violations().stream()))
                .as("-Dkeyturn.seed=" + SEED)
                .isEmpty();
    }
}
