package dev.keyturn.rotation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Dromo's connectors need of a credential, and so the directories that a proof lists. One list call serves many
 * credentials: the connectors are asked for anew only after a few minutes, and after a failure not for a moment, for the
 * next hundred credentials would wait for the same.
 */
final class ProbeDirectories {
    static final Duration FRESH = Duration.ofMinutes(5);
    static final Duration FAILED = Duration.ofSeconds(10);

    private final Dromo dromo;
    private final Attempts attempts;
    private final Clock clock;
    private @Nullable List<Dromo.Connector> connectors;
    private @Nullable RemoteException failure;
    private Instant askedAt = Instant.MIN;

    ProbeDirectories(Dromo dromo, Attempts attempts, Clock clock) {
        this.dromo = dromo;
        this.attempts = attempts;
        this.clock = clock;
    }

    /**
     * The connectors that log in with it.
     *
     * @throws RemoteException where Dromo doesn't list them, and without them nobody knows which directories to list
     */
    Connectors connectors(ManagedCredential credential) throws RemoteException {
        try {
            return Connectors.of(all().stream()
                    .filter(connector -> connector.credentialId().equals(credential.dromoId()))
                    .toList());
        } catch (RemoteException e) {
            if (credential.probeDirectory().isPresent()) {
                return Connectors.notKnown(e);
            }
            throw e;
        }
    }

    /**
     * The configured directory, else those that the connectors read, else where the session starts: at least one, as the
     * account's SFTP session sees it.
     */
    static List<String> of(ManagedCredential credential, Connectors connectors) {
        if (credential.probeDirectory().isPresent()) {
            return List.of(credential.probeDirectory().get());
        }
        return connectors.all().isEmpty() ? List.of(".") : connectors.directories();
    }

    private synchronized List<Dromo.Connector> all() throws RemoteException {
        Instant now = clock.instant();
        boolean fresh = !now.isBefore(askedAt);
        if (failure != null && fresh && now.isBefore(askedAt.plus(FAILED))) {
            throw failure;
        }
        List<Dromo.Connector> known = connectors;
        if (known == null || !fresh || now.isAfter(askedAt.plus(FRESH))) {
            try {
                known = attempts.repeatable(dromo::connectors);
                failure = null;
            } catch (RemoteException e) {
                known = null;
                failure = e;
                throw e;
            } finally {
                connectors = known;
                askedAt = clock.instant();
            }
        }
        return known;
    }
}
