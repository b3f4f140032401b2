package dev.keyturn.rotation;

import dev.keyturn.rotation.AuditEvent.Result;
import dev.keyturn.rotation.RotationState.Kind;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Rotates credentials and settles rotations that were interrupted. Thread-safe: one rotator serves all workers, and the
 * lease keeps two of them off one credential.
 */
public final class Rotator {
    private static final Duration LEASE = Duration.ofHours(1);

    private final Hosts hosts;
    private final Dromo dromo;
    private final Records records;
    private final SecretMaker secretMaker;
    private final Timing timing;
    private final Attempts attempts;
    private final ProbeDirectories directories;

    /**
     * Where everything is written down.
     *
     * @param holder names this process in a lease, e.g. {@code host7/4711}
     */
    public record Records(Journal journal, AuditTrail audit, String holder) {}

    /** What time it is, and how to wait. */
    public record Timing(Clock clock, Sleeper sleeper) {}

    public Rotator(Hosts hosts, Dromo dromo, Records records, SecretMaker secretMaker, Timing timing) {
        this.hosts = hosts;
        this.dromo = dromo;
        this.records = records;
        this.secretMaker = secretMaker;
        this.timing = timing;
        this.attempts = new Attempts(timing.sleeper());
        this.directories = new ProbeDirectories(dromo, attempts, timing.clock());
    }

    /**
     * What a rotation is asked for with.
     *
     * @param reason a person's or the schedule's words, for the audit log
     * @param compromised whether the secret in use is known to others: then no overlap and no pause holds the rotation
     *     back, and the old secret is withdrawn as soon as both proofs are there
     */
    public record Request(String reason, Actor actor, boolean compromised) {
        public Request(String reason, Actor actor) {
            this(reason, actor, false);
        }
    }

    /** The same for a request that can wait. */
    public RotationResult rotate(ManagedCredential credential, String reason, Actor actor, Progress progress)
            throws BusyException {
        return rotate(credential, new Request(reason, actor), progress);
    }

    /**
     * Rotates a credential now. An earlier rotation of it that is still open is settled first; where that one goes
     * forward, it is the result. Of a paused credential an open rotation is settled and none is begun.
     *
     * <p>Of a compromised one, an overlap that is open ends now, and a rotation is begun after whatever was settled:
     * nobody knows which of the two secrets got out. Alternating accounts both get a new password, one after the other.
     *
     * @throws BusyException where a rotation of it is in flight
     * @throws AuditException where the audit log can't be written; nothing more is changed then
     * @throws JournalException where the store can't be written; nothing more is changed then
     */
    public RotationResult rotate(ManagedCredential credential, Request request, Progress progress)
            throws BusyException {
        try (HeldLease held = lease(credential)) {
            Lease lease = held.lease();
            Optional<RotationResult> settled = request.compromised()
                    ? settledWithoutOverlap(credential, lease, progress)
                    : settled(credential, lease, progress);
            if (settled.isPresent()) {
                return settled.get();
            }
            Optional<Failure> notNow = request.compromised()
                    ? Optional.empty()
                    : records.journal()
                            .facts(credential.name())
                            .flatMap(facts ->
                                    NotNow.of(credential, facts, timing.clock().instant()));
            if (notNow.isPresent()) {
                return notBegun(credential, notNow.get());
            }
            RotationResult result = begin(credential, lease, request, progress);
            boolean otherAccountToo =
                    request.compromised() && credential.alternate().isPresent() && result.succeeded();
            return otherAccountToo ? begin(credential, lease, request, progress) : result;
        }
    }

    /** Settles an open rotation; the result is present where that is all that is done now. */
    private Optional<RotationResult> settled(ManagedCredential credential, Lease lease, Progress progress) {
        Optional<RotationState> open = records.journal().open(credential.name());
        if (open.isEmpty()) {
            return Optional.empty();
        }
        boolean inOverlap = open.get().kind() == Kind.OVERLAPPING;
        boolean byPartner = open.get().kind() == Kind.AWAITING_WITHDRAWAL;
        RotationResult settled = drive(credential, lease, open.get(), true, progress);
        Optional<RotationState> still = records.journal().open(credential.name());
        if ((inOverlap || byPartner) && still.isPresent() && settled.failure().isEmpty()) {
            return Optional.of(inOverlap(settled, still.get()));
        }
        boolean rotatedAfterAll = !inOverlap && settled.succeeded();
        return rotatedAfterAll || still.isPresent() ? Optional.of(settled) : Optional.empty();
    }

