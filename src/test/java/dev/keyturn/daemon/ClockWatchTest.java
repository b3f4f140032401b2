package dev.keyturn.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration YEAR = Duration.ofDays(365);

    private Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private long nanos = Long.MAX_VALUE - 5;
    private int setBack;
    private boolean fails;
    private final ClockWatch watch = new ClockWatch(clock(), () -> nanos, () -> {
        setBack++;
        if (fails) {
            throw new IllegalStateException("injected");
        }
    });

    @Test
    void leavesEverythingAloneWhileTheClockOnlyGoesOn() {
        pass(MINUTE, MINUTE);
        pass(MINUTE, MINUTE.minusSeconds(20));
        pass(MINUTE, MINUTE.minusSeconds(50));

        assertThat(setBack).isZero();
    }

    /** What is due by then is begun by itself. */
    @Test
    void leavesEverythingAloneWhereTheClockWasPutForward() {
        pass(MINUTE, YEAR);

        assertThat(setBack).isZero();
    }

    @Test
    void noticesOnceThatAClockWhichWasAheadIsSetRight() {
        pass(MINUTE, YEAR.plus(MINUTE));
        pass(MINUTE, MINUTE.minus(YEAR));
        pass(MINUTE, MINUTE);

        assertThat(setBack).isEqualTo(1);
    }

    @Test
    void noticesThatTheClockStoodStillForMoreThanAMinute() {
        pass(Duration.ofSeconds(121), Duration.ofSeconds(61));
        assertThat(setBack).isZero();

        pass(Duration.ofSeconds(122), Duration.ofSeconds(61));
        assertThat(setBack).isEqualTo(1);
    }

    @Test
    void triesAgainWhatCouldNotBeDone() {
        fails = true;
        assertThatThrownBy(() -> pass(MINUTE, MINUTE.minus(YEAR))).isInstanceOf(IllegalStateException.class);
        fails = false;
        pass(MINUTE, MINUTE);
        pass(MINUTE, MINUTE);

        assertThat(setBack).isEqualTo(2);
    }

    private void pass(Duration time, Duration byTheClock) {
        nanos += time.toNanos();
        now = now.plus(byTheClock);
        watch.look();
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException("this clock is in UTC");
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
    }
}
