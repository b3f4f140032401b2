package dev.keyturn.store;

import java.sql.SQLException;
import java.util.List;

/**
 * The tables: those of format 1, and what each later format changed. Within what SQLite and PostgreSQL both speak; times and durations are ISO 8601 text, ciphertext is base64,
 * so that a person can read a dump.
 */
final class Schema {
    private static final List<String> VERSION_1 = List.of(
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

    /** What a rotation's states rest on, and the logins that a host has refused. */
    private static final List<String> VERSION_2 = List.of("""
            CREATE TABLE finding (
              rotation TEXT NOT NULL REFERENCES rotation (id),
              step INTEGER NOT NULL,
              place INTEGER NOT NULL,
              found_at TEXT NOT NULL,
              probe TEXT NOT NULL,
              finding TEXT NOT NULL,
              PRIMARY KEY (rotation, step, place)
            )""", """
            CREATE TABLE refused_login (
              hostname TEXT NOT NULL,
              port INTEGER NOT NULL,
              login TEXT NOT NULL,
              in_a_row INTEGER NOT NULL,
              last_at TEXT NOT NULL,
              PRIMARY KEY (hostname, port, login)
            )""");

    /** How far the audit log reached. */
    private static final List<String> VERSION_3 = List.of("""
            CREATE TABLE audit_anchor (
              id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
              seq BIGINT NOT NULL,
              hash TEXT NOT NULL
            )""");

    /** Whose account a rotation is about: with two that take turns, the store has secrets of both. */
    private static final List<String> VERSION_4 = List.of(
            "ALTER TABLE credential ADD COLUMN active_user TEXT",
            "ALTER TABLE rotation ADD COLUMN active_user TEXT",
            "ALTER TABLE rotation ADD COLUMN changed_user TEXT",
            "ALTER TABLE rotation ADD COLUMN hostname TEXT",
            "ALTER TABLE rotation ADD COLUMN port INTEGER",
            "ALTER TABLE rotation ADD COLUMN dromo_id TEXT",
            "ALTER TABLE rotation ADD COLUMN replaced_secret TEXT",
            "ALTER TABLE secret ADD COLUMN login_user TEXT",
            "ALTER TABLE secret ADD COLUMN seq BIGINT NOT NULL DEFAULT 0",
            "CREATE INDEX secret_by_credential ON secret (credential, seq)");

    /** A person's word that nothing new begins. */
    private static final List<String> VERSION_5 = List.of(
            "ALTER TABLE credential ADD COLUMN paused_at TEXT",
            "ALTER TABLE credential ADD COLUMN paused_until TEXT",
            "ALTER TABLE credential ADD COLUMN pause_reason TEXT",
            "ALTER TABLE credential ADD COLUMN paused_by_kind TEXT",
            "ALTER TABLE credential ADD COLUMN paused_by_uid BIGINT",
            "ALTER TABLE credential ADD COLUMN paused_by_name TEXT");

    /** Since when a credential has its schedule. */
    private static final List<String> VERSION_6 = List.of(
            "ALTER TABLE credential ADD COLUMN schedule TEXT",
            "ALTER TABLE credential ADD COLUMN scheduled_since TEXT");

    /** Which password was refused while the one in use was looked for: 0 for none, else the higher the later. */
    private static final List<String> VERSION_7 =
            List.of("ALTER TABLE secret ADD COLUMN refused_seq BIGINT NOT NULL DEFAULT 0");

    /** The public half of a key that is on the host and was never adopted. */
    private static final List<String> VERSION_8 = List.of("ALTER TABLE credential ADD COLUMN seen_key TEXT");

    /** Whether a rotation may mend what the last check found. */
    private static final List<String> VERSION_9 =
            List.of("ALTER TABLE credential ADD COLUMN drift_mendable BOOLEAN NOT NULL DEFAULT TRUE");

    /** A person's word that others know the secrets of users, a line each, and the rotations that follow from it. */
    private static final List<String> VERSION_10 = List.of(
            "ALTER TABLE credential ADD COLUMN compromised_at TEXT",
            "ALTER TABLE credential ADD COLUMN compromise_reason TEXT",
            "ALTER TABLE credential ADD COLUMN compromised_by_kind TEXT",
            "ALTER TABLE credential ADD COLUMN compromised_by_uid BIGINT",
            "ALTER TABLE credential ADD COLUMN compromised_by_name TEXT",
            "ALTER TABLE credential ADD COLUMN compromised_users TEXT",
            "ALTER TABLE rotation ADD COLUMN compromised BOOLEAN NOT NULL DEFAULT FALSE");

    /** Each brings the database from the version before it to its own; a new one is made by all of them in turn. */
    private static final List<List<String>> VERSIONS = List.of(
            VERSION_1,
            VERSION_2,
            VERSION_3,
            VERSION_4,
            VERSION_5,
            VERSION_6,
            VERSION_7,
            VERSION_8,
            VERSION_9,
            VERSION_10);

    static final int VERSION = VERSIONS.size();

    private Schema() {}

    /** What a database holds. */
    enum Found {
        NOTHING,
        OLDER,
        THIS_VERSION
    }

    /** @throws StateRefusedException where a newer version wrote it; it is not touched then */
    static Found find(Database database) throws StateRefusedException {
        int version = database.transaction(() -> version(database));
        if (version > VERSION) {
            throw new StateRefusedException(database.file() + " has format " + version
                    + ", this Keyturn knows formats up to " + VERSION + ": a newer Keyturn wrote it. Install that one"
                    + " again, or restore the backup of the state directory from before the upgrade; nothing was"
                    + " changed");
        }
        return version == 0 ? Found.NOTHING : version < VERSION ? Found.OLDER : Found.THIS_VERSION;
    }

    /** 0 where there is none. Inside a transaction. */
    private static int version(Database database) throws SQLException {
        return exists(database)
                ? database.find("SELECT version FROM keyturn_schema", row -> row.number("version"))
                        .orElse(0)
                : 0;
    }

    /** The one question that each database answers in its own words. */
    private static boolean exists(Database database) throws SQLException {
        return !database.query(
                        "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'keyturn_schema'",
                        row -> row.text("name"))
                .isEmpty();
    }

    /** Makes the tables, or brings those of an older version to this one. Inside a transaction. */
    static void create(Database database) throws SQLException {
        int found = version(database);
        for (List<String> version : VERSIONS.subList(found, VERSION)) {
            for (String statement : version) {
                database.update(statement);
            }
        }
        database.update(
                found == 0
                        ? "INSERT INTO keyturn_schema (version) VALUES (?)"
                        : "UPDATE keyturn_schema SET version = ?",
                VERSION);
    }
}
