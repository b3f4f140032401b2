package dev.keyturn.rotation;

import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A rotation as the journal remembers it.
 *
 * @param fingerprint of the new key; empty for a password or where none was made
 * @param finishedAt empty while it is open
 * @param users whose accounts; empty where it ended before it looked
 * @param steps the states it went through, oldest first
 */
public record RotationSummary(
        RotationId id,
        String credential,
        AuthType authType,
        String reason,
        Actor actor,
        Instant startedAt,
        Optional<Instant> finishedAt,
        Outcome outcome,
        Optional<Fingerprint> fingerprint,
        Optional<Fingerprint> previousFingerprint,
        Optional<Failure> failure,
        Optional<RotationHead.Users> users,
        List<Transition> steps) {
    public RotationSummary {
        steps = List.copyOf(steps);
    }

    /** When it failed last; empty where it did not. */
    public Optional<Instant> failedAt() {
        if (failure.isEmpty()) {
            return Optional.empty();
        }
        return finishedAt
                .or(() -> failures().map(Transition::at).reduce((earlier, later) -> later))
                .or(() -> steps.isEmpty()
                        ? Optional.of(startedAt)
                        : Optional.of(steps.get(steps.size() - 1).at()));
    }

    /** Its entries with a failure, oldest first. */
    public Stream<Transition> failures() {
        return steps.stream().filter(step -> step.failure().isPresent());
    }

    /** The newest entries, as far back as they are of the state that holds now, oldest first; empty without any. */
    List<Transition> latest() {
        int from = steps.size();
        while (from > 0
                && steps.get(from - 1).state() == steps.get(steps.size() - 1).state()) {
            from--;
        }
        return steps.subList(from, steps.size());
    }

    /**
     * One entry of the journal: from {@code at} on, {@code state} held.
     *
     * @param findings what it rests on, in the order it was found
     */
    public record Transition(RotationState.Kind state, Instant at, Optional<Failure> failure, List<Finding> findings) {
        public Transition {
            findings = List.copyOf(findings);
        }
    }

    /**
     * How long Dromo's password may have been dead: from just before the host's may have changed until Dromo confirmed
     * the new one, or until the old one was proved to be back. Empty for a key and for alternating accounts, and where it
     * isn't over or never began.
     */
    public Optional<Duration> gap() {
        return Gap.of(authType, users.filter(RotationHead.Users::alternate).isPresent(), steps);
    }
}
