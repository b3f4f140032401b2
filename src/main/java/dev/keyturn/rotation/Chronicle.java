package dev.keyturn.rotation;

import dev.keyturn.rotation.AuditEvent.Result;
import dev.keyturn.rotation.RotationSummary.Transition;
import dev.keyturn.secret.AuthType;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a rotation changes state, and nowhere else: the journal has the state in which a side effect may have happened,
 * then the audit log its intent, then it happens, then the audit log has its outcome and the journal, with its next
 * entry at the latest, the next state. If either can't be written, the exception ends the rotation before anything else is changed.
 */
final class Chronicle {
    private static final Logger LOG = LoggerFactory.getLogger(Chronicle.class);

    private final ManagedCredential credential;
    private final Lease lease;
    private final Journal journal;
    private final AuditTrail audit;
    private final Clock clock;
    private final Progress progress;
    private final Findings findings;
    private final List<JournalEntry> pending = new ArrayList<>();
    private @Nullable RotationState latest;
    private @Nullable Failure failure;

    Chronicle(
            ManagedCredential credential,
            Lease lease,
            Journal journal,
            AuditTrail audit,
            Clock clock,
            Progress progress) {
        this.credential = credential;
        this.lease = lease;
        this.journal = journal;
        this.audit = audit;
        this.clock = clock;
        this.progress = progress;
        this.findings = new Findings(clock);
    }

    /** What is found from now on; each state takes along what was found before it was gone into. */
    Findings findings() {
        return findings;
    }

    /**
     * Goes into a state that need not be durable before something else is: recovery from the last durable one looks at
     * host and Dromo, and comes to the same. It is made durable together with the next that must be. Each sync that is
     * saved is time in which a password is not dead in Dromo.
     */
    <S extends RotationState> S pass(S next) {
        return pass(next, entry(next));
    }

    <S extends RotationState> S pass(S next, JournalEntry together) {
        pending.add(together.restingOn(findings.take()));
        latest = next;
        return next;
    }

    /** The newest state that was gone into; empty before the first. */
    Optional<RotationState> latest() {
        return Optional.ofNullable(latest);
    }

    /** Makes a state durable that needs no side effect. */
    <S extends RotationState> S enter(S next) {
        return write(next, entry(next));
    }

    /** Makes a state durable together with what has to become true with it. */
    <S extends RotationState> S enter(S next, JournalEntry together) {
        return write(next, together);
    }

    JournalEntry entry(RotationState next) {
        return JournalEntry.of(next, clock.instant());
    }

    /** Ends or parks the rotation in {@code state}, with the reason. */
    <S extends RotationState> S enter(S state, Failure why) {
        return write(state, entry(state).because(ValidNow.tell(state, why)));
    }

    private <S extends RotationState> S write(S next, JournalEntry entry) {
        if (next.kind() == RotationState.Kind.ABANDONED) {
            // Once the journal has it ended, nobody comes back to write this.
            record("rotation.failed", next, Result.FAILURE, entry.failure().orElse(null));
        }
        pending.add(entry.restingOn(findings.take()));
        List<JournalEntry> entries = List.copyOf(pending);
        pending.clear();
        journal.write(lease, entries);
        latest = next;
        failure = entry.failure().orElse(null);
        LOG.atDebug()
                .addKeyValue("credential", credential.name())
                .addKeyValue("rotation", next.head().id())
                .addKeyValue("state", next.kind())
                .log("State is durable");
        return next;
    }

    /** Why the rotation stands where it stands; empty where nothing went wrong. */
    Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Announces a side effect that comes next. The state in which it may have happened is durable already, so whoever
     * recovers from there announces it again and no intent is ever left without an outcome.
     */
    void intend(SideEffect effect, RotationState state) {
        audit.append(effectEvent(effect, state).intent());
    }

    /**
     * The side effect happened: its outcome, then the state that it led to. Until that is durable, the state before it is
     * true as well: it says that the side effect <em>may</em> have happened.
     */
    <S extends RotationState> S succeeded(SideEffect effect, S next, String detail) {
        effectDone(effect, next, detail);
        return pass(next);
    }

    /** The same where it leads to no other state. */
    void effectDone(SideEffect effect, RotationState state, String detail) {
        audit.append(effectEvent(effect, state).outcome(Result.SUCCESS, Optional.empty()));
        done(effect.step(), state, detail);
    }

    /** The side effect did not happen, or nobody knows; the state stays for the caller to decide. */
    void effectFailed(SideEffect effect, RotationState state, Result result, Failure why) {
        audit.append(effectEvent(effect, state).outcome(result, Optional.of(inOneLine(why))));
        failed(effect.step(), state, why);
    }

    /** A rotation was begun. */
    void began(RotationState.Started state, Rotator.Request request) {
        AuditEvent started = event("rotation.started", state).with("reason", request.reason());
        audit.append(state.head().compromised() ? started.with("compromised", true) : started);
    }

