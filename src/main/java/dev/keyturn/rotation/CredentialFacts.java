package dev.keyturn.rotation;

import dev.keyturn.policy.DueDate;
import dev.keyturn.policy.Policy;
import java.time.Instant;
import java.util.Optional;

/**
 * What the store knows of a credential.
 *
 * @param current the secret Dromo is known to use; empty where none was adopted or rotated yet
 * @param firstSeenAt when the credential was first known here
 * @param rotatedAt when {@code current} became the one Dromo uses by a rotation; empty before the first
 * @param adoptedAt when a person last handed over a secret
 * @param lastVerifiedAt the last three-way check
 * @param verifiedSound what it found; true where there was none
 * @param failuresInARow rotations that did not complete since the last that did
 * @param lastRotation the newest rotation, open or ended
 */
public record CredentialFacts(
        String credential,
        Optional<SecretVersion> current,
        Instant firstSeenAt,
        Optional<Instant> rotatedAt,
        Optional<Instant> adoptedAt,
        Optional<Instant> lastVerifiedAt,
        boolean verifiedSound,
        int failuresInARow,
        Optional<RotationSummary> lastRotation) {

    /**
     * When a rotation is to begin, as far as the policy's schedule and its rule for retries say; may lie in the past.
     *
     * @param lastFailure when the last rotation failed
     */
    public Optional<Instant> due(Policy policy, Optional<Instant> lastFailure) {
        Optional<Instant> givenUp = lastRotation.filter(Abandonment::ended).flatMap(RotationSummary::finishedAt);
        return givenUp.isPresent()
                ? DueDate.next(policy, givenUp.get(), 0, Optional.empty())
                : DueDate.next(policy, countsFrom(), failuresInARow, lastFailure);
    }

    /** What a schedule counts from: the last success, else the adoption, else the first sight. */
    public Instant countsFrom() {
        return rotatedAt.or(() -> adoptedAt).orElse(firstSeenAt);
    }
}
