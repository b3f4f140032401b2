package dev.keyturn.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.keyturn.rotation.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several faults at once, drawn from a seed. The name of a failed test has the seed, which
 * {@code -Dkeyturn.faults.seed=N} replays; {@code -Dkeyturn.faults.draws=N} sets how many there are, from a random first
 * seed on.
 */
class FaultSeedIT {
    private static final int USUAL_DRAWS = 40;

    @TempDir
    static Path directory;

    @TestFactory
    Stream<DynamicTest> convergesWhateverIsDrawn() {
        Long replayed = Long.getLong("keyturn.faults.seed");
        long first = replayed == null ? System.nanoTime() : replayed;
        int draws = replayed == null ? Integer.getInteger("keyturn.faults.draws", USUAL_DRAWS) : 1;
        List<FaultDraw> drawn =
                LongStream.range(first, first + draws).mapToObj(FaultDraw::of).toList();
        SideBySide<FaultDraw, Outcome> running = new SideBySide<>(drawn, FaultDraw::hangs, directory, FaultDraw::run);
        return drawn.stream()
                .map(one -> dynamicTest(
                        one.toString(), () -> assertThat(running.result(one)).isNotEqualTo(Outcome.ROTATING)));
    }
}
