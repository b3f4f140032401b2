package dev.keyturn.store;

import dev.keyturn.rotation.Compromise;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.Drift;
import dev.keyturn.rotation.Pause;
import dev.keyturn.rotation.RotationSummary;
import dev.keyturn.rotation.Scheduled;
import dev.keyturn.rotation.SecretVersion;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.PublicKey;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is known of each credential. Every method runs inside a transaction. */
final class CredentialTable {
    private final Database database;

    CredentialTable(Database database) {
        this.database = database;
    }

    void know(String credential, Instant at) throws SQLException {
        database.update("""
                INSERT INTO credential (name, first_seen_at, verified_sound, failures_in_a_row)
                VALUES (?, ?, ?, 0) ON CONFLICT (name) DO NOTHING""", credential, at.toString(), true);
    }

    void schedule(String credential, String schedule, Instant at) throws SQLException {
        database.update("""
                UPDATE credential SET schedule = ?, scheduled_since = ?
                WHERE name = ? AND (schedule IS NULL OR schedule <> ?)""", schedule, at.toString(), credential, schedule);
    }

    /** What a clock wrote that was ahead would keep dates from counting until it comes to that time again. */
    void scheduledNoLaterThan(Instant at) throws SQLException {
        database.update(
                "UPDATE credential SET scheduled_since = ? WHERE scheduled_since > ?",
                at.toString(),
                at.plusSeconds(1).toString());
    }

    void unschedule(String credential) throws SQLException {
        database.update("UPDATE credential SET schedule = NULL, scheduled_since = NULL WHERE name = ?", credential);
    }

    /** The new secret ends the drift and the failures of the one before. */
    void promote(String credential, SecretVersion version, Optional<String> user, Instant at) throws SQLException {
        database.update(
                """
                UPDATE credential SET current_secret = ?, current_auth_type = ?, current_fingerprint = ?,
                  active_user = ?, rotated_at = ?, verified_sound = ?, failures_in_a_row = 0 WHERE name = ?""",
                version.id(),
                version.authType().name(),
                version.fingerprint().map(Object::toString).orElse(null),
                user.orElse(null),
                at.toString(),
                true,
                credential);
    }

    /** A secret turned out to be in use that an earlier rotation made; when that put it there nobody knows. */
    void found(String credential, SecretVersion version) throws SQLException {
        database.update(
                """
                UPDATE credential SET current_secret = ?, current_auth_type = ?, current_fingerprint = ?,
                  verified_sound = ?, failures_in_a_row = 0 WHERE name = ?""",
                version.id(),
                version.authType().name(),
                version.fingerprint().map(Object::toString).orElse(null),
                true,
                credential);
    }

    void adopt(String credential, SecretVersion version, Optional<String> user, Instant at) throws SQLException {
        database.update(
                """
                UPDATE credential SET current_secret = ?, current_auth_type = ?, current_fingerprint = ?,
                  active_user = ?, rotated_at = NULL, adopted_at = ?, verified_sound = ? WHERE name = ?""",
                version.id(),
                version.authType().name(),
                version.fingerprint().map(Object::toString).orElse(null),
                user.orElse(null),
                at.toString(),
                true,
                credential);
    }

    void verified(String credential, Instant at, Drift found) throws SQLException {
        database.update(
                "UPDATE credential SET last_verified_at = ?, verified_sound = ?, drift_mendable = ? WHERE name = ?",
                at.toString(),
                found == Drift.NONE,
                found == Drift.MENDABLE,
                credential);
    }

    void seen(String credential, PublicKey key) throws SQLException {
        database.update("UPDATE credential SET seen_key = ? WHERE name = ?", key.line(), credential);
    }

    Optional<PublicKey> seen(String credential) throws SQLException {
        return database.find(
                        "SELECT seen_key FROM credential WHERE name = ?",
                        row -> row.optionalText("seen_key").map(PublicKey::parse),
                        credential)
                .flatMap(key -> key);
    }

    /** Where an earlier format wrote it, only what a rotation may mend was looked for. */
    private static Drift drift(Row row) throws SQLException {
        if (row.flag("verified_sound")) {
            return Drift.NONE;
        }
        return row.flag("drift_mendable") ? Drift.MENDABLE : Drift.ALERT;
    }

    void pause(String credential, Optional<Pause> pause) throws SQLException {
        database.update(
                """
                UPDATE credential SET paused_at = ?, paused_until = ?, pause_reason = ?, paused_by_kind = ?,
                  paused_by_uid = ?, paused_by_name = ? WHERE name = ?""",
                pause.map(it -> it.since().toString()).orElse(null),
                pause.flatMap(Pause::until).map(Instant::toString).orElse(null),
                pause.flatMap(Pause::reason).orElse(null),
                pause.map(it -> it.by().kind().name()).orElse(null),
                pause.flatMap(it -> it.by().uid()).orElse(null),
                pause.flatMap(it -> it.by().name()).orElse(null),
                credential);
    }

