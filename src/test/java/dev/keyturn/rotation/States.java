package dev.keyturn.rotation;

import dev.keyturn.rotation.RotationState.Kind;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One rotation of a credential, in any state. */
final class States {
    static final RotationId ID = new RotationId("0d5f3c0e-7b7e-4c9a-8a55-4c1f6f0d7a11");
    static final Fingerprint OLD = Fingerprint.ofBlob(new byte[] {1});
    static final Fingerprint NEW = Fingerprint.ofBlob(new byte[] {2});
    static final Failure WHY = new Failure(Step.CONFIRM, "dromo_login_failed", "acme: it failed.", "", "Do something.");

    private States() {}

    static RotationState of(Kind kind, AuthType type) {
        return of(kind, head(type));
    }

    static RotationState of(Kind kind, RotationHead head) {
        SecretVersion secret = candidate(head.authType());
        return switch (kind) {
            case STARTED -> new RotationState.Started(head);
            case GENERATED -> new RotationState.Generated(head, secret);
            case INSTALLING -> new RotationState.Installing(head, secret);
            case AWAITING_INSTALL -> new RotationState.AwaitingInstall(head, secret);
            case INSTALLED -> new RotationState.Installed(head, secret);
            case PROVED -> new RotationState.Proved(head, secret);
            case PUBLISHING -> new RotationState.Publishing(head, secret);
            case PUBLISHED -> new RotationState.Published(head, secret);
            case CONFIRMED -> new RotationState.Confirmed(head, secret);
            case OVERLAPPING -> new RotationState.Overlapping(head, secret, Instant.parse("2026-12-01T00:00:00Z"));
            case WITHDRAWING -> new RotationState.Withdrawing(head, secret);
            case AWAITING_WITHDRAWAL -> new RotationState.AwaitingWithdrawal(head, secret);
            case WITHDRAWN -> new RotationState.Withdrawn(head, secret);
            case COMPLETED -> new RotationState.Completed(head, secret);
            case RESTORING -> new RotationState.Restoring(head, secret, WHY);
            case UNDOING -> new RotationState.Undoing(head, secret, WHY);
            case ROLLED_BACK -> new RotationState.RolledBack(head, secret, WHY);
            case ABANDONED -> new RotationState.Abandoned(head, Optional.of(secret));
        };
    }

    static RotationHead head(AuthType type) {
        Optional<Fingerprint> fingerprint = type == AuthType.KEY ? Optional.of(OLD) : Optional.empty();
        return head(type, Optional.of(new SecretVersion("old", type, fingerprint)), fingerprint);
    }

    /** Of a credential whose secret nobody has handed over. */
    static RotationHead unadopted(AuthType type) {
        return head(type, Optional.empty(), type == AuthType.KEY ? Optional.of(OLD) : Optional.empty());
    }

    private static RotationHead head(
            AuthType type, Optional<SecretVersion> previous, Optional<Fingerprint> fingerprint) {
        return new RotationHead(
                ID,
                "acme",
                type,
                "a test",
                Actor.SCHEDULE,
                Instant.parse("2026-11-23T12:00:00Z"),
                Duration.ofDays(1),
                previous,
                fingerprint);
    }

    static SecretVersion candidate(AuthType type) {
        return new SecretVersion(ID.text(), type, type == AuthType.KEY ? Optional.of(NEW) : Optional.empty());
    }
}
