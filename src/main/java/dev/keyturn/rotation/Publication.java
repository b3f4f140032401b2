package dev.keyturn.rotation;

import dev.keyturn.rotation.RemoteException.Disposition;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import java.time.Duration;
import java.util.Optional;

/**
 * Puts a secret into Dromo and finds out whether it is there. An answer that never came is settled by asking: for a key
 * by the fingerprint of a GET, for a password by Dromo's own login. Never by guessing.
 */
final class Publication {
    private static final int PUTS = 3;
    private static final Duration BETWEEN_PUTS = Duration.ofSeconds(1);

    private final InFlight flight;

    Publication(InFlight flight) {
        this.flight = flight;
    }

    /** What a publication came to. */
    sealed interface Verdict {
        /** Dromo says, in the PUT's answer and in a GET, that it holds the secret. */
        record Taken() implements Verdict {}

        /** Dromo certainly does not hold it. */
        record NotTaken(Failure why) implements Verdict {}

        /** Dromo may hold it, or something else than what was sent; it has to be put right. */
        record Doubtful(Failure why) implements Verdict {}
    }

    /**
     * PUTs {@code wanted}, up to three times where Dromo says in between that it did not take it.
     *
     * @param present what Dromo holds where it didn't take the wanted one
     * @param askFirst whether an earlier PUT may have been taken, so that Dromo is asked before the first one
     * @throws StepException where Dromo can't be asked, or somebody else wrote
     */
    Verdict put(LoginSecret wanted, Predecessor present, boolean askFirst, Step step) throws StepException {
        // While the old password goes back to Dromo, the host still has the new one: then Dromo's login says nothing
        // of the old one being there, and only an answered PUT does.
        boolean canAsk = flight.showsInDromo() || step == Step.PUBLISH;
        boolean unclear = askFirst;
        Failure last = flight.why(step, FailureKind.INTERRUPTED, "the rotation was interrupted while publishing", "");
        for (int i = 0; i < PUTS; i++) {
            if (unclear && canAsk && holds(wanted, present, step) == Held.WANTED) {
                return new Verdict.Taken();
            }
            try {
                Dromo.StoredCredential answer = flight.attempts()
                        .careful(() -> flight.dromo()
                                .update(
                                        flight.credential().dromoId(),
                                        goal(step).account(),
                                        wanted));
                return compare(wanted, answer, step);
            } catch (RemoteException e) {
                last = flight.why(step, e);
                if (e.disposition() == Disposition.REFUSED) {
                    return refused(wanted, present, step, unclear, last);
                }
                if (e.disposition() == Disposition.TRANSIENT) {
                    // An earlier PUT may still be taken, also after a GET that did not show it: whoever turns back has
                    // to write the old secret once more.
                    return unclear ? new Verdict.Doubtful(last) : new Verdict.NotTaken(last);
                }
                unclear = true;
                flight.attempts().pause(BETWEEN_PUTS);
            }
        }
        return canAsk && holds(wanted, present, step) == Held.WANTED ? new Verdict.Taken() : new Verdict.Doubtful(last);
    }

    /**
     * A "no" may come from a gateway that passed the PUT on before it said no, so Dromo is asked what it holds where its
     * record shows that. A single account's password can't be asked for; whoever turns back has Dromo log in before
     * anything is erased.
     */
    private Verdict refused(LoginSecret wanted, Predecessor present, Step step, boolean unclear, Failure why)
            throws StepException {
        if (flight.showsInDromo()) {
            return switch (holds(wanted, present, step)) {
                case WANTED -> new Verdict.Taken();
                case PRESENT -> new Verdict.NotTaken(why);
                case NEITHER_FOR_SURE -> new Verdict.Doubtful(why);
            };
        }
        return unclear ? new Verdict.Doubtful(why) : new Verdict.NotTaken(why);
    }

    /** The PUT's answer has to be right, and a GET has to say the same. */
    private Verdict compare(LoginSecret wanted, Dromo.StoredCredential answer, Step step) throws StepException {
        Optional<String> difference = RecordCheck.difference(goal(step), answer, wanted.fingerprint());
        String where = "the answer to the PUT";
        if (difference.isEmpty()) {
            difference = RecordCheck.difference(goal(step), retrieve(step), wanted.fingerprint());
            where = "the GET after it";
        }
        if (difference.isEmpty()) {
            return new Verdict.Taken();
        }
        return new Verdict.Doubtful(flight.why(
                step,
                difference.get().contains("key_fingerprint")
                        ? FailureKind.FINGERPRINT_MISMATCH
                        : FailureKind.DROMO_RECORD_DIFFERS,
                "Dromo took the PUT, but " + where + " says: " + difference.get(),
                "Report it to Dromo with the time of this record."));
    }

    /** @throws StepException where Dromo holds a key that is neither of the two, or can't be asked */
    void requireNoThirdKey(LoginSecret wanted, Predecessor present, Step step) throws StepException {
        holds(wanted, present, step);
    }

    /** What Dromo turned out to hold. */
    private enum Held {
        WANTED,
        PRESENT,
        NEITHER_FOR_SURE
    }

