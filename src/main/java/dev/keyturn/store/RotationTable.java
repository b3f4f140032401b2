package dev.keyturn.store;

import dev.keyturn.rotation.Finding;
import dev.keyturn.rotation.JournalEntry;
import dev.keyturn.rotation.RotationHead;
import dev.keyturn.rotation.RotationHead.Place;
import dev.keyturn.rotation.RotationHead.Users;
import dev.keyturn.rotation.RotationId;
import dev.keyturn.rotation.RotationSnapshot;
import dev.keyturn.rotation.RotationState;
import dev.keyturn.rotation.RotationState.Kind;
import dev.keyturn.rotation.SecretVersion;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rotations, in the state they are in now, and the states they went through. Inside transactions only. */
final class RotationTable {
    private static final String UPSERT = """
            INSERT INTO rotation (seq, counted_as_failure, id, credential, auth_type, reason, actor_kind, actor_uid,
              actor_name, started_at, overlap, previous_secret, previous_auth_type, previous_secret_fingerprint,
              previous_fingerprint, state, candidate_secret, candidate_auth_type, candidate_fingerprint, overlap_until,
              finished_at, undone_step, undone_kind, undone_message, undone_valid_now, undone_hint, active_user,
              changed_user, hostname, port, dromo_id, replaced_secret, compromised)
            VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM rotation), FALSE, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
              ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET overlap = excluded.overlap,
              previous_secret = excluded.previous_secret,
              previous_auth_type = excluded.previous_auth_type,
              previous_secret_fingerprint = excluded.previous_secret_fingerprint,
              previous_fingerprint = excluded.previous_fingerprint,
              state = excluded.state, candidate_secret = excluded.candidate_secret,
              candidate_auth_type = excluded.candidate_auth_type,
              candidate_fingerprint = excluded.candidate_fingerprint, overlap_until = excluded.overlap_until,
              finished_at = excluded.finished_at, undone_step = excluded.undone_step,
              undone_kind = excluded.undone_kind, undone_message = excluded.undone_message,
              undone_valid_now = excluded.undone_valid_now, undone_hint = excluded.undone_hint,
              active_user = excluded.active_user, changed_user = excluded.changed_user,
              hostname = excluded.hostname, port = excluded.port, dromo_id = excluded.dromo_id,
              replaced_secret = excluded.replaced_secret""";

    private final Database database;

    RotationTable(Database database) {
        this.database = database;
    }

    void write(JournalEntry entry) throws SQLException {
        RotationSnapshot snapshot = RotationSnapshot.of(entry.state());
        RotationHead head = snapshot.head();
        List<@Nullable Object> values = new ArrayList<>(Arrays.asList(
                head.id().text(),
                head.credential(),
                head.authType().name(),
                head.reason(),
                head.actor().kind().name(),
                head.actor().uid().orElse(null),
                head.actor().name().orElse(null),
                head.startedAt().toString(),
                head.overlap().toString()));
        addVersion(values, head.previous());
        values.add(head.previousFingerprint().map(Fingerprint::text).orElse(null));
        values.add(snapshot.kind().name());
        addVersion(values, snapshot.candidate());
        values.add(snapshot.overlapUntil().map(Instant::toString).orElse(null));
        values.add(snapshot.kind().terminal() ? entry.at().toString() : null);
        values.addAll(Arrays.asList(FailureColumns.values(snapshot.undoneBecause())));
        values.add(head.users().map(Users::active).orElse(null));
        values.add(head.users().map(Users::changed).orElse(null));
        values.add(head.place().map(Place::hostname).orElse(null));
        values.add(head.place().map(Place::port).orElse(null));
        values.add(head.place().map(Place::dromoId).orElse(null));
        values.add(head.replaced().map(SecretVersion::id).orElse(null));
        values.add(head.compromised());
        database.update(UPSERT, values.toArray());
        addTransition(entry);
    }

    boolean isOfCompromised(RotationId id) throws SQLException {
        return database.find("SELECT compromised FROM rotation WHERE id = ?", row -> row.flag("compromised"), id.text())
                .orElse(false);
    }

