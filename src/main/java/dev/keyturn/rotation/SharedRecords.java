package dev.keyturn.rotation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dromo's records for checks of many credentials. The first few are asked for one by one; where more follow within
 * {@link #FRESH}, one list serves them all, for as long. Thread-safe.
 */
final class SharedRecords {
    static final Duration FRESH = Duration.ofSeconds(30);
    static final int ONE_BY_ONE = 5;

    private static final Logger LOG = LoggerFactory.getLogger(SharedRecords.class);

    private final Dromo dromo;
    private final Attempts attempts;
    private final Clock clock;
    private final Map<String, Dromo.StoredCredential> listed = new HashMap<>();
    private Instant since = Instant.EPOCH;
    private int asked;

    SharedRecords(Dromo dromo, Attempts attempts, Clock clock) {
        this.dromo = dromo;
        this.attempts = attempts;
        this.clock = clock;
    }

    /**
     * @param sound what the record has to be like. One of the list that isn't so may only be older than a rotation, so it is
     *     asked for anew
     */
    Dromo.StoredCredential find(String id, Predicate<Dromo.StoredCredential> sound) throws RemoteException {
        Dromo.StoredCredential recent = listed(id);
        return recent != null && sound.test(recent) ? recent : attempts.repeatable(() -> dromo.retrieve(id));
    }

    /** Null where there is no list, or it doesn't have this one. Who comes while it is fetched waits for it. */
    private synchronized Dromo.@Nullable StoredCredential listed(String id) {
        Instant now = clock.instant();
        if (now.isBefore(since) || now.isAfter(since.plus(FRESH))) {
            listed.clear();
            since = now;
            asked = 0;
        }
        asked++;
        if (asked == ONE_BY_ONE + 1) {
            since = now;
            list();
        }
        return listed.get(id);
    }

    /** Where Dromo doesn't give the list, one record after the other has to do. */
    private void list() {
        try {
            attempts.repeatable(dromo::credentials).forEach(record -> listed.put(record.id(), record));
        } catch (RemoteException e) {
            LOG.atWarn().log("Dromo's records are asked for one by one: {}", e.getMessage());
        }
    }
}
