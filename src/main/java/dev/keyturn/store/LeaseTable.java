package dev.keyturn.store;

import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.rotation.Lease;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Who may rotate what. A row stays when its lease is given back, because the fence must never go down. Inside
 * transactions only.
 *
 * @param process names this opening of the store: as it holds the directory's lock, a lease of any other is a dead one's
 */
record LeaseTable(Database database, String process) {
    private record Held(Lease lease, String process, Optional<Instant> until) {}

    /** @return the lease, or who has it */
    Taken take(String credential, String holder, Instant now, Duration ttl) throws SQLException {
        Optional<Held> held = find(credential);
        if (held.isPresent() && holds(held.get(), now)) {
            return new Taken(Optional.empty(), held.get().lease().holder());
        }
        Lease lease =
                new Lease(credential, holder, held.map(h -> h.lease().fence()).orElse(0L) + 1);
        database.update(
                """
                INSERT INTO lease (credential, holder, process, fence, expires_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (credential) DO UPDATE SET holder = excluded.holder, process = excluded.process,
                  fence = excluded.fence, expires_at = excluded.expires_at""", credential, holder, process, lease.fence(), now.plus(ttl).toString());
        return new Taken(Optional.of(lease), holder);
    }

    /** What came of asking for a lease. */
    record Taken(Optional<Lease> lease, String holder) {
        Lease orBusy(String credential) throws BusyException {
            return lease.orElseThrow(() -> new BusyException(
                    credential + ": a rotation of it is in flight, held by " + holder + "; wait until it has ended"));
        }
    }

    private boolean holds(Held held, Instant now) {
        return held.process().equals(process)
                && held.until().isPresent()
                && held.until().get().isAfter(now);
    }

    void release(Lease lease) throws SQLException {
        database.update(
                "UPDATE lease SET expires_at = NULL WHERE credential = ? AND holder = ? AND fence = ? AND process = ?",
                lease.credential(),
                lease.holder(),
                lease.fence(),
                process);
    }

    /** Inside the transaction that writes, so that no other lease can come between. */
    void require(Lease lease, String credential) throws SQLException {
        Optional<Held> held = find(lease.credential());
        if (!lease.credential().equals(credential)
                || held.isEmpty()
                || !held.get().lease().equals(lease)
                || !held.get().process().equals(process)
                || held.get().until().isEmpty()) {
            throw new JournalException(credential + ": the lease of " + lease.holder() + " (" + lease.credential()
                    + ", fence " + lease.fence() + ") is held no more; nothing was written");
        }
    }

    private Optional<Held> find(String credential) throws SQLException {
        return database.find(
                "SELECT * FROM lease WHERE credential = ?",
                row -> new Held(
                        new Lease(row.text("credential"), row.text("holder"), row.bigNumber("fence")),
                        row.text("process"),
                        row.optionalInstant("expires_at")),
                credential);
    }
}
