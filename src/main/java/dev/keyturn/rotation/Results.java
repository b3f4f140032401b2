package dev.keyturn.rotation;

import dev.keyturn.rotation.RotationState.Kind;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import java.time.Duration;
import java.util.Optional;

/** Puts into a {@link RotationResult} what a rotation came to. */
final class Results {
    private final Journal journal;

    Results(Journal journal) {
        this.journal = journal;
    }

    RotationResult of(ManagedCredential credential, RotationState state, Optional<Failure> failure, Duration duration) {
        boolean newInUse = Outcome.newInUse(state.kind());
        Optional<Fingerprint> candidate = state.candidate().flatMap(SecretVersion::fingerprint);
        return new RotationResult(
                credential.name(),
                Optional.of(state.head().id()),
                Outcome.of(state.kind(), failure.isPresent()),
                state.head().authType(),
                newInUse ? candidate : state.head().previousFingerprint(),
                state.head().previousFingerprint(),
                duration,
                gap(state.head()),
                failure);
    }

    private Optional<Duration> gap(RotationHead head) {
        return head.authType() == AuthType.KEY
                ? Optional.empty()
                : journal.history(Optional.of(head.credential()), 1).stream()
                        .filter(rotation -> rotation.id().equals(head.id()))
                        .findFirst()
                        .flatMap(RotationSummary::gap);
    }

    /** What a rotation that has completed came to, as the journal remembers it. */
    static RotationResult of(RotationSummary completed) {
        return new RotationResult(
                completed.credential(),
                Optional.of(completed.id()),
                completed.outcome(),
                completed.authType(),
                completed.fingerprint(),
                completed.previousFingerprint(),
                Duration.between(completed.startedAt(), completed.finishedAt().orElse(completed.startedAt())),
                completed.gap(),
                Optional.empty());
    }

    static RotationResult inOverlap(RotationResult waiting, RotationState open) {
        boolean byPartner = open.kind() == Kind.AWAITING_WITHDRAWAL;
        Failure why = new Failure(
                Step.OVERLAP,
                FailureKind.IN_OVERLAP.label(),
                waiting.credential() + ": the last rotation "
                        + (byPartner ? "waits for the partner to take the old key off" : "is still in its overlap")
                        + (open instanceof RotationState.Overlapping o ? " until " + o.until() : "")
                        + "; a new one would leave three keys",
                ValidNow.in(open),
                byPartner
                        ? "Have the partner take the key off that keyturn show-key --old " + waiting.credential()
                                + " prints, then rotate again."
                        : "Wait until the overlap is over; recover or the daemon withdraws the old key then. If the key"
                                + " was compromised: keyturn rotate --compromised " + waiting.credential() + ".");
        return new RotationResult(
                waiting.credential(),
                waiting.rotation(),
                waiting.outcome(),
                waiting.authType(),
                waiting.fingerprint(),
                waiting.previousFingerprint(),
                waiting.duration(),
                waiting.gap(),
                Optional.of(why));
    }
}
