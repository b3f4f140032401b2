package dev.keyturn.rotation;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Takes a person's word that others know secrets, for {@link Rotator} to act on. Thread-safe. */
public final class Compromises {
    private final Journal journal;
    private final AuditTrail audit;
    private final Clock clock;

    public Compromises(Rotator.Records records, Clock clock) {
        this.journal = records.journal();
        this.audit = records.audit();
        this.clock = clock;
    }

    /**
     * From now on each rotation of these is one of a compromised secret, until that is replaced. Also while one of them is
     * being rotated: what that one makes may be known as well.
     *
     * @throws AuditException where the audit log can't be written; the store has none of it then
     * @throws JournalException where the store can't be written; it has all of it or none
     */
    public void tell(Collection<ManagedCredential> credentials, String reason, Actor by) {
        Map<String, Compromise> words = new LinkedHashMap<>();
        for (ManagedCredential credential : credentials) {
            audit.append(AuditEvent.of("credential.compromised")
                    .by(by)
                    .ofCredential(credential.name())
                    .with("reason", reason));
            words.put(credential.name(), Compromise.of(credential, since(credential), reason, by));
        }
        journal.compromised(words);
    }

    /** Now, and in any case not before a pause that a clock wrote that was ahead: that one was there first. */
    private Instant since(ManagedCredential credential) {
        Instant now = clock.instant();
        return journal.facts(credential.name())
                .flatMap(CredentialFacts::pause)
                .map(Pause::since)
                .filter(paused -> paused.isAfter(now))
                .orElse(now);
    }

    /**
     * Takes the word back: what follows is the schedule's again.
     *
     * @param credential its name; it need not be configured any more
     * @return whether there was one
     * @throws AuditException where the audit log can't be written; nothing is changed then
     * @throws JournalException where the store can't be written
     */
    public boolean takeBack(String credential, Actor by) {
        Optional<Compromise> word = journal.facts(credential).flatMap(CredentialFacts::compromise);
        if (word.isPresent()) {
            audit.append(AuditEvent.of("credential.compromise_withdrawn").by(by).ofCredential(credential));
            journal.notCompromised(credential, word.get());
        }
        return word.isPresent();
    }
}
