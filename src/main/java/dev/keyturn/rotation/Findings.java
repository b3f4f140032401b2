package dev.keyturn.rotation;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** What was found since the journal's last entry; the next one takes it along. */
final class Findings {
    private final Clock clock;
    private final List<Finding> found = new ArrayList<>();

    Findings(Clock clock) {
        this.clock = clock;
    }

    void add(String probe, String answer) {
        found.add(new Finding(clock.instant(), probe, answer));
    }

    /** A probe that got no answer. */
    void unanswered(String probe, RemoteException e) {
        add(probe, e.kind() + ": " + e.getMessage());
    }

    List<Finding> take() {
        List<Finding> taken = List.copyOf(found);
        found.clear();
        return taken;
    }
}
