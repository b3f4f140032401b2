package dev.keyturn.policy;

import java.time.Instant;
import java.util.List;

/**
 * When a rotation starts; may lie in the past, then it is due now.
 *
 * @param shifts what gave the date and what moved it, in order; the last one's date is {@code at}
 */
public record Due(Instant at, List<Shift> shifts) {
    public Due {
        shifts = List.copyOf(shifts);
    }

    /** Whether it is there to mend a drift. */
    public boolean mendsDrift() {
        return shifts.get(0).cause() == Shift.Cause.DRIFT;
    }

    /** As the schedule or the rule for retries gave it. */
    public Instant asked() {
        return shifts.get(0).to();
    }
}