    /** The same without waiting for an overlap; the result is present only where the rotation can't be ended now. */
    private Optional<RotationResult> settledWithoutOverlap(
            ManagedCredential credential, Lease lease, Progress progress) {
        Optional<RotationState> open = records.journal().open(credential.name());
        if (open.isEmpty()) {
            return Optional.empty();
        }
        Instant now = timing.clock().instant();
        RotationState cutShort =
                RotationSnapshot.of(open.get()).withoutOverlap(now).restore();
        if (!cutShort.equals(open.get())) {
            records.journal().write(lease, JournalEntry.of(cutShort, now));
        }
        RotationResult settled = drive(credential, lease, cutShort, true, progress);
        return records.journal()
                .open(credential.name())
                .map(still -> still.kind() == Kind.AWAITING_WITHDRAWAL
                                && settled.failure().isEmpty()
                        ? inOverlap(settled, still)
                        : settled);
    }

    private RotationResult begin(ManagedCredential credential, Lease lease, Request request, Progress progress) {
        RotationState.Started started = new RotationState.Started(head(
                credential,
                records.journal().facts(credential.name()),
                request,
                timing.clock().instant()));
        // The journal first: what it knows of, recovery ends in the audit log too.
        records.journal().write(lease, JournalEntry.of(started, timing.clock().instant()));
        chronicle(credential, lease, progress).began(started, request);
        return drive(credential, lease, started, false, progress);
    }

    /**
     * Goes on with a rotation that was interrupted, is parked after a failure, or waits in its overlap: looks what host
     * and Dromo have, then finishes or undoes it. Empty where none is open.
     *
     * @throws BusyException where it is in flight
     */
    public Optional<RotationResult> resume(ManagedCredential credential, Progress progress) throws BusyException {
        try (HeldLease held = lease(credential)) {
            return records.journal()
                    .open(credential.name())
                    .map(open -> drive(credential, held.lease(), open, true, progress));
        }
    }

    /**
     * Turns back a rotation in which a partner installs the key, as far as Dromo isn't known to log in with it yet. It ends
     * once the host refuses the new key; where the partner has installed that, it stays open until the partner has taken
     * it off again. Empty where none is open.
     *
     * @param by who gives it up
     * @return with a failure where it can't be turned back; then nothing was changed
     * @throws BusyException where it is in flight
     */
    public Optional<RotationResult> abandon(ManagedCredential credential, Actor by, Progress progress)
            throws BusyException {
        try (HeldLease held = lease(credential)) {
            Optional<RotationState> open = records.journal().open(credential.name());
            if (open.isEmpty()) {
                return Optional.empty();
            }
            Optional<RotationState> back = Abandonment.of(credential, open.get(), by);
            if (back.isEmpty()) {
                return Optional.of(
                        result(credential, open.get(), Optional.of(Abandonment.refusal(open.get())), Duration.ZERO));
            }
            if (!back.equals(open)) {
                records.journal()
                        .write(
                                held.lease(),
                                JournalEntry.of(back.get(), timing.clock().instant()));
            }
            return Optional.of(drive(credential, held.lease(), back.get(), true, progress));
        }
    }

    private HeldLease lease(ManagedCredential credential) throws BusyException {
        return new HeldLease(
                records.journal(),
                records.journal()
                        .lease(
                                credential.name(),
                                records.holder(),
                                timing.clock().instant(),
                                LEASE));
    }

    /** Given back in such a way that a store which fails then too hides no exception that says where a rotation stands. */
    private record HeldLease(Journal journal, Lease lease) implements AutoCloseable {
        @Override
        public void close() {
            try {
                journal.release(lease);
            } catch (JournalException e) {
                throw new JournalException(
                        lease.credential() + ": " + e.getMessage() + ". What its rotation came to: keyturn status "
                                + lease.credential() + ". Mend the cause, then run: keyturn recover",
                        e);
            }
        }
    }

    static RotationHead head(
            ManagedCredential credential, Optional<CredentialFacts> facts, Request request, Instant now) {
        Optional<SecretVersion> current = facts.flatMap(CredentialFacts::current);
        return new RotationHead(
                RotationId.random(),
                credential.name(),
                credential.authType(),
                request.reason(),
                request.actor(),
                now,
                request.compromised() ? Duration.ZERO : credential.policy().overlap(),
                current,
                current.flatMap(SecretVersion::fingerprint));
    }

    private Chronicle chronicle(ManagedCredential credential, Lease lease, Progress progress) {
        return new Chronicle(credential, lease, records.journal(), records.audit(), timing.clock(), progress);
    }

