package dev.keyturn.rotation;

import dev.keyturn.rotation.AuditEvent.Result;
import dev.keyturn.rotation.RotationState.Confirmed;
import dev.keyturn.rotation.RotationState.Overlapping;
import dev.keyturn.rotation.RotationState.WithCandidate;
import dev.keyturn.rotation.RotationState.Withdrawing;
import dev.keyturn.rotation.RotationState.Withdrawn;
import dev.keyturn.secret.LoginSecret;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The steps after both proofs: the overlap, the old credential's withdrawal, and the proof that it is dead. From here a
 * rotation only goes forward; what fails is tried again later, and both credentials stay valid meanwhile.
 */
final class Withdrawal {
    private final InFlight flight;
    private final Chronicle chronicle;
    private final Publication publication;
    private final Clock clock;

    Withdrawal(InFlight flight, Chronicle chronicle, Publication publication, Clock clock) {
        this.flight = flight;
        this.chronicle = chronicle;
        this.publication = publication;
        this.clock = clock;
    }

    RotationState confirmed(Confirmed state, boolean resumed) throws StepException {
        if (flight.isKey() && !state.head().overlap().isZero()) {
            Overlapping next =
                    state.overlapping(clock.instant().plus(state.head().overlap()));
            chronicle.began(Step.OVERLAP);
            chronicle.done(Step.OVERLAP, next, "both keys log in until " + next.until());
            return chronicle.enter(next);
        }
        if (!flight.isKey() || state.head().previousFingerprint().isEmpty()) {
            return chronicle.enter(state.withdrawn());
        }
        if (resumed) {
            requireDromoHolds(state);
        }
        return chronicle.enter(flight.byPartner() ? state.awaitingWithdrawal() : state.withdrawing());
    }

    /** Stays as it is until the overlap is over; then both proofs are made anew, for much may have happened since. */
    RotationState overlapping(Overlapping state) throws StepException {
        if (clock.instant().isBefore(state.until())) {
            return state;
        }
        requireDromoHolds(state);
        return chronicle.enter(flight.byPartner() ? state.awaitingWithdrawal() : state.withdrawing());
    }

    void requireDromoHolds(WithCandidate state) throws StepException {
        chronicle.began(Step.CONFIRM);
        Optional<Failure> lost = publication.stillHolds(flight.candidate(state), Step.CONFIRM);
        if (lost.isPresent()) {
            chronicle.notProved("dromo.confirm", Step.CONFIRM, state, Result.FAILURE, lost.get());
            throw new StepException(refusedToUsToo(state).orElse(lost.get()));
        }
        chronicle.proved("dromo.confirm", Step.CONFIRM, state, "Dromo still holds it and logged in with it");
    }

    /** Where the host refuses us as well, the way from Dromo to it is not what a person has to mend. */
    private Optional<Failure> refusedToUsToo(WithCandidate state) {
        if (!flight.isKey()) {
            return Optional.empty();
        }
        try {
            requireNewLogsIn(Step.CONFIRM, state);
            return Optional.empty();
        } catch (StepException e) {
            return Optional.of(e.failure())
                    .filter(why -> why.kind().equals(FailureKind.NEW_CREDENTIAL_REFUSED.label()));
        }
    }

    RotationState withdrawing(Withdrawing state, boolean resumed) throws StepException {
        if (resumed) {
            requireDromoHolds(state);
        }
        if (flight.byPartner()) {
            return chronicle.enter(state.awaitingWithdrawal());
        }
        chronicle.began(Step.WITHDRAW);
        chronicle.intend(SideEffect.WITHDRAW, state);
        try {
            flight.attempts()
                    .repeatable(() -> flight.visit().withdraw(flight.predecessor(state), flight.candidate(state)));
            withdrawLateEffects(state);
        } catch (RemoteException e) {
            Failure why = flight.why(Step.WITHDRAW, e);
            Result result = e.disposition() == RemoteException.Disposition.UNCLEAR ? Result.UNKNOWN : Result.FAILURE;
            chronicle.effectFailed(SideEffect.WITHDRAW, state, result, why);
            throw new StepException(why, e);
        }
        return chronicle.succeeded(SideEffect.WITHDRAW, state.withdrawn(), "old key taken off the host");
    }

    /** A key of a rotation that was undone may have come onto the host after it was looked for. */
    private void withdrawLateEffects(Withdrawing state) throws RemoteException {
        if (!(flight.credential().install() instanceof InstallMethod.AuthorizedKeys)) {
            return;
        }
        for (SecretVersion version : flight.kept()) {
            Predecessor stray = new Predecessor(Optional.empty(), version.fingerprint());
            flight.attempts().repeatable(() -> flight.visit().withdraw(stray, flight.candidate(state)));
        }
    }

    RotationState withdrawn(Withdrawn state, boolean resumed) throws StepException {
        chronicle.began(Step.REFUSE);
        // What was refused on the way here and the refusal to come must not add up to all that a password has.
        if (resumed || !newOneStayed(state) || flight.refusedLately(clock.instant())) {
            requireNewLogsIn(Step.REFUSE, state);
        }
        HostVisit.Verdict verdict;
        try {
            verdict = tryPredecessor(Step.REFUSE, state);
        } catch (StepException e) {
            chronicle.notProved("host.refuse", Step.REFUSE, state, Result.UNKNOWN, e.failure());
            throw e;
        }
        return withdrawn(state, verdict, resumed);
    }

