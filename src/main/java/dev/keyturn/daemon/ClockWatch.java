package dev.keyturn.daemon;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out that the clock was set back: less time has passed by it than by a stopwatch. Thread-safe. */
final class ClockWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);
    /** Far more than a clock is slowed down by between two looks, and too little to make anything late. */
    private static final Duration LITTLE = Duration.ofMinutes(1);

    private final Clock clock;
    private final LongSupplier stopwatch;
    private final Runnable setBack;
    private Instant lastInstant;
    private long lastNanos;

    /**
     * @param stopwatch in nanoseconds, from any beginning
     * @param setBack what is done then; where it throws, the next look does it again
     */
    ClockWatch(Clock clock, LongSupplier stopwatch, Runnable setBack) {
        this.clock = clock;
        this.stopwatch = stopwatch;
        this.setBack = setBack;
        this.lastInstant = clock.instant();
        this.lastNanos = stopwatch.getAsLong();
    }

    synchronized void look() {
        Instant now = clock.instant();
        long nanos = stopwatch.getAsLong();
        Duration back = Duration.between(now, lastInstant.plusNanos(nanos - lastNanos));
        if (back.compareTo(LITTLE) > 0) {
            LOG.atWarn()
                    .addKeyValue("seconds", back.toSeconds())
                    .log("The clock was set back; all turns are set anew by what it says now");
            setBack.run();
        }
        lastInstant = now;
        lastNanos = nanos;
    }
}
