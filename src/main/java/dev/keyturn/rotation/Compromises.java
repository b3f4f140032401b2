package dev.keyturn.rotation;

import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

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
            words.put(credential.name(), Compromise.of(credential, clock.instant(), reason, by));
        }
        journal.compromised(words);
    }

    /**
     * Takes the word back: what follows is the schedule's again.
     *
     * @return whether there was one
     * @throws AuditException where the audit log can't be written; nothing is changed then
     * @throws JournalException where the store can't be written
     */
    public boolean takeBack(ManagedCredential credential, Actor by) {
        boolean said = journal.facts(credential.name())
                .flatMap(CredentialFacts::compromise)
                .isPresent();
        if (said) {
            audit.append(AuditEvent.of("credential.compromise_withdrawn").by(by).ofCredential(credential.name()));
            journal.notCompromised(credential.name());
        }
        return said;
    }
}
