package dev.keyturn.rotation;

import java.time.Instant;
import java.util.Optional;

/**
 * A rotation, in the state it is in: one record a state, with what is true in it and only the transitions that are legal
 * from it. {@link RotationSnapshot} turns states into rows and back.
 *
 * <pre>
 * Started -> Generated -> Installing -> Installed -> Proved -> Publishing -> Published -> Confirmed
 *                             |            |          |           |             |            |
 *                             +------------+----------+-----------+             v            v
 *                                          v                                Restoring    Overlapping
 *    Abandoned (from Started, Generated)  Undoing <------------------------- (old key        |
 *                                          |                                  in Dromo)      v
 *                                          v                                             Withdrawing
 *                                      RolledBack                                            |
 *                                                                  Completed <- Withdrawn <--+
 * </pre>
 *
 * Where a partner changes the host, {@code AwaitingInstall} stands in the place of Installing, and
 * {@code AwaitingWithdrawal} in that of Withdrawing.
 */
public sealed interface RotationState {

    /** The states, by the names the journal and {@code history} use. */
    enum Kind {
        STARTED,
        GENERATED,
        INSTALLING,
        AWAITING_INSTALL,
        INSTALLED,
        PROVED,
        PUBLISHING,
        PUBLISHED,
        CONFIRMED,
        OVERLAPPING,
        WITHDRAWING,
        AWAITING_WITHDRAWAL,
        WITHDRAWN,
        COMPLETED,
        RESTORING,
        UNDOING,
        ROLLED_BACK,
        ABANDONED;

        /** Whether a rotation in this state has ended. */
        public boolean terminal() {
            return this == COMPLETED || this == ROLLED_BACK || this == ABANDONED;
        }
    }

    Kind kind();

    RotationHead head();

    /** The new secret; empty only before it was made. */
    default Optional<SecretVersion> candidate() {
        return Optional.empty();
    }

    /** Goes on from here: calls the one method of {@code steps} that is for this state. */
    RotationState advance(Steps steps) throws StepException;

    /** What can be done from each state that has not ended. Each does its step and returns the next state. */
    interface Steps {
        RotationState started(Started state) throws StepException;

        RotationState generated(Generated state) throws StepException;

        RotationState installing(Installing state) throws StepException;

        RotationState awaitingInstall(AwaitingInstall state) throws StepException;

        RotationState installed(Installed state) throws StepException;

        RotationState proved(Proved state) throws StepException;

        RotationState publishing(Publishing state) throws StepException;

        RotationState published(Published state) throws StepException;

        RotationState confirmed(Confirmed state) throws StepException;

        RotationState overlapping(Overlapping state) throws StepException;

        RotationState withdrawing(Withdrawing state) throws StepException;

        RotationState awaitingWithdrawal(AwaitingWithdrawal state) throws StepException;

        RotationState withdrawn(Withdrawn state) throws StepException;

        RotationState restoring(Restoring state) throws StepException;

        RotationState undoing(Undoing state) throws StepException;
    }

    /** Nothing was touched yet. */
    record Started(RotationHead head) implements RotationState {
        @Override
        public Kind kind() {
            return Kind.STARTED;
        }

        @Override
        public RotationState advance(Steps steps) throws StepException {
            return steps.started(this);
        }

        /** @param found the head, with the predecessor that preflight found to be in use today */
        Generated generated(SecretVersion candidate, RotationHead found) {
            return new Generated(found, candidate);
        }

        Abandoned abandoned() {
            return new Abandoned(head, Optional.empty());
        }
    }

    /** The new secret is durable in the store and nowhere else. */
    record Generated(RotationHead head, SecretVersion secret) implements WithCandidate {
        @Override
        public Kind kind() {
            return Kind.GENERATED;
        }

        @Override
        public RotationState advance(Steps steps) throws StepException {
            return steps.generated(this);
        }

        Installing installing() {
            return new Installing(head, secret);
        }

        AwaitingInstall awaitingInstall() {
            return new AwaitingInstall(head, secret);
        }

        Abandoned abandoned() {
            return new Abandoned(head, Optional.of(secret));
        }
    }

    /** The host may or may not have the new secret. */
    record Installing(RotationHead head, SecretVersion secret) implements WithCandidate {
        @Override
        public Kind kind() {
            return Kind.INSTALLING;
        }

