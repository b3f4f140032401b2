package dev.keyturn.rotation;

import dev.keyturn.rotation.AuditEvent.Result;
import dev.keyturn.rotation.RotationState.AwaitingInstall;
import dev.keyturn.rotation.RotationState.AwaitingWithdrawal;
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
import dev.keyturn.secret.LoginSecret;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is done from each state. Each step can be repeated: after a crash the same method is called again with
 * {@code resumed}, and then looks before it acts. Here are the steps up to Dromo's proof; {@link Withdrawal} has those
 * after it, {@link WayBack} the steps back, and {@link HandOver} those that a partner takes.
 */
final class RotationSteps implements RotationState.Steps {
    private final InFlight flight;
    private final Chronicle chronicle;
    private final Generation generation;
    private final Probe probe;
    private final Clock clock;
    private final Publication publication;
    private final Withdrawal withdrawal;
    private final WayBack wayBack;
    private final HandOver handOver;
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
        this.generation = new Generation(flight, chronicle, secretMaker);
        this.probe = new Probe(flight, directories);
        this.publication = new Publication(flight);
        this.clock = clock;
        this.withdrawal = new Withdrawal(flight, chronicle, publication, clock);
        this.wayBack = new WayBack(flight, chronicle, publication);
        this.handOver = new HandOver(flight, chronicle, withdrawal, wayBack);
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
        Preflight preflight = new Preflight(flight, probe);
        RotationHead found;
        try {
            found = preflight.run(state.head());
        } catch (StepException e) {
            chronicle.notProved("rotation.preflight", Step.PREFLIGHT, state, Result.FAILURE, e.failure());
            return chronicle.enter(state.abandoned(), e.failure());
        }
        chronicle.proved("rotation.preflight", Step.PREFLIGHT, new Started(found), preflight.told(), preflight.facts());
        keepPublicHalf(found);
        return generation.run(state, found);
    }

    /** Of a key that the store never had: a process that comes after a crash has to prove it dead too. */
    private void keepPublicHalf(RotationHead head) {
        if (head.onHost().isEmpty()) {
            head.previousFingerprint()
                    .flatMap(fingerprint -> flight.visit().seen(fingerprint))
                    .ifPresent(key -> flight.journal().seen(head.credential(), key));
        }
    }

    @Override
    public RotationState generated(Generated state) {
        if (resumed) {
            return abandonInterrupted(state, state.abandoned());
        }
        return flight.byPartner() ? handOver.ask(state.awaitingInstall()) : chronicle.enter(state.installing());
    }

    private RotationState abandonInterrupted(RotationState state, RotationState.Abandoned next) {
        Failure why = flight.why(
                Step.INSTALL,
                FailureKind.INTERRUPTED,
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
        if (flight.byPartner()) {
            return handOver.ask(state.awaitingInstall());
        }
        chronicle.began(Step.INSTALL);
        chronicle.intend(SideEffect.INSTALL, state);
        try {
            boolean already = resumed && isInstalled(state);
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
            if (tried[0] && !flight.isKey() && isInstalled(state)) {
                return;
            }
            tried[0] = true;
            flight.visit().install(candidate, predecessor);
        });
    }

    /**
     * The old password is tried first: where it is gone, the login after the refused one is accepted. Where it was refused
     * just before, by a try that was killed then, a second refusal of it would use up the budget.
     */
    private boolean isInstalled(Installing state) throws RemoteException {
        Optional<LoginSecret> old = flight.predecessor(state).secret();
        if (!flight.isKey() && flight.refusedLately(clock.instant())) {
            return candidateLogsIn(state);
        }
        boolean oldLogsIn = !flight.isKey() && old.isPresent() && oldPasswordLogsIn(old.get());
        return !oldLogsIn && candidateLogsIn(state);
    }

    private boolean oldPasswordLogsIn(LoginSecret old) throws RemoteException {
        try {
            return flight.logsIn(old);
        } catch (HostException e) {
            if (e.fault() == HostException.Fault.PASSWORD_EXPIRED) {
                return true;
            }
            throw e;
        }
    }

    private boolean candidateLogsIn(WithCandidate state) throws RemoteException {
        return flight.logsIn(flight.candidate(state));
    }

    @Override
    public RotationState awaitingInstall(AwaitingInstall state) throws StepException {
        return handOver.awaitingInstall(state);
    }

    @Override
    public RotationState installed(Installed state) throws StepException {
        chronicle.began(Step.PROVE);
        Failure why;
        Result result = Result.FAILURE;
        try {
            List<String> listed = probe.required(state.head());
            HostVisit.Verdict verdict =
                    flight.attempts().repeatable(() -> flight.visit().login(flight.candidate(state), listed));
            if (verdict == HostVisit.Verdict.ACCEPTED) {
                chronicle.proved("host.prove", Step.PROVE, state, "logged in with it and " + probe.told(listed));
                if (flight.byPartner()) {
                    requireDromoUnchanged(state);
                }
                return chronicle.pass(state.proved());
            }
            why = flight.why(
                    Step.PROVE,
                    FailureKind.AUTHENTICATION_REFUSED,
                    "the host took the new credential but refuses to log in with it",
                    flight.byPartner()
                            ? "Ask the partner whether the key was taken off again."
                            : "Check that install.path is the file sshd reads (AuthorizedKeysFile), its owner and mode,"
                                    + " and the algorithms sshd accepts.");
        } catch (RemoteException e) {
            if (isOfADirectory(e) && wayBack.isClosed(state)) {
                // The host has no other password any more: whatever it can't list, without it Dromo can't log in at
                // all.
                chronicle.proved(
                        "host.prove",
                        Step.PROVE,
                        state,
                        "logged in with it; but " + e.getMessage() + "; Dromo gets it all the same, for the old"
                                + " password, which was never in the store, can't be put back",
                        Map.of("not_listed_because", String.valueOf(e.getMessage())));
                return chronicle.pass(state.proved());
            }
            why = notProved(e);
            result = Result.UNKNOWN;
        }
        chronicle.notProved("host.prove", Step.PROVE, state, result, why);
        return wayBack.undo(state, state.undoing(why));
    }

    /** A login that works and a directory that doesn't: there is more to say than to look at the path. */
    private Failure notProved(RemoteException e) {
        Failure why = flight.why(Step.PROVE, e);
        return isOfADirectory(e)
                ? flight.why(
                        Step.PROVE,
                        e.kind(),
                        "the new credential logs in, but " + e.getMessage(),
                        "Correct the directory on the host, or the connector in Dromo that reads it; or name a directory"
                                + " that the account can list in probe.directory.")
                : why;
    }

    private static boolean isOfADirectory(RemoteException e) {
        return e instanceof HostException host
                && (host.fault() == HostException.Fault.NOT_FOUND || host.fault() == HostException.Fault.PERMISSION);
    }

    /** Preflight may have been days ago: a key that somebody else gave Dromo meanwhile is not overwritten. */
    private void requireDromoUnchanged(Installed state) throws StepException {
        publication.requireNoThirdKey(flight.candidate(state), flight.predecessor(state), Step.PUBLISH);
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
            verdict = publication.put(flight.candidate(state), flight.predecessor(state), resumed, Step.PUBLISH);
        } catch (StepException e) {
            chronicle.effectFailed(SideEffect.PUBLISH, state, Result.UNKNOWN, e.failure());
            throw e;
        }
        if (verdict instanceof Publication.Verdict.NotTaken not) {
            chronicle.effectFailed(SideEffect.PUBLISH, state, Result.FAILURE, not.why());
            if (flight.byPartner()) {
                chronicle.pass(state.installed());
            }
            return wayBack.undo(state, state.undoing(not.why()));
        }
        if (verdict instanceof Publication.Verdict.Doubtful doubtful) {
            chronicle.effectFailed(SideEffect.PUBLISH, state, Result.UNKNOWN, doubtful.why());
            return wayBack.restore(state, state.restoring(doubtful.why()));
        }
        return chronicle.succeeded(SideEffect.PUBLISH, state.published(), published());
    }

    private String published() {
        if (flight.isKey()) {
            return "Dromo's fingerprint is ours, in the PUT and in a GET";
        }
        return flight.accounts().alternate()
                ? "Dromo logs in as " + flight.accounts().changed().account().user() + " now, in the PUT and in a GET"
                : "Dromo took the password";
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
                    FailureKind.DROMO_LOGIN_FAILED,
                    "Dromo can't log in with the new credential: "
                            + test.error().orElse("no reason given"),
                    "Check the path from Dromo to the host (allow-lists, `from=` options, key types Dromo supports);"
                            + " where Dromo names a directory, mend that or the connector.");
            chronicle.notProved("dromo.confirm", Step.CONFIRM, state, Result.FAILURE, why);
            return wayBack.restore(state, state.restoring(why));
        }
        chronicle.proved("dromo.confirm", Step.CONFIRM, state, "Dromo logged in with it");
        Confirmed next = state.confirmed();
        return chronicle.pass(next, chronicle.entry(next).promoting(state.secret()));
    }

    @Override
    public RotationState confirmed(Confirmed state) throws StepException {
        return withdrawal.confirmed(state, resumed);
    }

    @Override
    public RotationState overlapping(Overlapping state) throws StepException {
        return withdrawal.overlapping(state);
    }

    @Override
    public RotationState withdrawing(Withdrawing state) throws StepException {
        return withdrawal.withdrawing(state, resumed);
    }

    @Override
    public RotationState awaitingWithdrawal(AwaitingWithdrawal state) throws StepException {
        return handOver.awaitingWithdrawal(state);
    }

    @Override
    public RotationState withdrawn(Withdrawn state) throws StepException {
        return withdrawal.withdrawn(state, resumed);
    }

    @Override
    public RotationState restoring(Restoring state) throws StepException {
        return wayBack.restoring(state, resumed);
    }

    @Override
    public RotationState undoing(Undoing state) throws StepException {
        return flight.byPartner() ? handOver.undoing(state) : wayBack.undoing(state, resumed);
    }
}
