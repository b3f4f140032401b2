package dev.keyturn.store;

import dev.keyturn.store.Vault.Sealed;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/** Proves at open that the key is the one the store was written with, before anything is read or written with it. */
final class KeyCheck {
    private static final String ASSOCIATED_DATA = "keyturn|v1|key-check";
    private static final byte[] TEXT = "keyturn key check".getBytes(StandardCharsets.US_ASCII);

    private KeyCheck() {}

    /** In a new store: from now on it belongs to this key. Inside a transaction. */
    static void write(Database database, Vault vault) throws SQLException {
        Sealed sealed = vault.seal(TEXT, ASSOCIATED_DATA);
        database.update(
                "INSERT INTO encryption_key (id, nonce, check_value) VALUES (?, ?, ?)",
                sealed.keyId(),
                SecretTable.base64(sealed.nonce()),
                SecretTable.base64(sealed.ciphertext()));
    }

    static void require(Database database, Vault vault) throws EncryptionKeyRefusedException {
        List<Sealed> known = database.transaction(() -> database.query(
                "SELECT * FROM encryption_key",
                row -> new Sealed(row.text("id"), row.bytes("nonce"), row.bytes("check_value"))));
        for (Sealed sealed : known) {
            if (sealed.keyId().equals(vault.key().id()) && opens(vault, sealed)) {
                return;
            }
        }
        throw new EncryptionKeyRefusedException("the encryption key from "
                + vault.key().reference() + " is not the one that " + database.file() + " was written with: it is key "
                + vault.key().id() + ", the store needs "
                + String.join(" or ", known.stream().map(Sealed::keyId).toList())
                + "; put the right key there, or restore it from its backup");
    }

    private static boolean opens(Vault vault, Sealed sealed) {
        try {
            return Arrays.equals(vault.open(sealed, ASSOCIATED_DATA), TEXT);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
