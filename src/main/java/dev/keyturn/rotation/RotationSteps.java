package dev.keyturn.rotation;

import dev.keyturn.rotation.AuditEvent.Result;
import dev.keyturn.rotation.RotationState.Confirmed;
import dev.keyturn.rotation.RotationState.Generated;
import dev.keyturn.rotation.RotationState.Installed;
import dev.keyturn.rotation.RotationState.Installing;
import dev.keyturn.rotation.RotationState.Overlapping;
import dev.keyturn.rotation.RotationState.Proved;
import dev.keyturn.rotation.RotationState.Published;
import dev.keyturn.rotation.RotationState.Publishing;
import dev.keyturn.rotation.RotationState.Restoring;
import dev.keyturn.rotation.RotationState.Started;
import dev.keyturn.rotation.RotationState.Undoing;
import dev.keyturn.rotation.RotationState.WithCandidate;
import dev.keyturn.rotation.RotationState.Withdrawing;
import dev.keyturn.rotation.RotationState.Withdrawn;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The steps forward, one method a state. Each can be repeated: after a crash the same method is called again with
 * {@code resumed}, and then looks before it acts. {@link WayBack} has the steps back.
 */
final class RotationSteps implements RotationState.Steps {
    private final InFlight flight;
    private final Chronicle chronicle;
    private final SecretMaker secretMaker;
    private final ProbeDirectories directories;
    private final Clock clock;
    private final Publication publication;
    private final WayBack wayBack;
    private boolean resumed;

    RotationSteps(
            InFlight flight,
            Chronicle chronicle,
            SecretMaker secretMaker,
            ProbeDirectories directories,
            Clock clock,
            boolean resumed) {
        this.flight = flight;
        this.chronicle = chronicle;
        this.secretMaker = secretMaker;
        this.directories = directories;
        this.clock = clock;
        this.publication = new Publication(flight);
        this.wayBack = new WayBack(flight, chronicle, publication);
        this.resumed = resumed;
    }

    /** Takes one step. */
    RotationState advance(RotationState state) throws StepException {
        RotationState next = state.advance(this);
        resumed = false;
        return next;
    }

    @Override
    public RotationState started(Started state) throws StepException {
        if (resumed) {
            return abandonInterrupted(state, state.abandoned());
        }
        chronicle.began(Step.PREFLIGHT);
        Optional<Fingerprint> inUse;
        try {
            inUse = new Preflight(flight, directories).run(state.head());
        } catch (StepException e) {
            chronicle.notProved("rotation.preflight", Step.PREFLIGHT, state, Result.FAILURE, e.failure());
            return chronicle.enter(state.abandoned(), e.failure());
        }
        chronicle.proved(
                "rotation.preflight", Step.PREFLIGHT, state, "host key matches, login works, Dromo's record is ours");
        return generate(state, inUse);
    }

    private RotationState generate(Started state, Optional<Fingerprint> inUse) throws StepException {
        chronicle.began(Step.GENERATE);
        LoginSecret made = secretMaker.make(flight.credential());
        flight.secrets().made(made);
        SecretVersion version = new SecretVersion(state.head().id().text(), made.authType(), made.fingerprint());
        Generated next = state.generated(version, inUse);
        chronicle.enter(next, chronicle.entry(next).storing(made));
        try (LoginSecret readBack = flight.journal().secret(version)) {
            if (!same(made, readBack)) {
                throw new JournalException("the store gave back another secret than it was given for "
                        + flight.credential().name() + "; nothing was sent anywhere");
            }
        }
        chronicle.record("secret.generated", next, null, null);
        chronicle.done(
                Step.GENERATE, next, made.fingerprint().map(Fingerprint::text).orElse("a new password"));
        return next;
    }

    private static boolean same(LoginSecret a, LoginSecret b) {
        if (a instanceof LoginSecret.KeyPair x && b instanceof LoginSecret.KeyPair y) {
            return x.publicKey().equals(y.publicKey()) && x.privateKey().sameAs(y.privateKey());
        }
        return a instanceof LoginSecret.Password x
                && b instanceof LoginSecret.Password y
                && x.value().sameAs(y.value());
    }

    @Override
    public RotationState generated(Generated state) {
        if (resumed) {
            return abandonInterrupted(state, state.abandoned());
        }
        return chronicle.enter(state.installing());
    }

    private RotationState abandonInterrupted(RotationState state, RotationState.Abandoned next) {
        Failure why = flight.why(
                Step.INSTALL,
                "interrupted",
                "the rotation was interrupted before anything was changed",
                "Nothing to do.");
        return chronicle.enter(
                next,
                chronicle
                        .entry(next)
                        .because(ValidNow.tell(next, why))
                        .erasing(state.candidate().map(c -> Set.of(c.id())).orElse(Set.of())));
    }

