package dev.keyturn.killmatrix;

import dev.keyturn.sandbox.DromoCredential;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the store, read with SQL and {@code javax.crypto} by what docs/adr/0003-encryption-at-rest.md says. Works
 * on a copy: to open a database after a crash changes it.
 *
 * @param secrets by id, decrypted
 * @param current the one in use; null where there is none
 * @param user whom Dromo logs in as; null where that is not known
 * @param open the states of rotations that have not ended
 * @param compromised the users whose secret others know; null for none
 */
record Store(
        Map<String, String> secrets,
        @Nullable String current,
        @Nullable String user,
        List<@Nullable String> open,
        @Nullable String compromised) {
    private static final String KEY_PREFIX = "keyturn-key-v1:";

    static Store read(World world) {
        try {
            Path database = copy(world);
            String key = Files.readString(world.encryptionKey()).strip().substring(KEY_PREFIX.length());
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                    Statement statement = connection.createStatement()) {
                return new Store(
                        secrets(statement, new SecretKeySpec(Base64.getDecoder().decode(key), "AES")),
                        ofAcme(statement, "current_secret"),
                        ofAcme(statement, "active_user"),
                        strings(statement, "SELECT state FROM rotation WHERE finished_at IS NULL"),
                        ofAcme(statement, "compromised_users"));
            }
        } catch (IOException | SQLException | GeneralSecurityException e) {
            throw new IllegalStateException("the store can't be read: " + e, e);
        }
    }

    private static Path copy(World world) throws IOException {
        Path copy = Files.createDirectories(world.directory().resolve("copy"));
        for (String name : List.of("keyturn.db", "keyturn.db-wal", "keyturn.db-shm")) {
            Files.deleteIfExists(copy.resolve(name));
        }
        Path log = world.database().resolveSibling("keyturn.db-wal");
        if (Files.exists(log)) {
            Files.copy(log, copy.resolve("keyturn.db-wal"));
        }
        return Files.copy(world.database(), copy.resolve("keyturn.db"));
    }

    private static Map<String, String> secrets(Statement statement, SecretKeySpec key)
            throws SQLException, GeneralSecurityException {
        Map<String, String> secrets = new LinkedHashMap<>();
        try (ResultSet row = statement.executeQuery("SELECT * FROM secret")) {
            while (row.next()) {
                String publicKey = row.getString("public_key");
                String bound = String.join(
                        "|",
                        "keyturn|v1|secret",
                        row.getString("credential"),
                        row.getString("id"),
                        row.getString("auth_type") + (publicKey == null ? "" : "|" + publicKey));
                Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
                cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, base64(row, "nonce")));
                cipher.updateAAD(bound.getBytes(StandardCharsets.UTF_8));
                secrets.put(
                        row.getString("id"),
                        new String(cipher.doFinal(base64(row, "ciphertext")), StandardCharsets.UTF_8));
            }
        }
        return secrets;
    }

    private static byte[] base64(ResultSet row, String column) throws SQLException {
        return Base64.getDecoder().decode(row.getString(column));
    }

    private static @Nullable String ofAcme(Statement statement, String column) throws SQLException {
        return strings(statement, "SELECT " + column + " FROM credential WHERE name = 'acme'")
                .get(0);
    }

    private static List<@Nullable String> strings(Statement statement, String query) throws SQLException {
        List<@Nullable String> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }

    boolean hasPassword(@Nullable String password) {
        return password != null && secrets.containsValue(password);
    }

    boolean hasKey(@Nullable String fingerprint) {
        return secrets.values().stream().anyMatch(key -> fingerprintOf(key).equals(fingerprint));
    }

    /** Whether the secret in use is the one that Dromo holds, of the user that Dromo logs in as. */
    boolean inUse(DromoCredential credential) {
        String secret = current == null ? null : secrets.get(current);
        boolean sameUser = user == null || user.equals(credential.user());
        String fingerprint = credential.keyFingerprint();
        return secret != null
                && sameUser
                && (fingerprint == null
                        ? secret.equals(credential.password())
                        : fingerprintOf(secret).equals(fingerprint));
    }

    /** Computed from the private key itself, not from the public half beside it. */
    private static String fingerprintOf(String privateKey) {
        return String.valueOf(DromoCredential.ofKey("", 0, "", privateKey).keyFingerprint());
    }
}