    /** A proof or a read succeeded. */
    void proved(String event, Step step, RotationState state, String detail) {
        proved(event, step, state, detail, Map.of());
    }

    /** The same with further facts for the audit log. */
    void proved(String event, Step step, RotationState state, String detail, Map<String, Object> facts) {
        AuditEvent proof = proofEvent(event, step, state);
        for (Map.Entry<String, Object> fact : facts.entrySet()) {
            proof = proof.with(fact.getKey(), fact.getValue());
        }
        audit.append(proof.outcome(Result.SUCCESS, Optional.empty()));
        done(step, state, detail);
    }

    /** A proof or a read failed or could not be had. */
    void notProved(String event, Step step, RotationState state, Result result, Failure why) {
        audit.append(proofEvent(event, step, state).outcome(result, Optional.of(inOneLine(why))));
        failed(step, state, why);
    }

    /** A proof can't be had, and the rotation goes on without it. */
    void notTried(String event, Step step, RotationState state, Failure why) {
        audit.append(proofEvent(event, step, state).outcome(Result.UNKNOWN, Optional.of(inOneLine(why))));
        LOG.atWarn()
                .addKeyValue("credential", credential.name())
                .addKeyValue("rotation", state.head().id())
                .addKeyValue("step", step.label())
                .log("Not known: {}", why.message());
        progress.notKnown(credential, step, why.message());
    }

    /** Something that is neither a side effect nor a proof. */
    void record(String event, RotationState state, @Nullable Result result, @Nullable Failure why) {
        AuditEvent base = event(event, state);
        Optional<String> error = Optional.ofNullable(why).map(Chronicle::inOneLine);
        audit.append(result == null ? base : base.result(result, error));
    }

    /**
     * A rotation that changed the host has come to its end, by the entry that is written next; with the gap it took.
     *
     * @param why what turned it back; empty where it went forward
     */
    void ended(String event, JournalEntry last, Optional<Failure> why) {
        AuditEvent ended = event(event, last.state()).result(Result.SUCCESS, why.map(Chronicle::inOneLine));
        audit.append(gap(last).map(gap -> ended.with("gap_ms", gap.toMillis())).orElse(ended));
    }

    private Optional<Duration> gap(JournalEntry last) {
        RotationHead head = last.state().head();
        if (head.authType() == AuthType.KEY) {
            return Optional.empty();
        }
        List<Transition> steps = new ArrayList<>(journal.history(Optional.of(head.credential()), 1).stream()
                .filter(rotation -> rotation.id().equals(head.id()))
                .flatMap(rotation -> rotation.steps().stream())
                .toList());
        Stream.concat(pending.stream(), Stream.of(last))
                .map(entry -> new Transition(entry.state().kind(), entry.at(), entry.failure(), List.of()))
                .forEach(steps::add);
        return Gap.of(head.authType(), head.alternates(), steps);
    }

    void began(Step step) {
        progress.began(credential, step);
    }

    void done(Step step, RotationState state, String detail) {
        LOG.atInfo()
                .addKeyValue("credential", credential.name())
                .addKeyValue("rotation", state.head().id())
                .addKeyValue("step", step.label())
                .log("Step done: {}", detail);
        progress.done(credential, step, detail);
    }

    private void failed(Step step, RotationState state, Failure why) {
        LOG.atWarn()
                .addKeyValue("credential", credential.name())
                .addKeyValue("rotation", state.head().id())
                .addKeyValue("step", step.label())
                .addKeyValue("kind", why.kind())
                .log("Step failed: {}", why.message());
        progress.failed(credential, step, why.message());
    }

    private AuditEvent event(String name, RotationState state) {
        RotationHead head = state.head();
        return AuditEvent.of(name)
                .by(head.actor())
                .ofCredential(credential.name())
                .inRotation(head.id())
                .keys(state.candidate().flatMap(SecretVersion::fingerprint), head.previousFingerprint());
    }

    private AuditEvent effectEvent(SideEffect effect, RotationState state) {
        AuditEvent event = event(effect.event(), state).on(target(effect.onHost(), state));
        if (effect.onHost()) {
            event = event.with("method", credential.install().configName());
        }
        return effect.undo() ? event.with("undo", true) : event;
    }

    private AuditEvent proofEvent(String name, Step step, RotationState state) {
        return event(name, state).on(target(name.startsWith("host.") || step == Step.PREFLIGHT, state));
    }

    private String target(boolean host, RotationState state) {
        if (!host) {
            return "dromo:" + credential.dromoId();
        }
        Optional<RotationHead.Users> users = state.head().users();
        if (users.isEmpty() && credential.alternate().isPresent()) {
            // Whose turn it is was not found out.
            return credential.account().hostname() + ":" + credential.account().port();
        }
        return users.map(its -> credential.on(its.changed()))
                .orElse(credential)
                .account()
                .toString();
    }

    private static String inOneLine(Failure why) {
        return why.kind() + ": " + why.message().replaceAll("\\s+", " ");
    }
}
