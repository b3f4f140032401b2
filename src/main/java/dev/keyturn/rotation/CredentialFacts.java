package dev.keyturn.rotation;

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

    /** What a schedule counts from: the last success, else the adoption, else the first sight. */
    public Instant countsFrom() {
        return rotatedAt.or(() -> adoptedAt).orElse(firstSeenAt);
    }
}
