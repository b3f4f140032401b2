package dev.keyturn.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What happened to a credential so far, as far as its next date rests on it.
 *
 * @param name the credential's; its jitter follows from it
 * @param countsFrom the last success, else the adoption, else when the credential was first known
 * @param rotatedAt the last success; empty where there was none
 * @param failuresInARow rotations that did not complete since then
 * @param lastFailure when the last of them ended; empty where there was none
 * @param holds before their dates no rotation starts, whatever else is the case
 */
public record Past(
        String name,
        Instant countsFrom,
        Optional<Instant> rotatedAt,
        int failuresInARow,
        Optional<Instant> lastFailure,
        List<Shift> holds) {

    /** A clock that is set back by less makes nothing wait for long. */
    private static final Duration LITTLE = Duration.ofHours(1);

    /**
     * Whether a clock wrote this that was ahead, by more than is made up for soon. Whoever waits from then on would wait
     * until the clock comes to that time once more.
     */
    public static boolean isAhead(Instant written, Instant now) {
        return written.isAfter(now.plus(LITTLE));
    }

    /** A rotation that completed at {@code countsFrom}. */
    public static Past of(String name, Instant countsFrom) {
        return new Past(name, countsFrom, Optional.of(countsFrom), 0, Optional.empty(), List.of());
    }

    /** No rotation that completed; dates count from {@code countsFrom} all the same. */
    public static Past without(String name, Instant countsFrom) {
        return new Past(name, countsFrom, Optional.empty(), 0, Optional.empty(), List.of());
    }
}
