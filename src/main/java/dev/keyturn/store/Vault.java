package dev.keyturn.store;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM with a random 96-bit nonce for each text. Random nonces are sound far beyond the number of secrets a store
 * ever sees (NIST SP 800-38D, section 8.3, allows 2^32 for each key). Thread-safe.
 */
final class Vault {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final EncryptionKey key;
    private final SecureRandom random = new SecureRandom();

    Vault(EncryptionKey key) {
        this.key = key;
    }

    /** An encrypted text: only the key and the same associated data open it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; read once, on its way into or out of the database
    record Sealed(String keyId, byte[] nonce, byte[] ciphertext) {}

    EncryptionKey key() {
        return key;
    }

    /** @param text stays the caller's to wipe */
    Sealed seal(byte[] text, String associatedData) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            return new Sealed(
                    key.id(),
                    nonce,
                    cipher(Cipher.ENCRYPT_MODE, nonce, associatedData).doFinal(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + CIPHER, e);
        }
    }

    /**
     * @return the text, the caller's to wipe
     * @throws GeneralSecurityException where the key, the text or the associated data isn't the one it was sealed with
     */
    byte[] open(Sealed sealed, String associatedData) throws GeneralSecurityException {
        return cipher(Cipher.DECRYPT_MODE, sealed.nonce(), associatedData).doFinal(sealed.ciphertext());
    }

    private Cipher cipher(int mode, byte[] nonce, String associatedData) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key.key(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(associatedData.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
