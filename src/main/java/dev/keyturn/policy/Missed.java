package dev.keyturn.policy;

import java.time.Duration;
import java.util.Locale;

/**
 * What becomes of a date that passed without a rotation, since Keyturn did not run or had no room for it. A date is missed
 * once the hours in which its rotation could have started are over; without windows, after {@link #GRACE}.
 */
public enum Missed {
    /** It starts when rotations may start again; without windows that is as soon as possible. */
    NEXT_WINDOW,
    /** It starts as soon as possible, outside of the windows too, but in no blackout. */
    AT_ONCE,
    /** It is left out. */
    SKIP;

    /** Longer than a host that is busy holds a rotation up, shorter than any schedule that makes sense. */
    static final Duration GRACE = Duration.ofHours(1);

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