    @Override
    public RotationState installing(Installing state) throws StepException {
        chronicle.began(Step.INSTALL);
        chronicle.intend(SideEffect.INSTALL, state);
        try {
            boolean already = resumed && candidateLogsIn(state);
            if (!already) {
                install(state);
            }
        } catch (RemoteException e) {
            Failure why = flight.why(Step.INSTALL, e);
            Result result = e.disposition() == RemoteException.Disposition.UNCLEAR ? Result.UNKNOWN : Result.FAILURE;
            chronicle.effectFailed(SideEffect.INSTALL, state, result, why);
            return wayBack.undo(state, state.undoing(why));
        }
        return chronicle.succeeded(
                SideEffect.INSTALL,
                state.installed(),
                flight.isKey() ? "new key installed beside the old" : "new password set");
    }

    /** After an attempt that ended unclear, a password is looked for before it is set again: the old one may be gone. */
    private void install(Installing state) throws RemoteException {
        LoginSecret candidate = flight.candidate(state);
        Predecessor predecessor = flight.predecessor(state);
        boolean[] tried = {false};
        flight.attempts().repeatable(() -> {
            if (tried[0] && !flight.isKey() && candidateLogsIn(state)) {
                return;
            }
            tried[0] = true;
            flight.visit().install(candidate, predecessor);
        });
    }

    private boolean candidateLogsIn(WithCandidate state) throws RemoteException {
        return flight.attempts().repeatable(() -> flight.visit().login(flight.candidate(state), List.of()))
                == HostVisit.Verdict.ACCEPTED;
    }

    @Override
    public RotationState installed(Installed state) throws StepException {
        chronicle.began(Step.PROVE);
        Failure why;
        Result result = Result.FAILURE;
        try {
            List<String> listed = directories.of(flight.credential());
            HostVisit.Verdict verdict =
                    flight.attempts().repeatable(() -> flight.visit().login(flight.candidate(state), listed));
            if (verdict == HostVisit.Verdict.ACCEPTED) {
                chronicle.proved(
                        "host.prove", Step.PROVE, state, "logged in with it and listed " + String.join(", ", listed));
                return chronicle.enter(state.proved());
            }
            why = flight.why(
                    Step.PROVE,
                    "authentication_refused",
                    "the host took the new credential but refuses to log in with it",
                    "Check that install.path is the file sshd reads (AuthorizedKeysFile), its owner and mode, and"
                            + " the algorithms sshd accepts.");
        } catch (RemoteException e) {
            why = flight.why(Step.PROVE, e);
            result = Result.UNKNOWN;
        }
        chronicle.notProved("host.prove", Step.PROVE, state, result, why);
        return wayBack.undo(state, state.undoing(why));
    }

    @Override
    public RotationState proved(Proved state) {
        return chronicle.enter(state.publishing());
    }

    @Override
    public RotationState publishing(Publishing state) throws StepException {
        chronicle.began(Step.PUBLISH);
        chronicle.intend(SideEffect.PUBLISH, state);
        Publication.Verdict verdict;
        try {
            verdict =
                    publication.put(flight.candidate(state), state.head().previousFingerprint(), resumed, Step.PUBLISH);
        } catch (StepException e) {
            chronicle.effectFailed(SideEffect.PUBLISH, state, Result.UNKNOWN, e.failure());
            throw e;
        }
        if (verdict instanceof Publication.Verdict.NotTaken not) {
            chronicle.effectFailed(SideEffect.PUBLISH, state, Result.FAILURE, not.why());
            return wayBack.undo(state, state.undoing(not.why()));
        }
        if (verdict instanceof Publication.Verdict.Doubtful doubtful) {
            chronicle.effectFailed(SideEffect.PUBLISH, state, Result.UNKNOWN, doubtful.why());
            return wayBack.restore(state, state.restoring(doubtful.why()));
        }
        return chronicle.succeeded(
                SideEffect.PUBLISH,
                state.published(),
                flight.isKey() ? "Dromo's fingerprint is ours, in the PUT and in a GET" : "Dromo took the password");
    }