    /** What began before others knew the secret replaces nothing of what they know. */
    void noneOfCompromised(String credential) throws SQLException {
        database.update(
                "UPDATE rotation SET compromised = FALSE WHERE credential = ? AND finished_at IS NULL", credential);
    }

    private static void addVersion(List<@Nullable Object> values, Optional<SecretVersion> version) {
        values.add(version.map(SecretVersion::id).orElse(null));
        values.add(version.map(v -> v.authType().name()).orElse(null));
        values.add(version.flatMap(SecretVersion::fingerprint)
                .map(Fingerprint::text)
                .orElse(null));
    }

    private void addTransition(JournalEntry entry) throws SQLException {
        String id = entry.state().head().id().text();
        int step = database.find(
                        "SELECT COALESCE(MAX(step), 0) + 1 AS step FROM transition WHERE rotation = ?",
                        row -> row.number("step"),
                        id)
                .orElse(1);
        List<@Nullable Object> values = new ArrayList<>(
                Arrays.asList(id, step, entry.state().kind().name(), entry.at().toString()));
        values.addAll(Arrays.asList(FailureColumns.values(entry.failure())));
        database.update("""
                INSERT INTO transition (rotation, step, state, entered_at, failure_step, failure_kind,
                  failure_message, failure_valid_now, failure_hint)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""", values.toArray());
        int place = 1;
        for (Finding finding : entry.findings()) {
            database.update(
                    "INSERT INTO finding (rotation, step, place, found_at, probe, finding) VALUES (?, ?, ?, ?, ?, ?)",
                    id,
                    step,
                    place++,
                    finding.at().toString(),
                    finding.probe(),
                    finding.found());
        }
    }

    /** Marks the rotation as one that failed, or takes the mark away; tells whether that changed anything. */
    boolean markFailed(RotationId id, boolean failed) throws SQLException {
        return database.update(
                        "UPDATE rotation SET counted_as_failure = ? WHERE id = ? AND counted_as_failure <> ?",
                        failed,
                        id.text(),
                        failed)
                > 0;
    }

    Optional<RotationState> open(String credential) throws SQLException {
        return database.find(
                "SELECT * FROM rotation WHERE finished_at IS NULL AND credential = ?",
                RotationTable::state,
                credential);
    }

    List<RotationState> open() throws SQLException {
        return database.query("SELECT * FROM rotation WHERE finished_at IS NULL ORDER BY seq", RotationTable::state);
    }

    private static RotationState state(Row row) throws SQLException {
        return new RotationSnapshot(
                        Kind.valueOf(row.text("state")),
                        head(row),
                        candidate(row),
                        row.optionalInstant("overlap_until"),
                        FailureColumns.read(row, "undone"))
                .restore();
    }

    static Optional<SecretVersion> candidate(Row row) throws SQLException {
        return CredentialTable.version(row, "candidate_secret", "candidate_auth_type", "candidate_fingerprint");
    }

    static RotationHead head(Row row) throws SQLException {
        return new RotationHead(
                new RotationId(row.text("id")),
                row.text("credential"),
                AuthType.valueOf(row.text("auth_type")),
                row.text("reason"),
                row.actor("actor"),
                row.instant("started_at"),
                Duration.parse(row.text("overlap")),
                CredentialTable.version(row, "previous_secret", "previous_auth_type", "previous_secret_fingerprint"),
                row.fingerprint("previous_fingerprint"),
                users(row),
                place(row),
                row.optionalText("replaced_secret")
                        .map(id -> new SecretVersion(id, AuthType.PASSWORD, Optional.empty())),
                row.flag("compromised"));
    }

    private static Optional<Place> place(Row row) throws SQLException {
        Optional<String> hostname = row.optionalText("hostname");
        return hostname.isEmpty()
                ? Optional.empty()
                : Optional.of(new Place(hostname.get(), row.number("port"), row.text("dromo_id")));
    }

    private static Optional<Users> users(Row row) throws SQLException {
        Optional<String> active = row.optionalText("active_user");
        return active.isEmpty() ? Optional.empty() : Optional.of(new Users(active.get(), row.text("changed_user")));
    }
}
