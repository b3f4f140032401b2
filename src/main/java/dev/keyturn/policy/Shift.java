package dev.keyturn.policy;

import java.time.Instant;
import java.util.Locale;

/**
 * One thing that has a say in when a rotation starts.
 *
 * @param to the date it gave, or moved it to
 * @param why what it is, e.g. {@code blackout 'year-end freeze'}
 */
public record Shift(Cause cause, Instant to, String why) {
    public enum Cause {
        /** The schedule gave the date. */
        SCHEDULE,
        /** A check found a drift, which the policy has a rotation mend. */
        DRIFT,
        /** A person said that others know the secret. */
        COMPROMISED,
        /** The rule for retries gave the date. */
        RETRY,
        /** The old key still logs in, or the other one of alternating accounts may still be in use. */
        OVERLAP,
        /** The last rotation came so late that this one would be the same turn once more. */
        SAME_TURN,
        /** A person paused it. */
        PAUSE,
        WINDOW,
        BLACKOUT,
        JITTER,
        /** A date passed without a rotation. */
        MISSED,
        /** Others are rotated on the same host, or in all. */
        LIMIT;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
