package dev.keyturn.rotation;

import java.time.Instant;
import java.util.Optional;

/**
 * A rotation's state as flat data, for a journal to keep.
 *
 * @param candidate as in the state
 * @param overlapUntil only of an overlapping rotation
 * @param undoneBecause only of a rotation on its way back, or rolled back
 */
public record RotationSnapshot(
        RotationState.Kind kind,
        RotationHead head,
        Optional<SecretVersion> candidate,
        Optional<Instant> overlapUntil,
        Optional<Failure> undoneBecause) {

    public static RotationSnapshot of(RotationState state) {
        Optional<Instant> until = Optional.empty();
        Optional<Failure> why = Optional.empty();
        if (state instanceof RotationState.Overlapping overlapping) {
            until = Optional.of(overlapping.until());
        } else if (state instanceof RotationState.Restoring restoring) {
            why = Optional.of(restoring.why());
        } else if (state instanceof RotationState.Undoing undoing) {
            why = Optional.of(undoing.why());
        } else if (state instanceof RotationState.RolledBack rolledBack) {
            why = Optional.of(rolledBack.why());
        }
        return new RotationSnapshot(state.kind(), state.head(), state.candidate(), until, why);
    }

    /**
     * The state again.
     *
     * @throws IllegalStateException where something is missing that the kind needs
     */
    public RotationState restore() {
        return switch (kind) {
            case STARTED -> new RotationState.Started(head);
            case ABANDONED -> new RotationState.Abandoned(head, candidate);
            case GENERATED -> new RotationState.Generated(head, secret());
            case INSTALLING -> new RotationState.Installing(head, secret());
            case AWAITING_INSTALL -> new RotationState.AwaitingInstall(head, secret());
            case INSTALLED -> new RotationState.Installed(head, secret());
            case PROVED -> new RotationState.Proved(head, secret());
            case PUBLISHING -> new RotationState.Publishing(head, secret());
            case PUBLISHED -> new RotationState.Published(head, secret());
            case CONFIRMED -> new RotationState.Confirmed(head, secret());
            case OVERLAPPING -> new RotationState.Overlapping(head, secret(), need(overlapUntil, "overlap_until"));
            case WITHDRAWING -> new RotationState.Withdrawing(head, secret());
            case AWAITING_WITHDRAWAL -> new RotationState.AwaitingWithdrawal(head, secret());
            case WITHDRAWN -> new RotationState.Withdrawn(head, secret());
            case COMPLETED -> new RotationState.Completed(head, secret());
            case RESTORING -> new RotationState.Restoring(head, secret(), need(undoneBecause, "undone_because"));
            case UNDOING -> new RotationState.Undoing(head, secret(), need(undoneBecause, "undone_because"));
            case ROLLED_BACK -> new RotationState.RolledBack(head, secret(), need(undoneBecause, "undone_because"));
        };
    }

    /** The same with no overlap before it, or with one that ends now; unchanged where there is none to come. */
    RotationSnapshot withoutOverlap(Instant now) {
        return switch (kind) {
            case WITHDRAWING, AWAITING_WITHDRAWAL, WITHDRAWN, RESTORING, UNDOING, COMPLETED, ROLLED_BACK, ABANDONED ->
                this;
            default ->
                new RotationSnapshot(
                        kind,
                        head.withoutOverlap(),
                        candidate,
                        overlapUntil.map(until -> until.isBefore(now) ? until : now),
                        undoneBecause);
        };
    }

    private SecretVersion secret() {
        return need(candidate, "candidate");
    }

    private <T> T need(Optional<T> value, String name) {
        return value.orElseThrow(() ->
                new IllegalStateException("rotation " + head.id() + " is " + kind + " but the journal has no " + name));
    }
}
