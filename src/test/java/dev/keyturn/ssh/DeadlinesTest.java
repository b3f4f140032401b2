package dev.keyturn.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.ssh.Deadlines.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DeadlinesTest {
    /** Else a host that hangs is taken for one without SFTP where JSch, with the same limit, is the first to give up. */
    @Test
    void aDeadlineIsOverWithItsTimeThoughItsTimerIsLate() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (Deadlines deadlines = new Deadlines();
                Deadline busy = deadlines.in(Duration.ZERO, () -> {
                    begun.countDown();
                    await(goOn);
                })) {
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();

            try (Deadline over = deadlines.in(Duration.ZERO, () -> {});
                    Deadline ahead = deadlines.in(Duration.ofDays(1), () -> {})) {
                assertThat(over.passed()).isTrue();
                assertThat(ahead.passed()).isFalse();
            }
            assertThat(busy.passed()).isTrue();
            goOn.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
