package dev.keyturn.secret;

/** A referenced secret can't be read. The message says which one, why, and what would mend it. */
public final class SecretUnavailableException extends Exception {
    public SecretUnavailableException(String message) {
        super(message);
    }

    public SecretUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
