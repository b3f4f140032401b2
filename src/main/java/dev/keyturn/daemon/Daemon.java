package dev.keyturn.daemon;

import dev.keyturn.policy.Due;
import dev.keyturn.rotation.Actor;
import dev.keyturn.rotation.AuditEvent;
import dev.keyturn.rotation.AuditException;
import dev.keyturn.rotation.AuditTrail;
import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.HostSlots;
import dev.keyturn.rotation.Journal;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Notices;
import dev.keyturn.rotation.Outcome;
import dev.keyturn.rotation.Progress;
import dev.keyturn.rotation.RotationResult;
import dev.keyturn.rotation.RotationState;
import dev.keyturn.rotation.Rotator;
import dev.keyturn.rotation.Verifier;
import dev.keyturn.schedule.Timetable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rotates each credential when it is due. At start it settles what was interrupted; nothing that is not due is rotated.
 */
public final class Daemon {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    private static final Duration CREDENTIAL_IS_BUSY = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(15);
    private static final Duration BETWEEN_LOOKS_AT_THE_CLOCK = Duration.ofMinutes(1);

    /** Replaced as a whole by a reload, never changed. */
    private volatile Map<String, ManagedCredential> credentials;

    /** Held while turns are set from the credentials in force, so that none is set from those before a reload. */
    private final Object scheduling = new Object();

    private final Rotator rotator;
    private final Rounds rounds;
    private final Journal journal;
    private final AuditTrail audit;
    private final Clock clock;
    private final HostSlots slots;
    private final Timetable timetable;
    private final Lookout lookout;
    private final Periodic looks = new Periodic("lookout", BETWEEN_LOOKS, this::lookAtAll);
    private final ClockWatch clockWatch;
    private final Periodic looksAtTheClock = new Periodic("clock", BETWEEN_LOOKS_AT_THE_CLOCK, this::lookAtTheClock);
    /** Credentials whose rotation a former process left in the middle, until their first turn. */
    private final Set<String> interrupted = ConcurrentHashMap.newKeySet();

    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean stopped;
    private volatile boolean looked;
    private volatile Optional<ControlSocket> socket = Optional.empty();

    /** How much runs side by side. */
    public record Capacity(int workers, HostSlots slots) {}

    /** What it does with a credential. */
    public record Work(Rotator rotator, Verifier verifier) {}

    public Daemon(
            List<ManagedCredential> credentials,
            Work work,
            Rotator.Records records,
            Clock clock,
            Capacity capacity,
            Notices notices) {
        this.credentials = byName(credentials);
        this.rotator = work.rotator();
        this.journal = records.journal();
        this.audit = records.audit();
        this.clock = clock;
        this.slots = capacity.slots();
        this.timetable = new Timetable(capacity.workers(), this::turn);
        this.lookout = new Lookout(journal, notices, clock);
        this.clockWatch = new ClockWatch(clock, System::nanoTime, this::setTurnsAnew);
        this.rounds = new Rounds(credentials, work.verifier(), journal, clock, capacity.workers(), new Heard());
    }

    /** What the rounds tell. */
    private final class Heard implements Rounds.Told {
        @Override
        public void checked(ManagedCredential credential) {
            lookout.checked(credential);
        }

        @Override
        public void drifted(ManagedCredential credential) {
            if (credential.policy().rotatesOnDrift()) {
                scheduleNext(credential.name(), Duration.ZERO);
            }
        }

        @Override
        public void broken(String credential, RuntimeException why) {
            Daemon.this.broken(credential, why);
        }
    }

    /** Starts working and returns. Rotations that were interrupted are settled first thing, on the workers. */
    public void start() {
        audit.append(AuditEvent.of("daemon.started").with("credentials", credentials.size()));
        scheduleAll(true);
        timetable.start();
        if (!lookout.isBlind()) {
            looks.start();
        }
        looksAtTheClock.start();
        LOG.atInfo().addKeyValue("credentials", credentials.size()).log("Ready");
    }

    /**
     * Goes on with these credentials. What is in flight comes to its end with the policy it began with; nothing that is not
     * due is begun. What the store knows of credentials that are left out stays there.
     *
     * @throws JournalException where the store fails; the credentials are as before then
     */
    public void reload(List<ManagedCredential> configured) {
        synchronized (scheduling) {
            Map<String, ManagedCredential> before = credentials;
            credentials = byName(configured);
            // All that are due get their turn anew; one that is left out would be woken in vain, instead of another.
            slots.forgetWaiting();
            try {
                scheduleAll(false);
            } catch (JournalException e) {
                credentials = before;
                throw e;
            }
        }
    }