    void compromised(String credential, Optional<Compromise> word) throws SQLException {
        database.update(
                """
                UPDATE credential SET compromised_at = ?, compromise_reason = ?, compromised_by_kind = ?,
                  compromised_by_uid = ?, compromised_by_name = ?, compromised_users = ? WHERE name = ?""",
                word.map(it -> it.since().toString()).orElse(null),
                word.map(Compromise::reason).orElse(null),
                word.map(it -> it.by().kind().name()).orElse(null),
                word.flatMap(it -> it.by().uid()).orElse(null),
                word.flatMap(it -> it.by().name()).orElse(null),
                word.map(it -> it.users().stream().sorted().collect(Collectors.joining("\n")))
                        .orElse(null),
                credential);
    }

    List<String> compromised() throws SQLException {
        return database.query(
                "SELECT name FROM credential WHERE compromised_users IS NOT NULL ORDER BY name",
                row -> row.text("name"));
    }

    Optional<Compromise> compromise(String credential) throws SQLException {
        return database.find("SELECT * FROM credential WHERE name = ?", CredentialTable::compromise, credential)
                .flatMap(found -> found);
    }

    void countFailure(String credential) throws SQLException {
        database.update("UPDATE credential SET failures_in_a_row = failures_in_a_row + 1 WHERE name = ?", credential);
    }

    void forgetFailures(String credential) throws SQLException {
        database.update("UPDATE credential SET failures_in_a_row = 0 WHERE name = ?", credential);
    }

    Optional<SecretVersion> current(String credential) throws SQLException {
        return database.find("SELECT * FROM credential WHERE name = ?", CredentialTable::current, credential)
                .flatMap(found -> found);
    }

    /** The first names in their order behind {@code after}. */
    List<String> names(String after, int atMost) throws SQLException {
        return database.query(
                "SELECT name FROM credential WHERE name > ? ORDER BY name LIMIT ?",
                row -> row.text("name"),
                after,
                atMost);
    }

    /** The schedule that each known credential was last seen with, by its name. */
    Map<String, Optional<String>> schedules() throws SQLException {
        Map<String, Optional<String>> schedules = new HashMap<>();
        Map<Optional<String>, Optional<String>> shared = new HashMap<>();
        database.query("SELECT name, schedule FROM credential", row -> {
            Optional<String> schedule = row.optionalText("schedule");
            schedules.put(row.text("name"), shared.computeIfAbsent(schedule, first -> first));
            return schedule;
        });
        return schedules;
    }

    /** @param rotations the newest of each of them, by its name */
    List<CredentialFacts> between(String first, String last, Map<String, RotationSummary> rotations)
            throws SQLException {
        return database.query(
                "SELECT * FROM credential WHERE name BETWEEN ? AND ? ORDER BY name",
                row -> facts(row, rotations),
                first,
                last);
    }

    Optional<CredentialFacts> one(String credential, Map<String, RotationSummary> last) throws SQLException {
        return database.find("SELECT * FROM credential WHERE name = ?", row -> facts(row, last), credential);
    }

    private static CredentialFacts facts(Row row, Map<String, RotationSummary> last) throws SQLException {
        String name = row.text("name");
        Optional<Instant> since = row.optionalInstant("scheduled_since");
        return new CredentialFacts(
                name,
                current(row),
                row.optionalText("active_user"),
                row.instant("first_seen_at"),
                row.optionalInstant("rotated_at"),
                row.optionalInstant("adopted_at"),
                row.optionalInstant("last_verified_at"),
                drift(row),
                row.number("failures_in_a_row"),
                Optional.ofNullable(last.get(name)),
                pause(row),
                row.optionalText("schedule").flatMap(schedule -> since.map(at -> new Scheduled(schedule, at))),
                compromise(row));
    }

    private static Optional<Compromise> compromise(Row row) throws SQLException {
        Optional<String> users = row.optionalText("compromised_users");
        return users.isEmpty()
                ? Optional.empty()
                : Optional.of(new Compromise(
                        row.instant("compromised_at"),
                        row.text("compromise_reason"),
                        row.actor("compromised_by"),
                        Set.of(users.get().split("\n"))));
    }

    private static Optional<Pause> pause(Row row) throws SQLException {
        Optional<Instant> since = row.optionalInstant("paused_at");
        return since.isEmpty()
                ? Optional.empty()
                : Optional.of(new Pause(
                        since.get(),
                        row.optionalInstant("paused_until"),
                        row.optionalText("pause_reason"),
                        row.actor("paused_by")));
    }

    private static Optional<SecretVersion> current(Row row) throws SQLException {
        return version(row, "current_secret", "current_auth_type", "current_fingerprint");
    }

    /** A secret version in three columns; empty where the first is null. */
    static Optional<SecretVersion> version(Row row, String id, String type, String fingerprint) throws SQLException {
        Optional<String> found = row.optionalText(id);
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new SecretVersion(found.get(), AuthType.valueOf(row.text(type)), row.fingerprint(fingerprint)));
    }
}