    private RotationResult drive(
            ManagedCredential credential, Lease lease, RotationState from, boolean resumed, Progress progress) {
        Instant began = timing.clock().instant();
        Optional<Failure> misfit = Misfit.of(credential, from, resumed);
        if (misfit.isPresent()) {
            return result(credential, from, misfit, Duration.ZERO);
        }
        Chronicle chronicle = chronicle(credential, lease, progress);
        if (resumed) {
            chronicle
                    .findings()
                    .add("recovery", "went on from " + from.kind().name().toLowerCase(Locale.ROOT));
        }
        RotationState state = from;
        SecretsInHand secrets = new SecretsInHand(records.journal());
        try (InFlight flight = new InFlight(
                credential,
                new Accounts(noted(chronicle, secrets), credential, from.head()),
                new NotedDromo(dromo, chronicle.findings(), secrets),
                records.journal(),
                secrets,
                attempts)) {
            RotationSteps steps =
                    new RotationSteps(flight, chronicle, secretMaker, directories, timing.clock(), resumed);
            while (!state.kind().terminal()) {
                RotationState next = steps.advance(state);
                boolean waits = waits(state, next);
                state = next;
                if (waits) {
                    break;
                }
            }
        } catch (AuditException e) {
            throw new AuditException(whereItStands(chronicle.latest().orElse(from), e), e);
        } catch (JournalException e) {
            throw new JournalException(whereItStands(chronicle.latest().orElse(from), e), e);
        } catch (StepException e) {
            state = chronicle.latest().orElse(state);
            chronicle.record("rotation.failed", state, Result.FAILURE, e.failure());
            chronicle.enter(state, e.failure());
        }
        return result(
                credential,
                state,
                chronicle.failure(),
                Duration.between(began, timing.clock().instant()));
    }

    private Hosts noted(Chronicle chronicle, SecretsInHand secrets) {
        return at -> new NotedVisit(hosts.visit(at), at, chronicle.findings(), secrets);
    }

    private static String whereItStands(RotationState state, RuntimeException e) {
        return state.head().credential() + ": " + e.getMessage() + ". Its rotation stands at "
                + state.kind().name().toLowerCase(Locale.ROOT) + "; valid now: " + ValidNow.in(state)
                + ". Mend the cause, then run: keyturn recover";
    }

    /** Whether nothing more can be done for now. Right after the key was handed over, nobody can have installed it yet. */
    private boolean waits(RotationState before, RotationState now) {
        return switch (now.kind()) {
            case OVERLAPPING -> !overlapIsOver(now);
            case AWAITING_INSTALL -> true;
            case AWAITING_WITHDRAWAL -> before.kind() == now.kind();
            default -> false;
        };
    }

    private boolean overlapIsOver(RotationState state) {
        return state instanceof RotationState.Overlapping overlapping
                && !timing.clock().instant().isBefore(overlapping.until());
    }

    private RotationResult result(
            ManagedCredential credential, RotationState state, Optional<Failure> failure, Duration duration) {
        boolean newInUse = Outcome.newInUse(state.kind());
        Optional<Fingerprint> candidate = state.candidate().flatMap(SecretVersion::fingerprint);
        return new RotationResult(
                credential.name(),
                Optional.of(state.head().id()),
                Outcome.of(state.kind(), failure.isPresent()),
                state.head().authType(),
                newInUse ? candidate : state.head().previousFingerprint(),
                state.head().previousFingerprint(),
                duration,
                gap(state.head()),
                failure);
    }

    private Optional<Duration> gap(RotationHead head) {
        return head.authType() == AuthType.KEY
                ? Optional.empty()
                : records.journal().history(Optional.of(head.credential()), 1).stream()
                        .filter(rotation -> rotation.id().equals(head.id()))
                        .findFirst()
                        .flatMap(RotationSummary::gap);
    }

    private static RotationResult notBegun(ManagedCredential credential, Failure why) {
        return new RotationResult(
                credential.name(),
                Optional.empty(),
                Outcome.FAILED,
                credential.authType(),
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO,
                Optional.empty(),
                Optional.of(why));
    }

    private static RotationResult inOverlap(RotationResult waiting, RotationState open) {
        boolean byPartner = open.kind() == Kind.AWAITING_WITHDRAWAL;
        Failure why = new Failure(
                Step.OVERLAP,
                FailureKind.IN_OVERLAP.label(),
                waiting.credential() + ": the last rotation "
                        + (byPartner ? "waits for the partner to take the old key off" : "is still in its overlap")
                        + (open instanceof RotationState.Overlapping o ? " until " + o.until() : "")
                        + "; a new one would leave three keys",
                ValidNow.in(open),
                byPartner
                        ? "Have the partner take the key off that keyturn show-key --old " + waiting.credential()
                                + " prints, then rotate again."
                        : "Wait until the overlap is over; recover or the daemon withdraws the old key then. If the key"
                                + " was compromised: keyturn rotate --compromised " + waiting.credential() + ".");
        return new RotationResult(
                waiting.credential(),
                waiting.rotation(),
                waiting.outcome(),
                waiting.authType(),
                waiting.fingerprint(),
                waiting.previousFingerprint(),
                waiting.duration(),
                waiting.gap(),
                Optional.of(why));
    }
}