    /** The account that Dromo is to log in to by this step. */
    private ManagedCredential goal(Step step) {
        return step == Step.PUBLISH || step == Step.CONFIRM
                ? flight.accounts().changed()
                : flight.accounts().active();
    }

    private Held holds(LoginSecret wanted, Predecessor present, Step step) throws StepException {
        if (flight.accounts().alternate()) {
            return user(step);
        }
        if (!flight.isKey()) {
            boolean proved = testOnce(step).success() && onlyWantedLogsIn(wanted, present, step);
            return proved ? Held.WANTED : Held.NEITHER_FOR_SURE;
        }
        Dromo.StoredCredential record = retrieve(step);
        Optional<Fingerprint> stored = record.fingerprint();
        if (stored.equals(wanted.fingerprint())) {
            // A right key for a wrong account is none that this PUT wrote; writing again puts it right.
            boolean asConfigured = RecordCheck.difference(goal(step), record).isEmpty();
            return asConfigured ? Held.WANTED : Held.NEITHER_FOR_SURE;
        }
        if (stored.equals(present.fingerprint()) || flight.wasMadeAndUndone(stored)) {
            return Held.PRESENT;
        }
        throw new StepException(flight.why(
                step,
                FailureKind.FOREIGN_CHANGE,
                "Dromo holds a third key, " + stored.map(Fingerprint::text).orElse("(none)")
                        + ": somebody else wrote while this rotation was in flight",
                "Find out who changed the credential in Dromo; nothing is undone or withdrawn until then."));
    }

    /**
     * Dromo's login says which password Dromo holds only where the host takes no other one: some accept the old password
     * for a while. The wanted one is tried first, so that refusals never add up to a locked account.
     */
    private boolean onlyWantedLogsIn(LoginSecret wanted, Predecessor present, Step step) throws StepException {
        return present.secret().isEmpty()
                || (flight.logsIn(step, wanted)
                        && !flight.logsIn(step, present.secret().get()));
    }

    /**
     * Whether Dromo's record shows a key of ours that was undone: its PUT came late.
     *
     * @throws StepException where Dromo can't be asked
     */
    boolean cameLate(LoginSecret undone, Step step) throws StepException {
        Optional<Fingerprint> stored = retrieve(step).fingerprint();
        return stored.equals(undone.fingerprint()) || flight.wasMadeAndUndone(stored);
    }

    /** Whether Dromo logs in to the account it had before, of alternating ones. */
    boolean isBack(Step step) throws StepException {
        return user(step) == Held.WANTED;
    }

    /**
     * Which one of two users Dromo logs in as; a PUT changes user and password together.
     *
     * @throws StepException where Dromo can't be asked, or uses a third one
     */
    private Held user(Step step) throws StepException {
        Dromo.StoredCredential record = retrieve(step);
        String stored = record.user();
        if (stored.equals(goal(step).account().user())) {
            boolean asConfigured = RecordCheck.difference(goal(step), record).isEmpty();
            return asConfigured ? Held.WANTED : Held.NEITHER_FOR_SURE;
        }
        Accounts accounts = flight.accounts();
        if (stored.equals(accounts.active().account().user())
                || stored.equals(accounts.changed().account().user())) {
            return Held.PRESENT;
        }
        throw new StepException(flight.why(
                step,
                FailureKind.FOREIGN_CHANGE,
                "Dromo logs in as a third user, " + stored + ": somebody else wrote while this rotation was in flight",
                "Find out who changed the credential in Dromo; nothing is undone until then."));
    }

    private Dromo.StoredCredential retrieve(Step step) throws StepException {
        return flight.orPark(
                step,
                () -> flight.attempts()
                        .repeatable(() ->
                                flight.dromo().retrieve(flight.credential().dromoId())));
    }

    /** Has Dromo log in, twice at most: a single refusal may be a dropped connection. */
    Dromo.TestResult test(Step step) throws StepException {
        Dromo.TestResult first = testOnce(step);
        if (first.success() || !flight.attempts().pause(BETWEEN_PUTS)) {
            return first;
        }
        return testOnce(step);
    }

    private Dromo.TestResult testOnce(Step step) throws StepException {
        return flight.orPark(
                step,
                () -> flight.attempts()
                        .repeatable(() -> flight.dromo()
                                .testConnection(flight.credential().dromoId())));
    }

    /** Whether Dromo still holds {@code wanted} and still logs in with it; the reason where it doesn't. */
    Optional<Failure> stillHolds(LoginSecret wanted, Step step) throws StepException {
        Optional<String> difference = RecordCheck.difference(goal(step), retrieve(step), wanted.fingerprint());
        if (difference.isPresent()) {
            return Optional.of(flight.why(
                    step,
                    FailureKind.FOREIGN_CHANGE,
                    "Dromo's record has changed since it was confirmed: " + difference.get(),
                    "Find out who changed it; the old credential is not withdrawn until Dromo holds the new one."));
        }
        Dromo.TestResult test = test(step);
        return test.success()
                ? Optional.empty()
                : Optional.of(flight.why(
                        step,
                        FailureKind.DROMO_LOGIN_FAILED,
                        "Dromo can't log in with the new credential any more: "
                                + test.error().orElse("no reason given"),
                        "Check the path from Dromo to the host (allow-lists, firewalls)."));
    }
}
