package dev.keyturn.store;

/**
 * The encryption key can't be read, is malformed, or isn't the one the store was written with. The message names the
 * key's reference and what mends it; nothing was changed. Exit status 77.
 */
public final class EncryptionKeyRefusedException extends Exception {
    EncryptionKeyRefusedException(String message) {
        super(message + "; nothing was changed");
    }

    EncryptionKeyRefusedException(String message, Throwable cause) {
        super(message + "; nothing was changed", cause);
    }
}
