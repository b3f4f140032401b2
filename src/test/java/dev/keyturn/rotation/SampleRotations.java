package dev.keyturn.rotation;

import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import dev.keyturn.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;

/** Rotations, secrets and entries for tests of journals. The keys are no real ones, only of the right form. */
public final class SampleRotations {
    public static final Instant START = Instant.parse("2026-03-01T03:00:00.123456Z");

    private SampleRotations() {}

    /** A key pair that differs for each {@code mark}, which also stands in its private half. */
    public static LoginSecret.KeyPair keyPair(String mark) {
        // Nothing of the mark itself, so that a search for it finds private halves alone.
        byte[] blob = ("a public key blob " + Integer.toHexString(mark.hashCode())).getBytes(StandardCharsets.UTF_8);
        return new LoginSecret.KeyPair(
                Secret.takeOver(
                        ("-----BEGIN OPENSSH PRIVATE KEY-----\n" + mark + "\n").getBytes(StandardCharsets.UTF_8)),
                new PublicKey("ssh-ed25519", Base64.getEncoder().encodeToString(blob)));
    }

    public static LoginSecret.Password password(String text) {
        return new LoginSecret.Password(Secret.takeOver(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The version that keeps {@code secret} under {@code id}. */
    public static SecretVersion version(String id, LoginSecret secret) {
        return new SecretVersion(id, secret.authType(), secret.fingerprint());
    }

    public static RotationHead head(String credential, Optional<SecretVersion> previous) {
        return new RotationHead(
                RotationId.random(),
                credential,
                AuthType.KEY,
                "quarterly; \"quoted\" & ünïcode",
                Actor.cli(1000, "ada"),
                START,
                Duration.ofHours(24),
                previous,
                previous.flatMap(SecretVersion::fingerprint));
    }

    public static Failure failure(Step step) {
        return new Failure(
                step,
                "connection_refused",
                "acme: sftp.acme.example:22 refuses the connection",
                "the old key logs in and Dromo holds it",
                "Check the host; then run: keyturn rotate acme");
    }

    public static JournalEntry entry(RotationState state, Instant at) {
        return JournalEntry.of(state, at);
    }

    public static JournalEntry failed(RotationState state, Instant at) {
        return JournalEntry.of(state, at).because(failure(Step.PROVE));
    }

    public static JournalEntry storing(RotationState state, Instant at, LoginSecret secret) {
        return JournalEntry.of(state, at).storing(secret);
    }

    /** One rotation in each state there is, with everything filled in that the state has. */
    public static Stream<RotationState> everyState(RotationHead head, SecretVersion secret) {
        Failure why = failure(Step.CONFIRM);
        return Stream.of(
                new RotationState.Started(head),
                new RotationState.Generated(head, secret),
                new RotationState.Installing(head, secret),
                new RotationState.AwaitingInstall(head, secret),
                new RotationState.Installed(head, secret),
                new RotationState.Proved(head, secret),
                new RotationState.Publishing(head, secret),
                new RotationState.Published(head, secret),
                new RotationState.Confirmed(head, secret),
                new RotationState.Overlapping(head, secret, START.plus(Duration.ofHours(24))),
                new RotationState.Withdrawing(head, secret),
                new RotationState.AwaitingWithdrawal(head, secret),
                new RotationState.Withdrawn(head, secret),
                new RotationState.Completed(head, secret),
                new RotationState.Restoring(head, secret, why),
                new RotationState.Undoing(head, secret, why),
                new RotationState.RolledBack(head, secret, why),
                new RotationState.Abandoned(head, Optional.empty()),
                new RotationState.Abandoned(head, Optional.of(secret)));
    }

    public static Fingerprint fingerprint(String mark) {
        return keyPair(mark).publicKey().fingerprint();
    }
}