    @Override
    public RotationState published(Published state) throws StepException {
        chronicle.began(Step.CONFIRM);
        Dromo.TestResult test;
        try {
            test = publication.test(Step.CONFIRM);
        } catch (StepException e) {
            chronicle.notProved("dromo.confirm", Step.CONFIRM, state, Result.UNKNOWN, e.failure());
            throw e;
        }
        if (!test.success()) {
            Failure why = flight.why(
                    Step.CONFIRM,
                    "dromo_login_failed",
                    "Dromo can't log in with the new credential: "
                            + test.error().orElse("no reason given"),
                    "Check the path from Dromo to the host (allow-lists, `from=` options, key types Dromo supports).");
            chronicle.notProved("dromo.confirm", Step.CONFIRM, state, Result.FAILURE, why);
            return wayBack.restore(state, state.restoring(why));
        }
        chronicle.proved("dromo.confirm", Step.CONFIRM, state, "Dromo logged in with it");
        Confirmed next = state.confirmed();
        return chronicle.enter(next, chronicle.entry(next).promoting(state.secret()));
    }

    @Override
    public RotationState confirmed(Confirmed state) throws StepException {
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
        return chronicle.enter(state.withdrawing());
    }

    /** Stays as it is until the overlap is over; then both proofs are made anew, for much may have happened since. */
    @Override
    public RotationState overlapping(Overlapping state) throws StepException {
        if (clock.instant().isBefore(state.until())) {
            return state;
        }
        requireDromoHolds(state);
        return chronicle.enter(state.withdrawing());
    }

    private void requireDromoHolds(WithCandidate state) throws StepException {
        chronicle.began(Step.CONFIRM);
        Optional<Failure> lost = publication.stillHolds(flight.candidate(state), Step.CONFIRM);
        if (lost.isPresent()) {
            chronicle.notProved("dromo.confirm", Step.CONFIRM, state, Result.FAILURE, lost.get());
            throw new StepException(lost.get());
        }
        chronicle.proved("dromo.confirm", Step.CONFIRM, state, "Dromo still holds it and logged in with it");
    }

    @Override
    public RotationState withdrawing(Withdrawing state) throws StepException {
        if (resumed) {
            requireDromoHolds(state);
        }
        chronicle.began(Step.WITHDRAW);
        chronicle.intend(SideEffect.WITHDRAW, state);
        try {
            flight.attempts()
                    .repeatable(() -> flight.visit().withdraw(flight.predecessor(state), flight.candidate(state)));
        } catch (RemoteException e) {
            Failure why = flight.why(Step.WITHDRAW, e);
            Result result = e.disposition() == RemoteException.Disposition.UNCLEAR ? Result.UNKNOWN : Result.FAILURE;
            chronicle.effectFailed(SideEffect.WITHDRAW, state, result, why);
            throw new StepException(why, e);
        }
        return chronicle.succeeded(SideEffect.WITHDRAW, state.withdrawn(), "old key taken off the host");
    }

    @Override
    public RotationState withdrawn(Withdrawn state) throws StepException {
        chronicle.began(Step.REFUSE);
        HostVisit.Verdict verdict = flight.orPark(
                Step.REFUSE,
                () -> flight.attempts().repeatable(() -> flight.visit().tryPredecessor(flight.predecessor(state))));
        switch (verdict) {
            case ACCEPTED -> {
                Failure why = flight.why(
                        Step.REFUSE,
                        "old_credential_alive",
                        "the old credential was withdrawn, but the host still accepts it",
                        "Look for a second authorized_keys file, a certificate or another way in, and close it.");
                chronicle.notProved("host.refuse", Step.REFUSE, state, Result.FAILURE, why);
                throw new StepException(why);
            }
            case REFUSED -> chronicle.proved("host.refuse", Step.REFUSE, state, "the old one is refused");
            case UNKNOWN ->
                chronicle.notProved(
                        "host.refuse",
                        Step.REFUSE,
                        state,
                        Result.UNKNOWN,
                        flight.why(
                                Step.REFUSE,
                                "old_credential_not_known",
                                "the old credential was never in the store, so its refusal can't be tried",
                                ""));
        }
        return complete(state);
    }

    private RotationState complete(Withdrawn state) {
        RotationState.Completed next = state.completed();
        chronicle.record("rotation.completed", next, Result.SUCCESS, null);
        Set<String> old = state.head().previous().map(p -> Set.of(p.id())).orElse(Set.of());
        chronicle.enter(next, chronicle.entry(next).erasing(old));
        chronicle.began(Step.COMPLETE);
        chronicle.done(Step.COMPLETE, next, "old secret erased from the store");
        return next;
    }

    @Override
    public RotationState restoring(Restoring state) throws StepException {
        return wayBack.restoring(state, resumed);
    }

    @Override
    public RotationState undoing(Undoing state) throws StepException {
        return wayBack.undoing(state);
    }
}
