package dev.keyturn.rotation;

import dev.keyturn.policy.Due;
import dev.keyturn.policy.DueDate;
import dev.keyturn.policy.Past;
import dev.keyturn.policy.RetryRule;
import dev.keyturn.policy.Shift;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * When the daemon comes back to a rotation that failed and has not ended. Windows, blackouts and a pause are about what
 * begins: host and Dromo may disagree meanwhile, so none of them holds it back.
 */
public final class Settling {
    private Settling() {}

    /** Empty where the rotation has ended or did not fail, where it waits for a partner, and where only a person helps. */
    public static Optional<Due> next(ManagedCredential credential, CredentialFacts facts, Instant now) {
        if (facts.lastRotation().isEmpty()) {
            return Optional.empty();
        }
        RotationSummary rotation = facts.lastRotation().get();
        Optional<Instant> failed = rotation.failedAt();
        if (failed.isEmpty()
                || rotation.finishedAt().isPresent()
                || Waiting.of(credential, rotation, now).isPresent()) {
            return Optional.empty();
        }
        Instant failedAt = failed.get();
        if (Past.isAhead(failedAt, now)) {
            return Optional.of(at(now));
        }
        Optional<Compromise> word = facts.compromiseOf(credential);
        int failures = (int) rotation.failures()
                .filter(step -> word.map(it -> it.wasTriedAt(step.at(), now)).orElse(true))
                .count();
        if (failures == 0) {
            return Optional.of(at(now));
        }
        // What a partner did by hand is not left lying until the next due date.
        boolean byPartner = credential.install() instanceof InstallMethod.Manual;
        RetryRule retry =
                byPartner ? credential.policy().tries() : credential.policy().retry();
        if (retry.allowsAfter(failures)) {
            Duration delay =
                    byPartner ? retry.longestAfter(failures) : retry.delayAfter(failures, credential.name() + failedAt);
            return Optional.of(at(failedAt.plus(delay)));
        }
        if (word.isPresent()) {
            return Optional.of(at(failedAt.plus(DueDate.AFTER_THE_LAST_RETRY)));
        }
        return DueDate.next(credential.policy(), Past.without(credential.name(), failedAt), now);
    }

    private static Due at(Instant at) {
        return new Due(at, List.of(new Shift(Shift.Cause.RETRY, at, "settles the rotation that is open")));
    }
}
