package dev.keyturn.killmatrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.killmatrix.Matrix.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A sample of the matrix: some moments of some scenarios, chosen by a seed. {@code -Dkeyturn.seed=N} repeats the choice of
 * an earlier run; {@code bench/kill-matrix} kills in every moment of every scenario.
 */
class KillMatrixIT {
    private static final int SCENARIOS = 8;
    private static final int MOMENTS = 8;
    private static final long SEED = Long.getLong("keyturn.seed", new Random().nextLong());

    @Test
    void isSettledByRecoveryWhateverTheMomentOfTheKill() {
        List<Scenario> scenarios = new ArrayList<>(Scenario.all());
        Collections.shuffle(scenarios, new Random(SEED));
        Matrix matrix = new Matrix(2, (scenario, moments) -> {
            List<Scenario.Target> shuffled = new ArrayList<>(moments);
            Collections.shuffle(shuffled, new Random(SEED));
            return shuffled.subList(0, Math.min(MOMENTS, shuffled.size()));
        });

        List<Row> rows = matrix.run(scenarios.subList(0, SCENARIOS));

        assertThat(rows.stream().flatMap(row -> row.violations().stream()))
                .as("-Dkeyturn.seed=" + SEED)
                .isEmpty();
    }
}
