package dev.keyturn.rotation;

import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import java.time.Duration;
import java.util.Optional;

/**
 * What came of a rotation that was asked for.
 *
 * @param rotation empty where none was begun
 * @param outcome as in {@code rotate --json}
 * @param fingerprint of the key that is in use now; empty for a password
 * @param previousFingerprint of the key it replaced or would have replaced
 * @param gap how long Dromo's password may have been dead; empty where there was no gap or it isn't over
 * @param failure empty where the state asked for was reached
 */
public record RotationResult(
        String credential,
        Optional<RotationId> rotation,
        Outcome outcome,
        AuthType authType,
        Optional<Fingerprint> fingerprint,
        Optional<Fingerprint> previousFingerprint,
        Duration duration,
        Optional<Duration> gap,
        Optional<Failure> failure) {
    /** Of one that was asked for and not begun: nothing was changed. */
    public static RotationResult notBegun(ManagedCredential credential, Failure why) {
        return new RotationResult(
                credential.name(),
                Optional.empty(),
                Outcome.FAILED,
                credential.authType(),
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO,
                Optional.empty(),
                Optional.of(why));
    }

    /**
     * Whether all was done that can be done here: the new credential is in use, or is the partner's to install.
     */
    public boolean succeeded() {
        return failure.isEmpty()
                && (outcome == Outcome.COMPLETED || outcome == Outcome.OVERLAP || outcome == Outcome.AWAITING_INSTALL);
    }
}
