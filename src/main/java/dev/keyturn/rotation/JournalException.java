package dev.keyturn.rotation;

/**
 * The journal can't be read or written: nothing may be changed any more. The message names the file and what mends it.
 */
public final class JournalException extends RuntimeException {
    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }

    public JournalException(String message) {
        super(message);
    }
}
