package dev.keyturn.rotation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The directories a proof lists: the configured one, else those that Dromo's connectors read, else where the session
 * starts. One list call serves many credentials: the connectors are asked for anew only after a few minutes.
 */
final class ProbeDirectories {
    private static final Duration FRESH = Duration.ofMinutes(5);

    private final Dromo dromo;
    private final Attempts attempts;
    private final Clock clock;
    private @Nullable List<Dromo.Connector> connectors;
    private Instant askedAt = Instant.MIN;

    ProbeDirectories(Dromo dromo, Attempts attempts, Clock clock) {
        this.dromo = dromo;
        this.attempts = attempts;
        this.clock = clock;
    }

    /** At least one directory, as the account's SFTP session sees it. */
    List<String> of(ManagedCredential credential) throws RemoteException {
        if (credential.probeDirectory().isPresent()) {
            return List.of(credential.probeDirectory().get());
        }
        List<String> read = connectors().stream()
                .filter(connector -> connector.credentialId().equals(credential.dromoId()))
                .map(Dromo.Connector::directory)
                .distinct()
                .toList();
        return read.isEmpty() ? List.of(".") : read;
    }

    private synchronized List<Dromo.Connector> connectors() throws RemoteException {
        List<Dromo.Connector> known = connectors;
        Instant now = clock.instant();
        if (known == null || now.isAfter(askedAt.plus(FRESH))) {
            known = attempts.repeatable(dromo::connectors);
            connectors = known;
            askedAt = now;
        }
        return known;
    }
}
