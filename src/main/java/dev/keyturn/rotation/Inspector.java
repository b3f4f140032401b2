package dev.keyturn.rotation;

import java.time.Clock;
import java.util.Optional;

/** Runs a credential's preflight without beginning a rotation: it changes nothing, anywhere, and writes nothing down. */
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

    /** Why a rotation would not be begun now; empty where it would. */
    public Optional<Failure> inspect(ManagedCredential credential) {
        RotationState.Started imagined = new RotationState.Started(Rotator.head(
                credential,
                journal.facts(credential.name()),
                new Rotator.Request("preflight", Actor.RECOVERY),
                clock.instant()));
        try (InFlight flight = new InFlight(
                credential,
                new Accounts(hosts, credential, imagined.head()),
                dromo,
                journal,
                new SecretsInHand(journal),
                attempts)) {
            new Preflight(flight, directories).run(imagined.head());
            return Optional.empty();
        } catch (StepException e) {
            return Optional.of(ValidNow.tell(imagined.abandoned(), e.failure()));
        }
    }
}
