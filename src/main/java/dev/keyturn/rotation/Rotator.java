package dev.keyturn.rotation;

import dev.keyturn.rotation.AuditEvent.Result;
import dev.keyturn.rotation.RotationState.Kind;
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
    private final Results results;

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
        this.results = new Results(records.journal());
    }

    /**
     * What a rotation is asked for with.
     *
     * @param reason a person's or the schedule's words, for the audit log
     * @param compromised whether it follows a {@linkplain Compromises word} of the person who asks: where all of that is
     *     replaced by now, nothing is left to be done
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
     * <p>Where the journal has the {@linkplain Compromises word} that others know its secret, an overlap that is open ends
     * now, and a rotation is begun after whatever was settled: nobody knows which of the two secrets got out. Alternating
     * accounts both get a new password, one after the other. Neither a pause that held before nor the rule that keeps two
     * turns apart holds that back, only the proofs do.
     *
     * @throws BusyException where a rotation of it is in flight
     * @throws AuditException where the audit log can't be written; nothing more is changed then
     * @throws JournalException where the store can't be written; nothing more is changed then
     */
    public RotationResult rotate(ManagedCredential credential, Request request, Progress progress)
            throws BusyException {
        try (HeldLease held = lease(credential)) {
            Lease lease = held.lease();
            Optional<Compromise> word = compromise(credential);
            if (word.isPresent()) {
                Optional<RotationState> before = records.journal().open(credential.name());
                RotationResult result =
                        replaceCompromised(credential, lease, word.get(), Optional.of(request), progress);
                return before.isPresent() ? toldWhatItWaitsFor(before.get(), result) : result;
            }
            Optional<RotationResult> replaced = request.compromised() ? replacedBefore(credential) : Optional.empty();
            if (replaced.isPresent()) {
                return replaced.get();
            }
            Optional<RotationResult> settled = settled(credential, lease, progress);
            if (settled.isPresent()) {
                return settled.get();
            }
            Optional<Failure> notNow = records.journal()
                    .facts(credential.name())
                    .flatMap(
                            facts -> NotNow.of(credential, facts, timing.clock().instant()));
            return notNow.isPresent()
                    ? RotationResult.notBegun(credential, notNow.get())
                    : begin(credential, lease, request, false, progress);
        }
    }

    private Optional<Compromise> compromise(ManagedCredential credential) {
        return records.journal()
                .facts(credential.name())
                .flatMap(facts ->
                        facts.compromiseInForce(credential, timing.clock().instant()));
    }

    /**
     * Settles an open rotation without waiting for its overlap, then rotates until the journal has no secret of it any more
     * that others know. At the first failure the rest waits for the next call.
     */
    private RotationResult replaceCompromised(
            ManagedCredential credential, Lease lease, Compromise word, Optional<Request> asked, Progress progress) {
        Optional<RotationResult> settled = settledWithoutOverlap(credential, lease, progress);
        boolean stillOpen = records.journal().open(credential.name()).isPresent();
        if (settled.isPresent() && (stillOpen || compromise(credential).isEmpty())) {
            return settled.get();
        }
        RotationResult result = begin(credential, lease, request(word, asked), true, progress);
        // Whose turn it is can't be chosen: after as many as there are accounts, each had its own.
        for (int turn = 2; turn <= credential.accounts().size() && result.succeeded(); turn++) {
            Optional<Compromise> left = compromise(credential);
            if (left.isEmpty()) {
                return result;
            }
            result = begin(credential, lease, request(left.get(), asked), true, progress);
        }
        return result;
    }

    /** A person's own words, where one asks; the schedule goes by those that came with the word. */
    private static Request request(Compromise word, Optional<Request> asked) {
        return asked.filter(it -> it.actor().kind() == Actor.Kind.CLI)
                .orElseGet(() ->
                        new Request(word.reason(), asked.map(Request::actor).orElse(word.by())));
    }

    /** What somebody else's rotation came to, where it was done with the word first; empty where the word still waits. */
    private Optional<RotationResult> replacedBefore(ManagedCredential credential) {
        return records.journal()
                .facts(credential.name())
                .filter(facts -> facts.compromiseOf(credential).isEmpty())
                .flatMap(CredentialFacts::lastRotation)
                .filter(last -> last.outcome() == Outcome.COMPLETED)
                .map(Results::of);
    }

    /** What a person who asked for a rotation has to hear of one that a partner holds up. */
    private RotationResult toldWhatItWaitsFor(RotationState before, RotationResult result) {
        return before.kind() == Kind.AWAITING_WITHDRAWAL && result.failure().isEmpty()
                ? records.journal()
                        .open(result.credential())
                        .map(open -> Results.inOverlap(result, open))
                        .orElse(result)
                : result;
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
            return Optional.of(Results.inOverlap(settled, still.get()));
        }
        boolean rotatedAfterAll = !inOverlap && settled.succeeded();
        return rotatedAfterAll || still.isPresent() ? Optional.of(settled) : Optional.empty();
    }

    /** The same to its end; an overlap that is open ends now. Empty where none was open. */
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
        return Optional.of(drive(credential, lease, cutShort, true, progress));
    }

    private RotationResult begin(
            ManagedCredential credential, Lease lease, Request request, boolean compromised, Progress progress) {
        RotationHead head = head(
                credential,
                records.journal().facts(credential.name()),
                request,
                timing.clock().instant());
        RotationState.Started started = new RotationState.Started(compromised ? head.ofCompromised() : head);
        // The journal first: what it knows of, recovery ends in the audit log too.
        records.journal().write(lease, JournalEntry.of(started, timing.clock().instant()));
        chronicle(credential, lease, progress).began(started, request);
        return drive(credential, lease, started, false, progress);
    }

    /**
     * Goes on with a rotation that was interrupted, is parked after a failure, or waits in its overlap: looks what host
     * and Dromo have, then finishes or undoes it. Where secrets that others know are still to be replaced, it does that
     * as well. Empty where there is nothing of either.
     *
     * @throws BusyException where it is in flight
     */
    public Optional<RotationResult> resume(ManagedCredential credential, Progress progress) throws BusyException {
        try (HeldLease held = lease(credential)) {
            Lease lease = held.lease();
            Optional<Compromise> word = compromise(credential);
            return word.isPresent()
                    ? Optional.of(replaceCompromised(credential, lease, word.get(), Optional.empty(), progress))
                    : records.journal()
                            .open(credential.name())
                            .map(open -> drive(credential, lease, open, true, progress));
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
                return Optional.of(results.of(
                        credential, open.get(), Optional.of(Abandonment.refusal(open.get())), Duration.ZERO));
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
                credential.policy().overlap(),
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
            return results.of(credential, from, misfit, Duration.ZERO);
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
        return results.of(
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
}
