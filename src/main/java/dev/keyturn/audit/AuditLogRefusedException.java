package dev.keyturn.audit;

/**
 * The audit log can't be gone on with: it can't be written, others may write it, or its end is no chain. The message
 * says what mends it; nothing was changed. Exit status 77.
 */
public final class AuditLogRefusedException extends Exception {
    AuditLogRefusedException(String message) {
        super(message);
    }

    AuditLogRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
