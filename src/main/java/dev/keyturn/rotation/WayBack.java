package dev.keyturn.rotation;

import dev.keyturn.rotation.AuditEvent.Result;
import dev.keyturn.rotation.RotationState.Restoring;
import dev.keyturn.rotation.RotationState.RolledBack;
import dev.keyturn.rotation.RotationState.Undoing;
import dev.keyturn.secret.LoginSecret;
import java.util.Optional;

/**
 * The steps back: the old credential returns to Dromo first, then the new one comes off the host, which is proved by its
 * refusal. The new secret stays in the store all the same, until a later rotation completes.
 */
final class WayBack {
    private final InFlight flight;
    private final Chronicle chronicle;
    private final Publication publication;
    private final SwitchBack switchBack;

    WayBack(InFlight flight, Chronicle chronicle, Publication publication) {
        this.flight = flight;
        this.chronicle = chronicle;
        this.publication = publication;
        this.switchBack = new SwitchBack(flight, chronicle, publication);
    }

    /**
     * Turns back: the old credential is to return to Dromo.
     *
     * @throws StepException where the store never had it: then the rotation stays where it is
     */
    Restoring restore(RotationState from, Restoring next) throws StepException {
        requireOldSecret(from, next.why());
        return chronicle.enter(next);
    }

    /**
     * Turns back: the new credential is to come off the host.
     *
     * @throws StepException where that would need an old password that the store never had, or a partner: what a
     *     partner has installed by hand stays for another try
     */
    Undoing undo(RotationState from, Undoing next) throws StepException {
        if (flight.byPartner()) {
            throw new StepException(next.why());
        }
        if (!flight.isKey() && !flight.accounts().alternate()) {
            requireOldSecret(from, next.why());
        }
        return chronicle.enter(next);
    }

    /** Whether the host's password was replaced by the new one, and nobody has the old one to put it back. */
    boolean isClosed(RotationState from) {
        return !flight.isKey()
                && !flight.accounts().alternate()
                && flight.inDromo(from).isEmpty();
    }

    private void requireOldSecret(RotationState from, Failure why) throws StepException {
        if (flight.inDromo(from).isEmpty()) {
            // Its message begins with the credential's name already.
            throw new StepException(new Failure(
                    why.step(),
                    why.kind(),
                    why.message() + "; the old secret was never in the store, so it can't be put back",
                    why.validNow(),
                    why.hint()));
        }
    }

    RotationState restoring(Restoring state, boolean resumed) throws StepException {
        chronicle.began(Step.RESTORE);
        chronicle.intend(SideEffect.RESTORE, state);
        try {
            putBack(state, resumed);
        } catch (StepException e) {
            chronicle.effectFailed(SideEffect.RESTORE, state, Result.UNKNOWN, e.failure());
            throw e;
        }
        return chronicle.succeeded(SideEffect.RESTORE, state.undoing(), "Dromo holds the old credential again");
    }

    private void putBack(Restoring state, boolean resumed) throws StepException {
        LoginSecret old = flight.inDromo(state).orElseThrow();
        // Asking first settles a restore whose answer never came; a single account's password can't be seen in Dromo's
        // record, so it is just sent again.
        Publication.Verdict verdict = publication.put(
                old, Predecessor.of(flight.candidate(state)), resumed && flight.showsInDromo(), Step.RESTORE);
        if (verdict instanceof Publication.Verdict.NotTaken not) {
            throw new StepException(not.why());
        }
        if (verdict instanceof Publication.Verdict.Doubtful doubtful) {
            throw new StepException(doubtful.why());
        }
        if (flight.isKey()) {
            proveOldKey(state, old);
        }
    }

    /**
     * Dromo's own login is the proof. Where Dromo can't log in with the old key either, the cause isn't the new key: then
     * our own login with the old one shows that going back is sound.
     */
    private void proveOldKey(Restoring state, LoginSecret old) throws StepException {
        Dromo.TestResult test = publication.test(Step.RESTORE);
        if (test.success()) {
            return;
        }
        if (!flight.logsIn(Step.RESTORE, old)) {
            throw new StepException(flight.why(
                    Step.RESTORE,
                    FailureKind.OLD_CREDENTIAL_REFUSED,
                    "after " + state.why().message() + ", the old key went back to Dromo, but the host refuses it",
                    "Both keys are in the store and nothing was withdrawn; check the account on the host."));
        }
    }

