package dev.keyturn.policy;

import java.time.Instant;
import java.util.ArrayList;
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

    /** The same where something holds it until its date, or as it is where that is over by then. */
    public Due notBefore(Shift hold) {
        if (!at.isBefore(hold.to())) {
            return this;
        }
        List<Shift> held = new ArrayList<>(shifts);
        held.add(hold);
        return new Due(hold.to(), held);
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
