package dev.keyturn.store;

import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.rotation.SecretVersion;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import dev.keyturn.secret.Secret;
import dev.keyturn.store.Vault.Sealed;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The encrypted secrets. The associated data binds each to its credential, its version, its type and its public key, so
 * that no row can be moved to another place, and no public key be put beside another private one.
 */
final class SecretTable {
    private final Database database;
    private final Vault vault;

    SecretTable(Database database, Vault vault) {
        this.database = database;
        this.vault = vault;
    }

    /** A row, encrypted, on its way in or out. */
    record Entry(String id, String credential, AuthType authType, Optional<PublicKey> publicKey, Sealed sealed) {
        String associatedData() {
            return associatedData(id, credential, authType, publicKey);
        }

        static String associatedData(String id, String credential, AuthType authType, Optional<PublicKey> publicKey) {
            return "keyturn|v1|secret|" + credential + "|" + id + "|" + authType
                    + publicKey.map(key -> "|" + key.line()).orElse("");
        }
    }

    /** Needs no transaction. */
    Entry seal(String credential, String id, LoginSecret secret) {
        Optional<PublicKey> publicKey =
                secret instanceof LoginSecret.KeyPair pair ? Optional.of(pair.publicKey()) : Optional.empty();
        String associatedData = Entry.associatedData(id, credential, secret.authType(), publicKey);
        return new Entry(
                id,
                credential,
                secret.authType(),
                publicKey,
                vault.seal(secretPart(secret).expose(), associatedData));
    }

    private static Secret secretPart(LoginSecret secret) {
        return secret instanceof LoginSecret.KeyPair pair ? pair.privateKey() : ((LoginSecret.Password) secret).value();
    }

    /** Needs no transaction. The caller closes the secret. */
    LoginSecret open(Entry entry, SecretVersion version) {
        Secret secret;
        try {
            secret = Secret.takeOver(vault.open(entry.sealed(), entry.associatedData()));
        } catch (GeneralSecurityException e) {
            throw new JournalException(
                    "secret " + entry.id() + " of " + entry.credential() + " in " + database.file()
                            + " can't be decrypted: its row was changed or belongs elsewhere; restore the state"
                            + " directory from a backup",
                    e);
        }
        LoginSecret opened = entry.publicKey().isPresent()
                ? new LoginSecret.KeyPair(secret, entry.publicKey().get())
                : new LoginSecret.Password(secret);
        if (opened.authType() != version.authType() || !opened.fingerprint().equals(version.fingerprint())) {
            opened.close();
            throw new JournalException("secret " + entry.id() + " of " + entry.credential() + " in " + database.file()
                    + " is not the one the journal names: it has "
                    + opened.fingerprint().map(Object::toString).orElse("no fingerprint") + " instead of "
                    + version.fingerprint().map(Object::toString).orElse("none")
                    + "; restore the state directory from a backup");
        }
        return opened;
    }

    /** @param user whose it is, of alternating accounts */
    void insert(Entry entry, Optional<String> user) throws SQLException {
        database.update(
                """
                INSERT INTO secret (id, credential, auth_type, public_key, key_id, nonce, ciphertext, login_user, seq)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?,
                  (SELECT COALESCE(MAX(seq), 0) + 1 FROM secret WHERE credential = ?))""",
                entry.id(),
                entry.credential(),
                entry.authType().name(),
                entry.publicKey().map(PublicKey::line).orElse(null),
                entry.sealed().keyId(),
                base64(entry.sealed().nonce()),
                base64(entry.sealed().ciphertext()),
                user.orElse(null),
                entry.credential());
    }

    void belongsTo(String id, String user) throws SQLException {
        database.update("UPDATE secret SET login_user = ? WHERE id = ?", user, id);
    }

    /** Whether it is known to be of another user than this one. */
    boolean isOfAnother(String id, Optional<String> user) throws SQLException {
        Optional<String> whose = database.find(
                        "SELECT login_user FROM secret WHERE id = ?", row -> row.optionalText("login_user"), id)
                .flatMap(found -> found);
        return user.isPresent() && whose.isPresent() && !whose.equals(user);
    }

    void refused(String id) throws SQLException {
        database.update("""
                UPDATE secret SET refused_seq = 1 +
                  (SELECT MAX(other.refused_seq) FROM secret other WHERE other.credential = secret.credential)
                WHERE id = ?""", id);
    }

    /** The secrets of one user, oldest first, the refused ones after the others; passwords, for keys don't alternate. */
    static List<SecretVersion> of(Database database, String credential, String user) throws SQLException {
        return database.query(
                "SELECT id, auth_type FROM secret WHERE credential = ? AND login_user = ? ORDER BY refused_seq, seq",
                row -> new SecretVersion(row.text("id"), AuthType.valueOf(row.text("auth_type")), Optional.empty()),
                credential,
                user);
    }

    /** Whether any credential or open rotation has this key. */
    static boolean knows(Database database, PublicKey key) throws SQLException {
        String fingerprint = key.fingerprint().text();
        return database.find("""
                        SELECT 1 AS known FROM secret WHERE public_key = ?
                        UNION ALL SELECT 1 FROM credential WHERE current_fingerprint = ?
                        UNION ALL SELECT 1 FROM rotation WHERE finished_at IS NULL
                          AND (candidate_fingerprint = ? OR previous_fingerprint = ?)""", row -> row.number("known"), key.line(), fingerprint, fingerprint, fingerprint)
                .isPresent();
    }

    Optional<Entry> find(String id) throws SQLException {
        return database.find(
                "SELECT * FROM secret WHERE id = ?",
                row -> new Entry(
                        row.text("id"),
                        row.text("credential"),
                        AuthType.valueOf(row.text("auth_type")),
                        row.optionalText("public_key").map(PublicKey::parse),
                        new Sealed(row.text("key_id"), row.bytes("nonce"), row.bytes("ciphertext"))),
                id);
    }

    /** Those that neither the credential nor its open rotation points to; of the newest rotation first, the refused ones after the others. */
    List<SecretVersion> besidesThoseInUse(String credential, Account account) throws SQLException {
        return database.query(
                """
                SELECT s.id, s.auth_type, s.public_key FROM secret s
                  LEFT JOIN rotation made ON made.candidate_secret = s.id
                WHERE s.credential = ?
                  AND NOT EXISTS (SELECT 1 FROM credential c WHERE c.current_secret = s.id)
                  AND NOT EXISTS (SELECT 1 FROM rotation r WHERE r.credential = s.credential AND r.finished_at IS NULL
                    AND (r.candidate_secret = s.id OR r.previous_secret = s.id))
                  AND (made.hostname IS NULL OR (made.hostname = ? AND made.port = ?))
                  AND (s.login_user IS NULL OR s.login_user = ?)
                  AND (made.changed_user IS NULL OR made.changed_user = ?)
                ORDER BY s.refused_seq, COALESCE(made.seq, 0) DESC""",
                row -> new SecretVersion(
                        row.text("id"),
                        AuthType.valueOf(row.text("auth_type")),
                        row.optionalText("public_key").map(PublicKey::parse).map(PublicKey::fingerprint)),
                credential,
                account.hostname(),
                account.port(),
                account.user(),
                account.user());
    }

    /** SQLite overwrites the row with zeros ({@code secure_delete}). Harmless where there is none. */
    void erase(String id) throws SQLException {
        database.update("DELETE FROM secret WHERE id = ?", id);
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