    RotationState undoing(Undoing state, boolean resumed) throws StepException {
        chronicle.began(Step.UNDO);
        if (flight.accounts().alternate()) {
            return switchBack.undoing(state, resumed);
        }
        chronicle.intend(SideEffect.UNINSTALL, state);
        String detail;
        try {
            detail = flight.isKey() ? takeKeyOff(state, resumed) : putPasswordBack(state, resumed);
        } catch (RemoteException e) {
            Failure why = lockedOut(e) ? bothRefused() : flight.why(Step.UNDO, e);
            chronicle.effectFailed(SideEffect.UNINSTALL, state, Result.UNKNOWN, why);
            throw new StepException(why, e);
        } catch (StepException e) {
            chronicle.effectFailed(SideEffect.UNINSTALL, state, Result.FAILURE, e.failure());
            throw e;
        }
        return rolledBack(state, detail);
    }

    /** The password that preflight found on the host in place of the store's current one: Dromo has it from now on. */
    private Optional<SecretVersion> lateEffect(Undoing state) {
        RotationHead head = state.head();
        Optional<SecretVersion> current =
                flight.journal().facts(head.credential()).flatMap(CredentialFacts::current);
        return flight.isKey() || head.alternates()
                ? Optional.empty()
                : head.previous().filter(found -> !current.equals(Optional.of(found)));
    }

    /** The host has refused the new credential. */
    RolledBack rolledBack(Undoing state, String detail) {
        RolledBack next = state.rolledBack();
        chronicle.effectDone(SideEffect.UNINSTALL, state, detail);
        // The candidate stays in the store until a rotation completes: what the host was asked for may still come true.
        JournalEntry entry = chronicle.entry(next).because(ValidNow.tell(next, state.why()));
        Optional<SecretVersion> lateEffect = lateEffect(state);
        if (lateEffect.isPresent()) {
            entry = entry.promoting(lateEffect.get());
        }
        chronicle.ended("rotation.rolled_back", entry, Optional.of(state.why()));
        return chronicle.enter(next, entry);
    }

    /** A password is put back by logging in with one of the two, where no administrator does it. */
    private boolean lockedOut(RemoteException e) {
        return !flight.isKey()
                && flight.credential().install().as().isEmpty()
                && e instanceof HostException host
                && host.fault() == HostException.Fault.AUTHENTICATION_REFUSED;
    }

    private Failure bothRefused() {
        return flight.why(
                Step.UNDO,
                FailureKind.LOCKED_OUT,
                "the host refuses the old password and the new one: somebody changed the password, or locked the account",
                "Have the host's owner unlock the account or set one of the two passwords, or set install.as to an"
                        + " account that may.");
    }

    private String takeKeyOff(Undoing state, boolean resumed) throws RemoteException, StepException {
        Predecessor predecessor = flight.predecessor(state);
        LoginSecret candidate = flight.candidate(state);
        flight.attempts().repeatable(() -> flight.visit().uninstall(candidate, predecessor));
        if (flight.logsIn(candidate)) {
            throw still("the new key was taken off the host, but the host still accepts it");
        }
        // After the refusal: an accepted login ends what hosts count before they lock an account.
        Optional<LoginSecret> old = predecessor.secret();
        if (old.isPresent() && !oldKeyLogsIn(old.get())) {
            throw still("the new key was taken off the host, but the host refuses the old one");
        }
        if (old.isPresent() && mayHavePublished(state)) {
            lookForLatePut(state, old.get(), resumed);
        }
        return "new key taken off the host, refused; the old one logs in";
    }

    private boolean mayHavePublished(Undoing state) {
        return flight.journal().history(Optional.of(state.head().credential()), 1).stream()
                .flatMap(rotation -> rotation.steps().stream())
                .anyMatch(step -> step.state() == RotationState.Kind.PUBLISHING);
    }

