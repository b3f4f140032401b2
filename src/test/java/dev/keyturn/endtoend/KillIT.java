package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.RequiresSshd;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * SIGKILL at random instants of a rotation, then {@code recover}. {@code -Dkeyturn.kills=N} kills more often than five
 * times, and {@code -Dkeyturn.seed=N} repeats the instants of an earlier run.
 */
@RequiresSshd
class KillIT {

    private static final int KILLS = Integer.getInteger("keyturn.kills", 5);
    /** In the message of each assertion. */
    private static final long SEED = Long.getLong("keyturn.seed", new Random().nextLong());

    @ParameterizedTest
    @EnumSource
    void alwaysLeavesDromoACredentialThatLogsInAfterRecovery(RandomKills.Secrets secrets) {
        try (RandomKills test = new RandomKills(secrets, SEED)) {
            assertThat(test.kill(KILLS)).isPositive();
        }
    }
}