        @Override
        public RotationState advance(Steps steps) throws StepException {
            return steps.installing(this);
        }

        Installed installed() {
            return new Installed(head, secret);
        }

        /** The install method was changed to one where a partner installs. */
        AwaitingInstall awaitingInstall() {
            return new AwaitingInstall(head, secret);
        }

        Undoing undoing(Failure why) {
            return new Undoing(head, secret, why);
        }
    }

    /** A partner was asked to install the new key, and may or may not have done so. */
    record AwaitingInstall(RotationHead head, SecretVersion secret) implements WithCandidate {
        @Override
        public Kind kind() {
            return Kind.AWAITING_INSTALL;
        }

        @Override
        public RotationState advance(Steps steps) throws StepException {
            return steps.awaitingInstall(this);
        }

        /** The install method was changed to one of ours. */
        Installing installing() {
            return new Installing(head, secret);
        }

        Installed installed() {
            return new Installed(head, secret);
        }

        Undoing undoing(Failure why) {
            return new Undoing(head, secret, why);
        }
    }

    /** The host has it; it was read back, or it was seen to log in. */
    record Installed(RotationHead head, SecretVersion secret) implements WithCandidate {
        @Override
        public Kind kind() {
            return Kind.INSTALLED;
        }

        @Override
        public RotationState advance(Steps steps) throws StepException {
            return steps.installed(this);
        }

        Proved proved() {
            return new Proved(head, secret);
        }

        Undoing undoing(Failure why) {
            return new Undoing(head, secret, why);
        }
    }

    /** We logged in with it. */
    record Proved(RotationHead head, SecretVersion secret) implements WithCandidate {
        @Override
        public Kind kind() {
            return Kind.PROVED;
        }

        @Override
        public RotationState advance(Steps steps) throws StepException {
            return steps.proved(this);
        }

        Publishing publishing() {
            return new Publishing(head, secret);
        }
    }

    /** Dromo may hold the old or the new one. */
    record Publishing(RotationHead head, SecretVersion secret) implements WithCandidate {
        @Override
        public Kind kind() {
            return Kind.PUBLISHING;
        }

        @Override
        public RotationState advance(Steps steps) throws StepException {
            return steps.publishing(this);
        }

        Published published() {
            return new Published(head, secret);
        }

        /** Dromo does not hold it; it stays on the host for another try. */
        Installed installed() {
            return new Installed(head, secret);
        }

        /** Dromo has said clearly that it did not take the new one. */
        Undoing undoing(Failure why) {
            return new Undoing(head, secret, why);
        }

        Restoring restoring(Failure why) {
            return new Restoring(head, secret, why);
        }
    }

    /** Dromo holds the new one: it said so in the PUT's answer and in a GET. */
    record Published(RotationHead head, SecretVersion secret) implements WithCandidate {
        @Override
        public Kind kind() {
            return Kind.PUBLISHED;
        }

        @Override
        public RotationState advance(Steps steps) throws StepException {
            return steps.published(this);
        }

        Confirmed confirmed() {
            return new Confirmed(head, secret);
        }

        Restoring restoring(Failure why) {
            return new Restoring(head, secret, why);
        }
    }

    /** Dromo logged in with the new one: both proofs are there. From here there is no way back, only forward. */
    record Confirmed(RotationHead head, SecretVersion secret) implements WithCandidate {
        @Override
        public Kind kind() {
            return Kind.CONFIRMED;
        }

        @Override
        public RotationState advance(Steps steps) throws StepException {
            return steps.confirmed(this);
        }

        Overlapping overlapping(Instant until) {
            return new Overlapping(head, secret, until);
        }

        Withdrawing withdrawing() {
            return new Withdrawing(head, secret);
        }

        AwaitingWithdrawal awaitingWithdrawal() {
            return new AwaitingWithdrawal(head, secret);
        }

        /** Nothing is left to take off the host: a password was replaced, or no key was known before. */
        Withdrawn withdrawn() {
            return new Withdrawn(head, secret);
        }
    }

    /** Old and new log in, until {@code until}. */
    record Overlapping(RotationHead head, SecretVersion secret, Instant until) implements WithCandidate {
        @Override
        public Kind kind() {
            return Kind.OVERLAPPING;
        }

