package dev.keyturn.rotation;

import dev.keyturn.rotation.AuditEvent.Result;
import dev.keyturn.rotation.HostVisit.Verdict;
import dev.keyturn.rotation.RotationState.RolledBack;
import dev.keyturn.rotation.RotationState.Undoing;
import dev.keyturn.secret.LoginSecret;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The way back of alternating accounts: Dromo stays with the account it had, or returns to it, and that is proved. On the
 * host nothing is undone: nobody logs in to the other account before its next turn, which sets a new password anyway, and
 * a password that is changed twice in a row may be refused. The candidate stays in the store, for it may be on the host.
 */
final class SwitchBack {
    private final InFlight flight;
    private final Chronicle chronicle;
    private final Publication publication;

    SwitchBack(InFlight flight, Chronicle chronicle, Publication publication) {
        this.flight = flight;
        this.chronicle = chronicle;
        this.publication = publication;
    }

    RotationState undoing(Undoing state, boolean resumed) throws StepException {
        String user = flight.accounts().active().account().user();
        boolean there =
                publication.isBack(Step.UNDO) && publication.test(Step.UNDO).success();
        if (there && !resumed) {
            chronicle.proved("dromo.confirm", Step.UNDO, state, "Dromo logs in as " + user + " as before");
        } else {
            // Resumed, an earlier intent may still wait for its outcome.
            chronicle.intend(SideEffect.RESTORE, state);
            if (!there) {
                putBack(state);
            }
            chronicle.effectDone(SideEffect.RESTORE, state, "Dromo logs in as " + user + " again");
        }
        RolledBack next = state.rolledBack();
        JournalEntry entry =
                chronicle.entry(next).because(ValidNow.tell(next, state.why())).erasing(superseded(state));
        chronicle.ended("rotation.rolled_back", entry, Optional.of(state.why()));
        return chronicle.enter(next, entry);
    }

    private void putBack(Undoing state) throws StepException {
        Optional<LoginSecret> old = flight.inDromo(state);
        boolean restored = old.isPresent()
                && publication.put(old.get(), Predecessor.of(flight.candidate(state)), false, Step.RESTORE)
                        instanceof Publication.Verdict.Taken
                && (publication.test(Step.RESTORE).success() || logsIn(old.get()));
        if (!restored) {
            Account account = flight.accounts().active().account();
            Failure why = flight.why(
                    Step.RESTORE,
                    FailureKind.DROMO_LOGIN_FAILED,
                    "after " + state.why().message() + ", Dromo can't log in as " + account.user() + " again",
                    (old.isPresent()
                                    ? "The passwords of both users are in the store;"
                                    : "The store never had the password of " + account.user() + ";")
                            + " check what Dromo holds, and its path to the host.");
            chronicle.effectFailed(SideEffect.RESTORE, state, Result.UNKNOWN, why);
            throw new StepException(why);
        }
    }

    /** Where Dromo can't log in, the cause isn't the password: our own login shows that going back is sound. */
    private boolean logsIn(LoginSecret old) throws StepException {
        HostVisit visit = flight.accounts().visitToActive();
        return flight.orPark(Step.RESTORE, () -> flight.attempts().repeatable(() -> visit.login(old, List.of())))
                == Verdict.ACCEPTED;
    }

    /**
     * What may be erased: passwords of the changed account that the host refuses while it accepts the candidate. Where
     * that can't be asked everything is kept, and the next turn finds out.
     */
    private Set<String> superseded(Undoing state) {
        LoginSecret candidate = flight.candidate(state);
        try {
            boolean installed = flight.logsIn(candidate);
            boolean refused = installed
                    && flight.attempts().repeatable(() -> flight.visit().tryPredecessor(flight.predecessor(state)))
                            == Verdict.REFUSED;
            return refused ? formerPasswords(state) : Set.of();
        } catch (RemoteException e) {
            return Set.of();
        }
    }

    private Set<String> formerPasswords(Undoing state) {
        return flight.formerSecrets(state).stream().map(SecretVersion::id).collect(Collectors.toSet());
    }
}
