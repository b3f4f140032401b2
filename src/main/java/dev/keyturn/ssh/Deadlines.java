package dev.keyturn.ssh;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends what takes too long. A read timeout is not enough: a host that sends a little now and then, or answers
 * keep-alives while its SFTP server hangs, would hold a rotation for ever. Thread-safe.
 */
final class Deadlines implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;

    Deadlines() {
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "ssh-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    /**
     * Runs {@code hangUp} when {@code limit} has passed and the result is not closed yet.
     *
     * @param hangUp must not wait for anything: one thread keeps the time for all hosts
     */
    Deadline in(Duration limit, Runnable hangUp) {
        Deadline deadline = new Deadline(System.nanoTime() + limit.toNanos(), hangUp);
        deadline.future = timer.schedule(deadline, limit.toMillis(), TimeUnit.MILLISECONDS);
        return deadline;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    static final class Deadline implements Runnable, AutoCloseable {
        private final long end;
        private final Runnable hangUp;
        private volatile boolean passed;
        private @org.jspecify.annotations.Nullable ScheduledFuture<?> future;

        private Deadline(long end, Runnable hangUp) {
            this.end = end;
            this.hangUp = hangUp;
        }

        /**
         * Whether the time is over, so that the failure seen is this deadline's work, or that of JSch, which was given the same
         * time and may notice first.
         */
        boolean passed() {
            return passed || System.nanoTime() - end >= 0;
        }

        @Override
        public void run() {
            passed = true;
            hangUp.run();
        }

        @Override
        public void close() {
            if (future != null) {
                future.cancel(false);
            }
        }
    }
}