        @Override
        public RotationState advance(Steps steps) throws StepException {
            return steps.overlapping(this);
        }

        Withdrawing withdrawing() {
            return new Withdrawing(head, secret);
        }

        AwaitingWithdrawal awaitingWithdrawal() {
            return new AwaitingWithdrawal(head, secret);
        }
    }

    /** The old one may or may not be off the host. */
    record Withdrawing(RotationHead head, SecretVersion secret) implements WithCandidate {
        @Override
        public Kind kind() {
            return Kind.WITHDRAWING;
        }

        @Override
        public RotationState advance(Steps steps) throws StepException {
            return steps.withdrawing(this);
        }

        /** The install method was changed to one where a partner withdraws. */
        AwaitingWithdrawal awaitingWithdrawal() {
            return new AwaitingWithdrawal(head, secret);
        }

        Withdrawn withdrawn() {
            return new Withdrawn(head, secret);
        }
    }

    /** A partner was asked to take the old key off the host, and may or may not have done so. */
    record AwaitingWithdrawal(RotationHead head, SecretVersion secret) implements WithCandidate {
        @Override
        public Kind kind() {
            return Kind.AWAITING_WITHDRAWAL;
        }

        @Override
        public RotationState advance(Steps steps) throws StepException {
            return steps.awaitingWithdrawal(this);
        }

        /** The install method was changed to one of ours. */
        Withdrawing withdrawing() {
            return new Withdrawing(head, secret);
        }

        Withdrawn withdrawn() {
            return new Withdrawn(head, secret);
        }
    }

    /** The old one is off the host, by what was read back; not yet proved refused. */
    record Withdrawn(RotationHead head, SecretVersion secret) implements WithCandidate {
        @Override
        public Kind kind() {
            return Kind.WITHDRAWN;
        }

        @Override
        public RotationState advance(Steps steps) throws StepException {
            return steps.withdrawn(this);
        }

        Completed completed() {
            return new Completed(head, secret);
        }
    }

    /** Dromo may hold the new one and is to get the old one back. */
    record Restoring(RotationHead head, SecretVersion secret, Failure why) implements WithCandidate {
        @Override
        public Kind kind() {
            return Kind.RESTORING;
        }

        @Override
        public RotationState advance(Steps steps) throws StepException {
            return steps.restoring(this);
        }

        Undoing undoing() {
            return new Undoing(head, secret, why);
        }
    }

    /** Dromo holds the old one; the host may hold the new one, which is to come off. */
    record Undoing(RotationHead head, SecretVersion secret, Failure why) implements WithCandidate {
        @Override
        public Kind kind() {
            return Kind.UNDOING;
        }

        @Override
        public RotationState advance(Steps steps) throws StepException {
            return steps.undoing(this);
        }

        RolledBack rolledBack() {
            return new RolledBack(head, secret, why);
        }
    }

    /** Done: Dromo and host have the new one, and the old one is dead. */
    record Completed(RotationHead head, SecretVersion secret) implements WithCandidate {
        @Override
        public Kind kind() {
            return Kind.COMPLETED;
        }

        @Override
        public RotationState advance(Steps steps) {
            throw ended(this);
        }
    }

    /** Undone: Dromo and host have the old one, and the new one is in the store alone. */
    record RolledBack(RotationHead head, SecretVersion secret, Failure why) implements WithCandidate {
        @Override
        public Kind kind() {
            return Kind.ROLLED_BACK;
        }

        @Override
        public RotationState advance(Steps steps) {
            throw ended(this);
        }
    }

    /** Stopped before anything was touched. */
    record Abandoned(RotationHead head, Optional<SecretVersion> candidate) implements RotationState {
        @Override
        public Kind kind() {
            return Kind.ABANDONED;
        }

        @Override
        public RotationState advance(Steps steps) {
            throw ended(this);
        }
    }

    /** Every state from the moment on in which the new secret exists. */
    sealed interface WithCandidate extends RotationState {
        SecretVersion secret();

        @Override
        default Optional<SecretVersion> candidate() {
            return Optional.of(secret());
        }
    }

    private static IllegalStateException ended(RotationState state) {
        return new IllegalStateException("rotation " + state.head().id() + " has ended: " + state.kind());
    }
}
