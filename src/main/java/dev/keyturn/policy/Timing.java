package dev.keyturn.policy;

import java.time.Duration;
import java.util.Optional;

/**
 * When rotations of a policy's credentials start.
 *
 * @param schedule when one is due; empty where rotations are started by a person only
 * @param jitter how far credentials of one date are spread; zero for not at all
 * @param hours in which one may start
 * @param missed what becomes of a date that passed without one
 * @param retry when the daemon comes back after a failure
 */
public record Timing(Optional<Schedule> schedule, Duration jitter, Hours hours, Missed missed, RetryRule retry) {

    /** At any time of the day, all of them at once. */
    public static Timing of(Optional<Schedule> schedule, RetryRule retry) {
        return new Timing(schedule, Duration.ZERO, Hours.ALWAYS, Missed.NEXT_WINDOW, retry);
    }
}
