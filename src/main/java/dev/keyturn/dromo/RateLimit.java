package dev.keyturn.dromo;

import dev.keyturn.rotation.Sleeper;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * At most so many requests a second over all threads, after a burst of one second's worth. Fair: each request reserves
 * the next free moment when it comes, and then waits for it.
 */
final class RateLimit {
    private static final double NANOS_PER_SECOND = 1e9;

    private final LongSupplier nanoTime;
    private final Sleeper sleeper;
    private final long interval;
    private final long burst;
    /** Nanoseconds are compared by difference only: the source may be negative and may overflow. */
    private long nextFree;

    RateLimit(double requestsPerSecond, LongSupplier nanoTime, Sleeper sleeper) {
        this.nanoTime = nanoTime;
        this.sleeper = sleeper;
        this.interval = (long) (NANOS_PER_SECOND / requestsPerSecond);
        this.burst = ((long) Math.max(1, requestsPerSecond) - 1) * interval;
        this.nextFree = nanoTime.getAsLong() - burst;
    }

    /** Returns when the caller may send a request. */
    void await() throws InterruptedException {
        long wait = reserve();
        if (wait > 0) {
            sleeper.sleep(Duration.ofNanos(wait));
        }
    }

    private synchronized long reserve() {
        long now = nanoTime.getAsLong();
        long unused = now - burst;
        if (nextFree - unused < 0) {
            nextFree = unused;
        }
        long wait = nextFree - now;
        nextFree += interval;
        return wait;
    }
}
