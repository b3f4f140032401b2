package dev.keyturn.store;

import dev.keyturn.rotation.AuditAnchor;
import java.sql.SQLException;
import java.util.Optional;

/** The one row that says how far the audit log reached. Inside transactions only. */
record AnchorTable(Database database) {
    Optional<AuditAnchor> read() throws SQLException {
        return database.find(
                "SELECT seq, hash FROM audit_anchor", row -> new AuditAnchor(row.bigNumber("seq"), row.text("hash")));
    }

    void write(Optional<AuditAnchor> end) throws SQLException {
        if (end.isPresent()) {
            database.update("""
                    INSERT INTO audit_anchor (id, seq, hash) VALUES (1, ?, ?)
                    ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash""", end.get().seq(), end.get().hash());
        }
    }
}
