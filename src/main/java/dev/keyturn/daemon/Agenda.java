package dev.keyturn.daemon;

import dev.keyturn.policy.DueDate;
import dev.keyturn.policy.RetryRule;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.RotationState;
import dev.keyturn.rotation.RotationSummary;
import dev.keyturn.rotation.Waiting;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** When a credential's next turn is: a pure function of the policy and of what the journal knows. */
final class Agenda {
    private Agenda() {}

    /**
     * @param open the credential's rotation that has not ended
     * @return empty where nothing will happen by itself
     */
    static Optional<Instant> nextTurn(
            ManagedCredential credential, CredentialFacts facts, Optional<RotationState> open) {
        Optional<Instant> lastFailure = facts.lastRotation().flatMap(Agenda::lastFailure);
        if (open.isEmpty()) {
            boolean canBegin =
                    facts.current().isPresent() || credential.install().worksWithoutOldSecret();
            return canBegin ? facts.due(credential, lastFailure) : Optional.empty();
        }
        Optional<Waiting> waiting = facts.lastRotation().flatMap(last -> Waiting.of(credential, last));
        if (waiting.isPresent()) {
            return waiting.map(Waiting::nextTry);
        }
        if (lastFailure.isEmpty()) {
            return Optional.of(
                    open.get() instanceof RotationState.Overlapping overlapping ? overlapping.until() : Instant.EPOCH);
        }
        int failures = (int) failures(facts.lastRotation().orElseThrow()).count();
        // What a partner did by hand is not left lying until the next due date.
        boolean byPartner = credential.install() instanceof InstallMethod.Manual;
        RetryRule retry =
                byPartner ? credential.policy().tries() : credential.policy().retry();
        if (retry.allowsAfter(failures)) {
            return Optional.of(lastFailure.get().plus(retry.delayAfter(failures)));
        }
        return DueDate.next(credential.policy(), lastFailure.get(), 0, Optional.empty());
    }

    private static Optional<Instant> lastFailure(RotationSummary rotation) {
        List<RotationSummary.Transition> steps = rotation.steps();
        if (rotation.failure().isEmpty()) {
            return Optional.empty();
        }
        return rotation.finishedAt()
                .or(() -> failures(rotation)
                        .map(RotationSummary.Transition::at)
                        .reduce((earlier, later) -> later)
                        .or(() -> steps.isEmpty()
                                ? Optional.of(rotation.startedAt())
                                : Optional.of(steps.get(steps.size() - 1).at())));
    }

    private static java.util.stream.Stream<RotationSummary.Transition> failures(RotationSummary rotation) {
        return rotation.steps().stream().filter(step -> step.failure().isPresent());
    }
}
