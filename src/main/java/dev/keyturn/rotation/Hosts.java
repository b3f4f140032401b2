package dev.keyturn.rotation;

/** The SFTP hosts. Thread-safe; visits are not. */
public interface Hosts {
    /**
     * Begins a visit to one credential's host. Opens nothing yet. One visit spans the steps of a rotation, so that they
     * can share SSH sessions: each authentication costs the host and the clock.
     */
    HostVisit visit(ManagedCredential credential);
}
