package dev.keyturn.rotation;

import dev.keyturn.rotation.HostVisit.Verdict;
import dev.keyturn.rotation.RotationState.AwaitingInstall;
import dev.keyturn.rotation.RotationState.AwaitingWithdrawal;
import dev.keyturn.rotation.RotationState.Undoing;
import dev.keyturn.rotation.RotationState.WithCandidate;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import java.util.Optional;

/**
 * The steps in which a partner changes the host, and we only look whether it was done, once a turn. A look begins with a
 * login of the key that has to be valid: it shows that the partner did not touch that one, and a login that is accepted
 * keeps refused ones from adding up to a locked account ({@link LoginBudget}). Then follows one login with the key in
 * question. A query with its public half alone (RFC 4252, section 7) would spare nothing: sshd counts and logs one that
 * it refuses like a login that it refuses, and one that it accepts proves less.
 */
final class HandOver {
    private final InFlight flight;
    private final Chronicle chronicle;
    private final Withdrawal withdrawal;
    private final WayBack wayBack;

    HandOver(InFlight flight, Chronicle chronicle, Withdrawal withdrawal, WayBack wayBack) {
        this.flight = flight;
        this.chronicle = chronicle;
        this.withdrawal = withdrawal;
        this.wayBack = wayBack;
    }

    /** From now on the key may be on its way to the partner, so the secret is kept until the host refuses it. */
    RotationState ask(AwaitingInstall next) {
        chronicle.enter(next);
        chronicle.done(
                Step.INSTALL,
                next,
                "the partner is to install the new key " + fresh(next) + "; keyturn show-key "
                        + next.head().credential() + " prints it");
        return next;
    }

    RotationState awaitingInstall(AwaitingInstall state) throws StepException {
        if (!flight.byPartner()) {
            return chronicle.enter(state.installing());
        }
        chronicle.began(Step.INSTALL);
        boolean oldLogsIn = oldLogsIn(Step.INSTALL, state);
        if (!flight.logsIn(Step.INSTALL, flight.candidate(state))) {
            if (oldLogsIn) {
                return ask(state);
            }
            throw neitherLogsIn(Step.INSTALL, state);
        }
        // A partner who has replaced the old key has stranded Dromo: then to go on is the way out.
        return chronicle.succeeded(SideEffect.INSTALL, state.installed(), "the partner installed the new key");
    }

    RotationState awaitingWithdrawal(AwaitingWithdrawal state) throws StepException {
        if (!flight.byPartner()) {
            withdrawal.requireDromoHolds(state);
            return chronicle.enter(state.withdrawing());
        }
        chronicle.began(Step.WITHDRAW);
        withdrawal.requireNewLogsIn(Step.WITHDRAW, state);
        Verdict verdict = withdrawal.tryPredecessor(Step.WITHDRAW, state);
        return switch (verdict) {
            case ACCEPTED -> {
                chronicle.enter(state);
                chronicle.done(
                        Step.WITHDRAW,
                        state,
                        "the partner is to take the old key " + old(state) + " off the host; keyturn show-key --old "
                                + state.head().credential() + " prints it");
                yield state;
            }
            case REFUSED -> {
                requireGivenUpKeysDead(state);
                yield withdrawal.withdrawn(
                        chronicle.succeeded(
                                SideEffect.WITHDRAW, state.withdrawn(), "the partner took the old key off the host"),
                        verdict,
                        false);
            }
            case UNKNOWN ->
                throw new StepException(flight.why(
                        Step.WITHDRAW,
                        FailureKind.OLD_CREDENTIAL_NOT_KNOWN,
                        "the old key was never in the store, so nothing can prove that the partner took it off",
                        "Put back the install method that the rotation began with."));
        };
    }

    /** A partner may have installed the key of a rotation that was given up, from a mail of long ago. */
    private void requireGivenUpKeysDead(AwaitingWithdrawal state) throws StepException {
        for (SecretVersion version : flight.kept()) {
            Optional<PublicKey> key = flight.journal().publicKey(version);
            if (key.isPresent()) {
                requireDead(state, version, key.get());
            }
        }
    }

    private void requireDead(AwaitingWithdrawal state, SecretVersion version, PublicKey key) throws StepException {
        withdrawal.requireNewLogsIn(Step.WITHDRAW, state);
        try (LoginSecret givenUp = flight.journal().secret(version)) {
            if (flight.logsIn(Step.WITHDRAW, givenUp)) {
                throw new StepException(flight.why(
                        Step.WITHDRAW,
                        FailureKind.GIVEN_UP_KEY_ALIVE,
                        "the key " + key.fingerprint() + " of a rotation that was given up logs in on the host: " + key,
                        "Have the partner take this key off too."));
            }
        }
    }

    /** The way back: only the partner can take the new key off, so it is kept until the host refuses it. */
    RotationState undoing(Undoing state) throws StepException {
        chronicle.began(Step.UNDO);
        boolean oldLogsIn = oldLogsIn(Step.UNDO, state);
        if (flight.logsIn(Step.UNDO, flight.candidate(state))) {
            throw new StepException(flight.why(
                    Step.UNDO,
                    FailureKind.AWAITING_REMOVAL,
                    "the new key " + fresh(state) + " is on the host, and only the partner can take it off",
                    "Have the partner remove the key that keyturn show-key "
                            + state.head().credential() + " prints."));
        }
        if (!oldLogsIn) {
            throw neitherLogsIn(Step.UNDO, state);
        }
        return wayBack.rolledBack(state, "the host refuses the new key; the old one logs in");
    }

    /** A key that the store never had is taken to log in: an install method of ours needed no proof of it. */
    private boolean oldLogsIn(Step step, WithCandidate state) throws StepException {
        Optional<LoginSecret> old = flight.predecessor(state).secret();
        return old.isEmpty() || flight.logsIn(step, old.get());
    }

    private StepException neitherLogsIn(Step step, WithCandidate state) {
        return new StepException(
                flight.why(
                        step,
                        FailureKind.LOCKED_OUT,
                        "the host refuses the old key " + old(state) + " and the new one " + fresh(state),
                        "Dromo can't log in either. Ask the partner what happened to the account; both keys are in the store."));
    }

    private static String fresh(WithCandidate state) {
        return state.secret().fingerprint().map(Fingerprint::text).orElseThrow();
    }

    private static String old(WithCandidate state) {
        return state.head().previousFingerprint().map(Fingerprint::text).orElse("(not known)");
    }
}
