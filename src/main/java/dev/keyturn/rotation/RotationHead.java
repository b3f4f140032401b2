package dev.keyturn.rotation;

import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What holds for a rotation from its beginning to its end.
 *
 * @param authType what Dromo logs in with after it
 * @param overlap of the policy it began with
 * @param previous the secret it replaces, where the store has it
 * @param previousFingerprint the key it replaces, from the store or from Dromo; empty for a password
 */
public record RotationHead(
        RotationId id,
        String credential,
        AuthType authType,
        String reason,
        Actor actor,
        Instant startedAt,
        Duration overlap,
        Optional<SecretVersion> previous,
        Optional<Fingerprint> previousFingerprint) {
    /** The same with the key that Dromo logs in with today; empty for a password. */
    RotationHead replacing(Optional<Fingerprint> fingerprint) {
        return new RotationHead(id, credential, authType, reason, actor, startedAt, overlap, previous, fingerprint);
    }

    /** The same with another secret of the store, which the host turned out to have. */
    RotationHead replacing(SecretVersion version) {
        return new RotationHead(
                id,
                credential,
                authType,
                reason,
                actor,
                startedAt,
                overlap,
                Optional.of(version),
                version.fingerprint());
    }
}