    /** What was set by a clock that was ahead would come only when that time comes once more. */
    private void setTurnsAnew() {
        synchronized (scheduling) {
            slots.forgetWaiting();
            timetable.lookAgain();
            rounds.clockWasSetBack();
            scheduleAll(false);
        }
    }

    /** Answers commands over this socket from now on, until {@link #stop}. */
    public void answer(ControlSocket over, Commands commands) {
        socket = Optional.of(over);
        over.serve(commands);
    }

    /** Whether something new may still be begun. */
    public boolean goesOn() {
        return !stopped && !end.isDone();
    }

    /** Somebody rotated it or settled its rotation, besides its turns. */
    public void rotated(ManagedCredential credential, RotationResult result) {
        Reports.rotated(result);
        lookout.turned(credential, result, interrupted.remove(credential.name()));
        // What a person gave up is no failure that a pause would help: a leak goes on at once.
        followUp(
                credential,
                result.failure().map(why -> Health.SETTLED.contains(why.kind())).orElse(true));
    }

    /** Somebody checked it, besides the rounds. */
    public void verified(ManagedCredential credential, boolean drifted) {
        lookout.checked(credential);
        if (drifted && credential.policy().rotatesOnDrift()) {
            scheduleNext(credential.name(), Duration.ZERO);
        }
    }

    /** Somebody paused or resumed it, or a command broke off in the middle of its rotation. */
    public void changed(ManagedCredential credential) {
        scheduleNext(credential.name(), Duration.ZERO);
        lookout.checked(credential);
    }

    private void followUp(ManagedCredential credential, boolean done) {
        scheduleNext(
                credential.name(),
                done ? Duration.ZERO : credential.policy().retry().firstDelay());
    }

    /** Ends {@link #await} with {@code cause}: it is not safe to change anything more. */
    public void abort(RuntimeException cause) {
        LOG.atError().log("Nothing more is changed: {}", cause.getMessage());
        lookout.ended(cause instanceof AuditException ? "audit_log" : "store", cause);
        end.completeExceptionally(cause);
    }

    private static Map<String, ManagedCredential> byName(List<ManagedCredential> configured) {
        Map<String, ManagedCredential> byName = new LinkedHashMap<>();
        configured.forEach(credential -> byName.put(credential.name(), credential));
        return byName;
    }

    /** @param start whether nothing can be in flight yet */
    private void scheduleAll(boolean start) {
        know(credentials.values());
        Map<String, RotationState> open = new LinkedHashMap<>();
        journal.open().forEach(state -> open.put(state.head().credential(), state));
        open.keySet().stream().filter(this::isLeftOut).forEach(Reports::leftOutWhileRotating);
        journal.compromised().stream().filter(this::isLeftOut).forEach(Reports::leftOutThoughCompromised);
        if (!start) {
            rounds.reload(credentials.values());
        }
        Idle idle = new Idle();
        journal.facts(known -> {
            ManagedCredential credential = credentials.get(known.credential());
            if (credential != null) {
                if (start && open.containsKey(credential.name()) && wasInterrupted(known)) {
                    interrupted.add(credential.name());
                }
                Optional<Instant> turn = Agenda.nextTurn(
                        credential, known, Optional.ofNullable(open.get(credential.name())), clock.instant());
                turn.ifPresentOrElse(at -> schedule(credential, at), () -> idle.add(credential));
                rounds.schedule(known);
            }
        });
        idle.report();
        if (start) {
            rounds.start();
        }
    }

    private boolean isLeftOut(String name) {
        return !credentials.containsKey(name);
    }

    private void know(Collection<ManagedCredential> configured) {
        Map<String, String> schedules = new LinkedHashMap<>();
        configured.forEach(credential -> credential
                .policy()
                .schedule()
                .ifPresent(schedule -> schedules.put(credential.name(), schedule.describe())));
        journal.firstSeen(configured.stream().map(ManagedCredential::name).toList(), clock.instant());
        journal.scheduled(schedules, clock.instant());
    }

    /** Waits until {@link #stop} was called, or something made it unsafe to go on. */
    public void await() {
        end.join();
    }

