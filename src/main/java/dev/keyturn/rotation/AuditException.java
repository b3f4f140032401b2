package dev.keyturn.rotation;

/** The audit log can't be written. The message names the file, the cause and what mends it. */
public final class AuditException extends RuntimeException {
    public AuditException(String message, Throwable cause) {
        super(message, cause);
    }

    public AuditException(String message) {
        super(message);
    }
}
