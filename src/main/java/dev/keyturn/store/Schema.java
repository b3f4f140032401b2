package dev.keyturn.store;

import java.sql.SQLException;
import java.util.List;

/**
 * The tables. Within what SQLite and PostgreSQL both speak; times and durations are ISO 8601 text, ciphertext is base64,
 * so that a person can read a dump.
 */
final class Schema {
    static final int VERSION = 1;

    private static final List<String> TABLES = List.of(
            """
            CREATE TABLE keyturn_schema (
              version INTEGER NOT NULL
            )""",
            """
            CREATE TABLE encryption_key (
              id TEXT NOT NULL PRIMARY KEY,
              nonce TEXT NOT NULL,
              check_value TEXT NOT NULL
            )""",
            """
            CREATE TABLE credential (
              name TEXT NOT NULL PRIMARY KEY,
              first_seen_at TEXT NOT NULL,
              current_secret TEXT,
              current_auth_type TEXT,
              current_fingerprint TEXT,
              rotated_at TEXT,
              adopted_at TEXT,
              last_verified_at TEXT,
              verified_sound BOOLEAN NOT NULL,
              failures_in_a_row INTEGER NOT NULL
            )""",
            """
            CREATE TABLE rotation (
              id TEXT NOT NULL PRIMARY KEY,
              seq BIGINT NOT NULL UNIQUE,
              credential TEXT NOT NULL REFERENCES credential (name),
              auth_type TEXT NOT NULL,
              reason TEXT NOT NULL,
              actor_kind TEXT NOT NULL,
              actor_uid BIGINT,
              actor_name TEXT,
              started_at TEXT NOT NULL,
              overlap TEXT NOT NULL,
              previous_secret TEXT,
              previous_auth_type TEXT,
              previous_secret_fingerprint TEXT,
              previous_fingerprint TEXT,
              state TEXT NOT NULL,
              candidate_secret TEXT,
              candidate_auth_type TEXT,
              candidate_fingerprint TEXT,
              overlap_until TEXT,
              undone_step TEXT,
              undone_kind TEXT,
              undone_message TEXT,
              undone_valid_now TEXT,
              undone_hint TEXT,
              finished_at TEXT,
              counted_as_failure BOOLEAN NOT NULL
            )""",
            "CREATE INDEX rotation_by_credential ON rotation (credential, seq)",
            "CREATE UNIQUE INDEX one_open_rotation ON rotation (credential) WHERE finished_at IS NULL",
            """
            CREATE TABLE transition (
              rotation TEXT NOT NULL REFERENCES rotation (id),
              step INTEGER NOT NULL,
              state TEXT NOT NULL,
              entered_at TEXT NOT NULL,
              failure_step TEXT,
              failure_kind TEXT,
              failure_message TEXT,
              failure_valid_now TEXT,
              failure_hint TEXT,
              PRIMARY KEY (rotation, step)
            )""",
            """
            CREATE TABLE secret (
              id TEXT NOT NULL PRIMARY KEY,
              credential TEXT NOT NULL REFERENCES credential (name),
              auth_type TEXT NOT NULL,
              public_key TEXT,
              key_id TEXT NOT NULL REFERENCES encryption_key (id),
              nonce TEXT NOT NULL,
              ciphertext TEXT NOT NULL
            )""",
            """
            CREATE TABLE lease (
              credential TEXT NOT NULL PRIMARY KEY,
              holder TEXT NOT NULL,
              process TEXT NOT NULL,
              fence BIGINT NOT NULL,
              expires_at TEXT
            )""");

    private Schema() {}

    /** What a database holds. */
    enum Found {
        NOTHING,
        THIS_VERSION
    }

    /** @throws StateRefusedException where another version wrote it; it is not touched then */
    static Found find(Database database) throws StateRefusedException {
        List<Integer> versions = database.transaction(() -> exists(database)
                ? database.query("SELECT version FROM keyturn_schema", row -> row.number("version"))
                : List.of());
        if (versions.isEmpty()) {
            return Found.NOTHING;
        }
        int version = versions.get(0);
        if (version != VERSION) {
            throw new StateRefusedException(database.file() + " has format " + version
                    + ", this Keyturn writes format " + VERSION + "; "
                    + (version > VERSION ? "a newer Keyturn wrote it: install that one again" : "restore a backup")
                    + "; nothing was changed");
        }
        return Found.THIS_VERSION;
    }

    /** The one question that each database answers in its own words. */
    private static boolean exists(Database database) throws SQLException {
        return !database.query(
                        "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'keyturn_schema'",
                        row -> row.text("name"))
                .isEmpty();
    }

    /** Inside a transaction. */
    static void create(Database database) throws SQLException {
        for (String table : TABLES) {
            database.update(table);
        }
        database.update("INSERT INTO keyturn_schema (version) VALUES (?)", VERSION);
    }
}