    /**
     * Begins nothing further, lets what is in flight come to its end, and ends {@link #await}. Whoever calls it
     * again waits for the same.
     *
     * @throws AuditException where the end can't be written down; it is the end all the same
     */
    public synchronized void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        try {
            socket.ifPresent(ControlSocket::refuse);
            rounds.close();
            timetable.close();
            socket.ifPresent(ControlSocket::close);
            looks.close();
            looksAtTheClock.close();
            if (!end.isDone()) {
                audit.append(AuditEvent.of("daemon.stopped"));
            }
        } finally {
            end.complete(null);
        }
    }

    private void schedule(ManagedCredential credential, Instant turn) {
        timetable.set(credential.name(), turn);
        LOG.atDebug()
                .addKeyValue("credential", credential.name())
                .addKeyValue("at", turn)
                .log("Next turn");
    }

    private void turn(String name) {
        ManagedCredential credential = credentials.get(name);
        if (credential == null || end.isDone()) {
            return;
        }
        try {
            if (slots.takeOr(credential.account(), () -> wake(name))) {
                try {
                    // A turn only says that the time may have come: whether it has, the agenda says, by now's clock.
                    Optional<Instant> due = nextTurn(credential);
                    boolean failed = due.isPresent() && !clock.instant().isBefore(due.get()) && !work(credential);
                    followUp(credential, !failed);
                } finally {
                    slots.giveBack(credential.account());
                }
            }
        } catch (BusyException e) {
            // It is as due as before; without a pause its turn would come again at once, until the other is done.
            LOG.atWarn().addKeyValue("credential", name).log("Skipped: {}", e.getMessage());
            timetable.set(name, clock.instant().plus(CREDENTIAL_IS_BUSY));
        } catch (AuditException | JournalException e) {
            broken(name, e);
        } catch (RuntimeException | Error e) {
            // A bug of ours, or no thread or memory was left. A credential that lost its turn would never be rotated
            // again, and nobody would hear of it; so that comes first, for the rest may fail by the same.
            Duration pause = credential.policy().retry().firstDelay();
            timetable.set(name, clock.instant().plus(pause));
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("credential", name)
                    .log("This is a bug of Keyturn; please report it. The next try is in {}", pause);
            lookout.stumbled(credential, e);
        }
    }

    private boolean wake(String name) {
        boolean configured = credentials.containsKey(name);
        if (configured) {
            timetable.set(name, clock.instant());
        }
        return configured;
    }

    private void broken(String credential, RuntimeException e) {
        LOG.atError().addKeyValue("credential", credential).log("Nothing more is changed: {}", e.getMessage());
        lookout.ended(e instanceof AuditException ? "audit_log" : "store", e);
        end.completeExceptionally(e);
    }

    /** @param pause at least; what failed and changed nothing is as due as before, and would come again at once */
    private void scheduleNext(String name, Duration pause) {
        synchronized (scheduling) {
            ManagedCredential configured = credentials.get(name);
            if (configured != null) {
                Instant earliest = clock.instant().plus(pause);
                nextTurn(configured)
                        .map(next -> next.isBefore(earliest) ? earliest : next)
                        .ifPresentOrElse(at -> schedule(configured, at), () -> Idle.warn(name));
            }
        }
    }

    private Optional<Instant> nextTurn(ManagedCredential credential) {
        return journal.facts(credential.name())
                .flatMap(facts -> Agenda.nextTurn(credential, facts, journal.open(credential.name()), clock.instant()));
    }

    /** @return whether it came to what was wanted */
    private boolean work(ManagedCredential credential) throws BusyException {
        Optional<RotationResult> settled = rotator.resume(credential, Progress.NONE);
        RotationResult result = settled.isPresent() ? settled.get() : rotate(credential);
        Reports.rotated(result);
        lookout.turned(credential, result, interrupted.remove(credential.name()));
        return result.failure().isEmpty();
    }

    /** Neither failed nor waiting: its process ended in the middle. */
    private static boolean wasInterrupted(CredentialFacts facts) {
        return facts.lastRotation()
                .filter(last -> last.outcome() == Outcome.ROTATING)
                .isPresent();
    }

    void lookAtAll() {
        try {
            // Not at the first look: one that ends soon after each of its starts would tell of all of them.
            if (looked && goesOn()) {
                lookout.goesOn();
            }
            looked = true;
            lookout.lookAtAll(credentials);
        } catch (RuntimeException | Error e) {
            // The rotations go on; where the store fails, one of them will end the daemon.
            LOG.atError().setCause(e).log("Could not look what to tell; the next look is in {}", BETWEEN_LOOKS);
        }
    }

    void lookAtTheClock() {
        try {
            clockWatch.look();
        } catch (JournalException e) {
            abort(e);
        } catch (RuntimeException | Error e) {
            LOG.atError()
                    .setCause(e)
                    .log("The turns could not be set anew; the next try is in {}", BETWEEN_LOOKS_AT_THE_CLOCK);
        }
    }

    private RotationResult rotate(ManagedCredential credential) throws BusyException {
        boolean mendsDrift = journal.facts(credential.name())
                .flatMap(facts -> facts.due(credential, clock.instant()))
                .filter(Due::mendsDrift)
                .isPresent();
        return mendsDrift
                ? rotator.rotate(credential, "drift", Actor.DRIFT, Progress.NONE)
                : rotator.rotate(credential, "schedule", Actor.SCHEDULE, Progress.NONE);
    }
}