    /**
     * A PUT of the new key that nobody answered may reach Dromo after the one that put the old key back. Now that the host
     * refuses the new key Dromo is asked once more. Where it can't be asked, what was proved before stands; what comes later
     * still, a check finds, and the next rotation puts right.
     */
    private void lookForLatePut(Undoing state, LoginSecret old, boolean resumed) throws StepException {
        boolean late = false;
        try {
            late = publication.cameLate(flight.candidate(state), Step.UNDO);
        } catch (StepException e) {
            if (resumed) {
                throw e;
            }
        }
        if (late || resumed) {
            // Resumed, an earlier intent may still wait for its outcome.
            chronicle.intend(SideEffect.RESTORE, state);
            if (late) {
                giveDromoTheOld(state, old);
            }
            chronicle.effectDone(SideEffect.RESTORE, state, "Dromo holds the old key again");
        }
    }

    /** Where somebody took the old key off meanwhile, an administrator can put it back; Dromo needs it. */
    private boolean oldKeyLogsIn(LoginSecret old) throws RemoteException {
        if (flight.logsIn(old)) {
            return true;
        }
        if (flight.credential().install().as().isEmpty()) {
            return false;
        }
        Predecessor nothing = new Predecessor(Optional.empty(), Optional.empty());
        flight.attempts().repeatable(() -> flight.visit().install(old, nothing));
        return flight.logsIn(old);
    }

    /**
     * Sets the old password again even where it still logs in: an install that ended unclear may have been on its way.
     * The host has to refuse the new one after it, and Dromo has to log in.
     */
    private String putPasswordBack(Undoing state, boolean resumed) throws RemoteException, StepException {
        Predecessor predecessor = flight.predecessor(state);
        LoginSecret candidate = flight.candidate(state);
        LoginSecret old = predecessor.secret().orElseThrow();
        flight.attempts().repeatable(() -> flight.visit().uninstall(candidate, predecessor));
        requireAccepted(old);
        if (flight.logsIn(candidate)) {
            throw still("the old password was put back, but the host still accepts the new one");
        }
        // An accepted login on either side: neither here nor on the host do refusals add up, also where a kill comes
        // between.
        requireAccepted(old);
        boolean dromoLogsIn = publication.test(Step.UNDO).success();
        if (resumed || !dromoLogsIn) {
            // Resumed, an earlier intent may still wait for its outcome.
            chronicle.intend(SideEffect.RESTORE, state);
            if (!dromoLogsIn) {
                giveDromoTheOld(state, old);
            }
            chronicle.effectDone(SideEffect.RESTORE, state, "Dromo holds the old password again");
        }
        return "the old password logs in again, for Dromo too; the new one is refused";
    }

    private void requireAccepted(LoginSecret old) throws RemoteException, StepException {
        if (!flight.logsIn(old)) {
            throw still("the old password was put back, but the host refuses it");
        }
    }

    /** Dromo may have taken the new one although it said no, or never got the old one back. Our own login proves a key. */
    private void giveDromoTheOld(Undoing state, LoginSecret old) throws StepException {
        Publication.Verdict verdict =
                publication.put(old, Predecessor.of(flight.candidate(state)), false, Step.RESTORE);
        if (!(verdict instanceof Publication.Verdict.Taken)
                || !(flight.isKey() || publication.test(Step.RESTORE).success())) {
            String what = flight.isKey() ? "key" : "password";
            Failure why = flight.why(
                    Step.RESTORE,
                    FailureKind.DROMO_LOGIN_FAILED,
                    "the host has the old " + what + " again, but Dromo can't log in",
                    "Both " + what + "s are in the store; check what Dromo holds, and its path to the host.");
            chronicle.effectFailed(SideEffect.RESTORE, state, Result.UNKNOWN, why);
            throw new StepException(why);
        }
    }

    private StepException still(String message) {
        return new StepException(flight.why(
                Step.UNDO,
                FailureKind.UNDO_NOT_PROVED,
                message,
                "Both secrets are in the store; check the account on the host before anything else."));
    }
}