    /** A program may have taken off more than it was told to, and somebody else may have made the file anew. */
    private boolean newOneStayed(Withdrawn state) {
        return !flight.isKey()
                || state.head().previousFingerprint().isEmpty()
                || flight.candidate(state)
                        .fingerprint()
                        .flatMap(flight.visit()::seen)
                        .isPresent();
    }

    HostVisit.Verdict tryPredecessor(Step step, WithCandidate state) throws StepException {
        return flight.orPark(
                step,
                () -> flight.attempts().repeatable(() -> flight.visit().tryPredecessor(flight.predecessor(state))));
    }

    /** @param verdict on the old credential, from a login just now */
    RotationState withdrawn(Withdrawn state, HostVisit.Verdict verdict, boolean resumed) throws StepException {
        switch (verdict) {
            case ACCEPTED -> {
                Failure why = flight.why(
                        Step.REFUSE,
                        FailureKind.OLD_CREDENTIAL_ALIVE,
                        "the old credential was withdrawn, but the host still accepts it",
                        "Look for a second authorized_keys file, a certificate or another way in, and close it.");
                chronicle.notProved("host.refuse", Step.REFUSE, state, Result.FAILURE, why);
                throw new StepException(why);
            }
            case REFUSED -> chronicle.proved("host.refuse", Step.REFUSE, state, "the old one is refused");
            case UNKNOWN ->
                chronicle.notTried(
                        "host.refuse",
                        Step.REFUSE,
                        state,
                        flight.why(
                                Step.REFUSE,
                                FailureKind.OLD_CREDENTIAL_NOT_KNOWN,
                                "the old credential was never in the store, so its refusal can't be tried",
                                ""));
        }
        requireLateKeysDead(state, resumed);
        return complete(state);
    }

    /**
     * Before the keys of rotations that were undone are erased: whatever the install method, the host has to refuse them.
     * One that came late is taken off now.
     */
    private void requireLateKeysDead(Withdrawn state, boolean resumed) throws StepException {
        if (!flight.isKey() || flight.byPartner()) {
            return;
        }
        for (SecretVersion version : flight.kept()) {
            if (version.fingerprint().isPresent()) {
                requireDead(state, version, resumed);
            }
        }
    }

    private void requireDead(Withdrawn state, SecretVersion version, boolean resumed) throws StepException {
        try (LoginSecret late = flight.journal().secret(version)) {
            // Resumed, an earlier intent may still wait for its outcome.
            if (!logsIn(state, late) && !resumed) {
                return;
            }
            chronicle.intend(SideEffect.WITHDRAW, state);
            try {
                Predecessor stray = new Predecessor(Optional.empty(), version.fingerprint());
                flight.attempts().repeatable(() -> flight.visit().withdraw(stray, flight.candidate(state)));
            } catch (RemoteException e) {
                Failure why = flight.why(Step.REFUSE, e);
                chronicle.effectFailed(SideEffect.WITHDRAW, state, Result.UNKNOWN, why);
                throw new StepException(why, e);
            }
            chronicle.effectDone(SideEffect.WITHDRAW, state, "a key that came late taken off the host");
            if (logsIn(state, late)) {
                throw new StepException(flight.why(
                        Step.REFUSE,
                        FailureKind.GIVEN_UP_KEY_ALIVE,
                        "the key " + version.fingerprint().get()
                                + " of a rotation that was undone logs in on the host, although it was taken off",
                        "Look for a second authorized_keys file or another way in, and close it."));
            }
        }
    }

    private boolean logsIn(Withdrawn state, LoginSecret late) throws StepException {
        requireNewLogsIn(Step.REFUSE, state);
        return flight.logsIn(Step.REFUSE, late);
    }

    /** The old secret, and what rotations that were undone left in the store. */
    private Set<String> obsolete(Withdrawn state) {
        if (flight.accounts().alternate()) {
            // The account that Dromo has left keeps its password until its next turn.
            return flight.formerSecrets(state).stream().map(SecretVersion::id).collect(Collectors.toSet());
        }
        Set<String> ids = new HashSet<>();
        state.head().previous().ifPresent(old -> ids.add(old.id()));
        flight.kept().forEach(kept -> ids.add(kept.id()));
        return ids;
    }

    /** Time may have passed. And a login that is accepted keeps the refused one after it from adding up to a locked account. */
    void requireNewLogsIn(Step step, WithCandidate state) throws StepException {
        if (!flight.logsIn(step, flight.candidate(state))) {
            throw new StepException(flight.why(
                    step,
                    FailureKind.NEW_CREDENTIAL_REFUSED,
                    "the host refuses the new credential, which it accepted before",
                    "Somebody changed the account on the host; find out who, and have it accept the new one again. The line of"
                            + " a key is what keyturn show-key prints."));
        }
    }

    private RotationState complete(Withdrawn state) {
        RotationState.Completed next = state.completed();
        JournalEntry entry = chronicle.entry(next).erasing(obsolete(state));
        chronicle.ended("rotation.completed", entry, Optional.empty());
        chronicle.enter(next, entry);
        chronicle.began(Step.COMPLETE);
        chronicle.done(Step.COMPLETE, next, "old secret erased from the store");
        return next;
    }
}
