package dev.keyturn.rotation;

import dev.keyturn.rotation.RotationState.Kind;
import dev.keyturn.rotation.RotationSummary.Transition;
import dev.keyturn.secret.AuthType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How long Dromo's password may have been dead. It is measured by what the journal holds, so that it is right after a
 * crash too, and errs to the long side.
 */
final class Gap {
    private Gap() {}

    /**
     * From the last moment before the host's password may have changed until Dromo confirmed that it has the new one, or
     * until the old one was proved to be back.
     *
     * @param steps in their order
     * @return empty for a key and for alternating accounts, which have none, and where it isn't over or never began
     */
    static Optional<Duration> of(AuthType type, boolean alternates, List<Transition> steps) {
        if (type == AuthType.KEY || alternates) {
            return Optional.empty();
        }
        Optional<Instant> from = first(steps, Kind.INSTALLING);
        boolean wayBack =
                steps.stream().anyMatch(step -> step.state() == Kind.RESTORING || step.state() == Kind.UNDOING);
        Optional<Instant> until = first(steps, wayBack ? Kind.ROLLED_BACK : Kind.PUBLISHED);
        return from.flatMap(began -> until.map(ended -> between(began, ended)));
    }

    private static Optional<Instant> first(List<Transition> steps, Kind kind) {
        Stream<Transition> found = steps.stream().filter(step -> step.state() == kind);
        return found.findFirst().map(Transition::at);
    }

    /** A clock that was set back makes no gap negative. */
    private static Duration between(Instant began, Instant ended) {
        return ended.isBefore(began) ? Duration.ZERO : Duration.between(began, ended);
    }
}
