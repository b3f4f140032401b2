package dev.keyturn.rotation;

import java.time.Clock;
import java.util.Optional;

/**
 * Runs a credential's preflight without beginning a rotation: it changes nothing, anywhere, and writes nothing down but
 * what the {@link LoginBudget} does. It holds no lease, so that it works beside a daemon; where a rotation changes host or
 * Dromo meanwhile, it says so instead of what it saw.
 */
public final class Inspector {
    private final Hosts hosts;
    private final Dromo dromo;
    private final Journal journal;
    private final Attempts attempts;
    private final ProbeDirectories directories;
    private final Clock clock;

    public Inspector(Hosts hosts, Dromo dromo, Journal journal, Rotator.Timing timing) {
        this.hosts = hosts;
        this.dromo = dromo;
        this.journal = journal;
        this.clock = timing.clock();
        this.attempts = new Attempts(timing.sleeper());
        this.directories = new ProbeDirectories(dromo, attempts, clock);
    }

    /** Whether a rotation would be begun now, and what would depend on it. */
    public Inspection inspect(ManagedCredential credential) {
        Optional<CredentialFacts> facts = journal.facts(credential.name());
        Optional<Inspection> open = inFlight(credential, facts);
        if (open.isPresent()) {
            return open.get();
        }
        try {
            Inspection found = preflight(credential, facts);
            return found.ok() ? found : unlessRotated(credential, facts).orElse(found);
        } catch (JournalException e) {
            // A secret may be gone by now that was the current one a moment ago.
            return unlessRotated(credential, facts).orElseThrow(() -> e);
        }
    }

    private Inspection preflight(ManagedCredential credential, Optional<CredentialFacts> facts) {
        RotationState.Started imagined = new RotationState.Started(
                Rotator.head(credential, facts, new Rotator.Request("preflight", Actor.RECOVERY), clock.instant()));
        try (InFlight flight = new InFlight(
                credential,
                new Accounts(hosts, credential, imagined.head()),
                dromo,
                journal,
                new SecretsInHand(journal),
                attempts)) {
            Preflight preflight = new Preflight(flight, new Probe(flight, directories));
            try {
                preflight.run(imagined.head());
                return Inspection.of(preflight, Optional.empty());
            } catch (StepException e) {
                return Inspection.of(preflight, Optional.of(ValidNow.tell(imagined.abandoned(), e.failure())));
            }
        }
    }

    /** Of a rotation that waits, host, Dromo and store hold the same; of any other that is open, nobody knows. */
    private Optional<Inspection> inFlight(ManagedCredential credential, Optional<CredentialFacts> facts) {
        return journal.open(credential.name())
                .filter(state -> !waits(state.kind()))
                .map(state -> facts.flatMap(CredentialFacts::lastRotation)
                        .filter(last -> last.id().equals(state.head().id()))
                        .flatMap(RotationSummary::failure)
                        .map(Inspection::stuck)
                        .orElseGet(() -> Inspection.rotating(state.kind())));
    }

    private static boolean waits(RotationState.Kind kind) {
        return switch (kind) {
            case OVERLAPPING, AWAITING_INSTALL, AWAITING_WITHDRAWAL -> true;
            default -> false;
        };
    }

    /** Present where a rotation is or was in between: what was found meanwhile is no failure. */
    private Optional<Inspection> unlessRotated(ManagedCredential credential, Optional<CredentialFacts> before) {
        Optional<CredentialFacts> after = journal.facts(credential.name());
        Optional<Inspection> open = inFlight(credential, after);
        boolean same = after.flatMap(CredentialFacts::current).equals(before.flatMap(CredentialFacts::current))
                && lastId(after).equals(lastId(before));
        return open.isPresent() || same ? open : Optional.of(Inspection.rotating(RotationState.Kind.COMPLETED));
    }

    private static Optional<RotationId> lastId(Optional<CredentialFacts> facts) {
        return facts.flatMap(CredentialFacts::lastRotation).map(RotationSummary::id);
    }
}
