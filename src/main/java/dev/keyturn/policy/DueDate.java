package dev.keyturn.policy;

import java.time.Instant;
import java.util.Optional;

/** When a credential is rotated next: a pure function of what happened so far. */
public final class DueDate {
    private DueDate() {}

    /**
     * The instant of the next rotation; it may lie in the past, then the rotation is due now.
     *
     * @param countsFrom the last success, else the adoption, else when the credential was first known
     * @param failuresInARow rotations that did not complete since then
     * @param lastFailure when the last of them ended; empty where there was none
     * @return empty where the policy has no schedule and nothing is to be retried, or no further date
     */
    public static Optional<Instant> next(
            Policy policy, Instant countsFrom, int failuresInARow, Optional<Instant> lastFailure) {
        if (policy.schedule().isEmpty()) {
            return Optional.empty();
        }
        Schedule schedule = policy.schedule().get();
        if (failuresInARow == 0 || lastFailure.isEmpty()) {
            return date(schedule, countsFrom);
        }
        Instant failed = lastFailure.get();
        if (policy.retry().allowsAfter(failuresInARow)) {
            return Optional.of(failed.plus(policy.retry().delayAfter(failuresInARow)));
        }
        return date(schedule, failed);
    }

    private static Optional<Instant> date(Schedule schedule, Instant after) {
        Instant next = schedule.nextAfter(after);
        return next.equals(Instant.MAX) ? Optional.empty() : Optional.of(next);
    }
}
