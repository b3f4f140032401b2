package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Being watched changes nothing of what Dromo promises. */
class WatchedDromoTest extends FakeDromoTest {
    private final List<CrashPoint> passed = new ArrayList<>();

    @Override
    protected Dromo dromo() {
        return new WatchedDromo(super.dromo(), passed::add);
    }

    @Test
    void passesThePointBehindACallThatFailedToo() {
        assertThatThrownBy(() -> dromo().retrieve("nobody")).isInstanceOf(DromoException.class);

        assertThat(passed).containsExactly(CrashPoint.BEFORE_DROMO_RETRIEVE, CrashPoint.AFTER_DROMO_RETRIEVE);
    }
}
