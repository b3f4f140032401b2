package dev.keyturn.rotation;

/** The audit log. Thread-safe. */
public interface AuditTrail {
    /**
     * Writes one record; it is on the disk when this returns.
     *
     * @throws AuditException where it could not be written: then nothing may be changed
     */
    void append(AuditEvent event);
}
