package dev.keyturn.daemon;

import dev.keyturn.rotation.Actor;
import dev.keyturn.rotation.AuditException;
import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.HostSlots;
import dev.keyturn.rotation.Journal;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.RotationState;
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
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks each credential as often as its policy's {@code verify} says. It has threads and slots on hosts of its own, one on
 * each host, so no rotation waits for a check; a check waits for a rotation of the same credential that is open or due.
 */
final class Rounds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
    private static final Duration ROTATION_FIRST = Duration.ofMinutes(1);
    private static final int ON_ONE_HOST = 1;

    /** Replaced as a whole by a reload, never changed. */
    private volatile Map<String, ManagedCredential> credentials;

    private final Verifier verifier;
    private final Journal journal;
    private final Clock clock;
    private final Told told;
    private final HostSlots slots = new HostSlots(ON_ONE_HOST);
    private final Map<String, Instant> tried = new ConcurrentHashMap<>();
    private final Timetable timetable;
    private volatile Instant since;

    /** Who is told what a check came to. */
    interface Told {
        /** A check came to its end; what it found is written down already. */
        void checked(ManagedCredential credential);

        /** Something is certainly not as it should be; that is written down already. */
        void drifted(ManagedCredential credential);

        /** Nothing can be written down any more, so nothing may be done. */
        void broken(String credential, RuntimeException why);
    }

    /** @param workers how many rotations run side by side; a quarter of that are checked at once */
    Rounds(
            List<ManagedCredential> credentials,
            Verifier verifier,
            Journal journal,
            Clock clock,
            int workers,
            Told told) {
        this.credentials = toCheck(credentials);
        this.verifier = verifier;
        this.journal = journal;
        this.clock = clock;
        this.told = told;
        this.since = clock.instant();
        this.timetable = new Timetable(Math.max(1, workers / 4), this::turn);
    }

    private static Map<String, ManagedCredential> toCheck(Collection<ManagedCredential> configured) {
        Map<String, ManagedCredential> checked = new LinkedHashMap<>();
        configured.stream()
                .filter(credential -> credential.policy().verify().isPresent())
                .forEach(credential -> checked.put(credential.name(), credential));
        return checked;
    }

    /** Begins to check what was scheduled. */
    void start() {
        timetable.start();
    }

    /** Goes on with these, once they are scheduled; a check that runs comes to its end with the policy it began with. */
    void reload(Collection<ManagedCredential> configured) {
        credentials = toCheck(configured);
        slots.forgetWaiting();
    }

    /** The clock was set back, perhaps to before the start; all turns are to be set anew. */
    void clockWasSetBack() {
        Instant now = clock.instant();
        if (since.isAfter(now)) {
            since = now;
        }
        timetable.lookAgain();
    }

    /** Sets the turn of a credential, where it is to be checked. */
    void schedule(CredentialFacts known) {
        Optional.ofNullable(credentials.get(known.credential()))
                .flatMap(credential -> next(credential, known))
                .ifPresent(at -> timetable.set(known.credential(), at));
    }

    /** Begins no further check and waits until those that run have ended. */
    @Override
    public void close() {
        timetable.close();
    }

    private Optional<Instant> next(ManagedCredential credential, CredentialFacts facts) {
        return Agenda.nextCheck(
                credential, facts, Optional.ofNullable(tried.get(credential.name())), since, clock.instant());
    }

    /** Checks this one if that is due, and sets its next turn. */
    void turn(String name) {
        ManagedCredential credential = credentials.get(name);
        if (credential == null) {
            return;
        }
        try {
            // First of all: who was woken for a slot and needs none has to give it on, or the next one would sleep on.
            if (slots.takeOr(credential.account(), () -> wake(name))) {
                try {
                    journal.facts(name)
                            .flatMap(facts -> turn(credential, facts))
                            .ifPresent(at -> timetable.set(name, at));
                } finally {
                    slots.giveBack(credential.account());
                }
            }
        } catch (AuditException | JournalException e) {
            told.broken(name, e);
        } catch (RuntimeException | Error e) {
            // Its next turn first, as nothing else would set it; the rest may fail by the same.
            Duration pause = credential.policy().retry().maxDelay();
            timetable.set(name, clock.instant().plus(pause));
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("credential", name)
                    .log("This is a bug of Keyturn; please report it. It is checked again in {}", pause);
        }
    }

    /** @return when its next turn is */
    private Optional<Instant> turn(ManagedCredential credential, CredentialFacts facts) {
        Optional<Instant> due = next(credential, facts);
        Instant now = clock.instant();
        if (due.isEmpty() || now.isBefore(due.get())) {
            return due;
        }
        Optional<RotationState> open = journal.open(credential.name());
        if (open.isEmpty() && facts.current().isPresent()) {
            boolean rotatesSoon = Agenda.nextTurn(credential, facts, open, now)
                    .filter(turn -> turn.isBefore(now.plus(ROTATION_FIRST)))
                    .isPresent();
            if (rotatesSoon) {
                return Optional.of(now.plus(ROTATION_FIRST));
            }
            check(credential);
        }
        tried.put(credential.name(), clock.instant());
        return next(credential, journal.facts(credential.name()).orElse(facts));
    }

    private boolean wake(String name) {
        boolean configured = credentials.containsKey(name);
        if (configured) {
            timetable.set(name, clock.instant());
        }
        return configured;
    }

    private void check(ManagedCredential credential) {
        try {
            boolean drifted = verifier.verify(credential, Actor.DRIFT).drifted();
            told.checked(credential);
            if (drifted) {
                told.drifted(credential);
            }
        } catch (BusyException e) {
            LOG.atInfo().addKeyValue("credential", credential.name()).log("Not checked now: {}", e.getMessage());
        }
    }
}
