package dev.keyturn.faults;

import dev.keyturn.rotation.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that only waiting moves. Thread-safe. */
final class Waiting extends Clock implements Sleeper {
    private Instant now = Instant.parse("2026-03-01T03:00:00Z");
    private int pauses;

    @Override
    public synchronized void sleep(Duration duration) {
        pauses++;
        now = now.plus(duration);
    }

    synchronized int pauses() {
        return pauses;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("a test's clock has one zone");
    }
}
