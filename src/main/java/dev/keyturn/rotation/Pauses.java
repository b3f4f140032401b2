package dev.keyturn.rotation;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * Pauses credentials and resumes them. A rotation in flight goes on, and one that is open is still settled: that is what
 * makes host, Dromo and store agree again. Thread-safe.
 */
public final class Pauses {
    private final Journal journal;
    private final AuditTrail audit;
    private final Clock clock;

    public Pauses(Rotator.Records records, Clock clock) {
        this.journal = records.journal();
        this.audit = records.audit();
        this.clock = clock;
    }

    /**
     * Takes the place of a pause that holds already.
     *
     * @throws AuditException where the audit log can't be written; nothing is changed then
     * @throws JournalException where the store can't be written
     */
    public Pause pause(ManagedCredential credential, Optional<Instant> until, Optional<String> reason, Actor by) {
        Pause pause = new Pause(clock.instant(), until, reason, by);
        AuditEvent event = AuditEvent.of("credential.paused").by(by).ofCredential(credential.name());
        if (until.isPresent()) {
            event = event.with("until", until.get().toString());
        }
        audit.append(reason.isPresent() ? event.with("reason", reason.get()) : event);
        journal.pause(credential.name(), pause);
        return pause;
    }

    /**
     * Ends the pause that holds.
     *
     * @return the pause that was ended; empty where none held, and nothing was written down
     * @throws AuditException where the audit log can't be written; nothing is changed then
     * @throws JournalException where the store can't be written
     */
    public Optional<Pause> resume(ManagedCredential credential, Actor by) {
        Optional<Pause> pause = journal.facts(credential.name()).flatMap(facts -> facts.pauseAt(clock.instant()));
        if (pause.isPresent()) {
            audit.append(AuditEvent.of("credential.resumed").by(by).ofCredential(credential.name()));
            journal.resume(credential.name());
        }
        return pause;
    }
}
