package dev.keyturn.rotation;

/**
 * The moments of a rotation in which the process may die, named, so that a test can kill it in each: before and after
 * every remote call, every commit of the journal and every write and sync of the audit log. What happens on the other
 * side meanwhile has no name here; the stand-ins in the tests know those moments. In production nobody watches.
 */
public enum CrashPoint {
    /** The transaction has its changes and none of them is durable. */
    BEFORE_JOURNAL_COMMIT,
    /** The changes are durable; whoever asked for them does not know it yet. */
    AFTER_JOURNAL_COMMIT,
    /** A secret's row is deleted, durably; a copy is still in the write-ahead log. */
    BEFORE_JOURNAL_ERASURE,
    /** The write-ahead log is empty. */
    AFTER_JOURNAL_ERASURE,

    /** Nothing of the record is in the file. */
    BEFORE_AUDIT_WRITE,
    /** The record is in the file and not synced. */
    BEFORE_AUDIT_SYNC,
    /** The record is on the disk; whoever wrote it does not know it yet. */
    AFTER_AUDIT_SYNC,

    /** Nothing was asked of the host. */
    BEFORE_HOST_PREFLIGHT,
    /** The host was asked, and nothing was changed. */
    AFTER_HOST_PREFLIGHT,
    /** The intent is durable; the host has the predecessor only. */
    BEFORE_HOST_INSTALL,
    /** The host has the candidate, or the attempt failed; nobody wrote down which. */
    AFTER_HOST_INSTALL,
    /** A secret is about to be tried. */
    BEFORE_HOST_LOGIN,
    /** It was accepted or refused; nobody wrote down which. */
    AFTER_HOST_LOGIN,
    /** The intent is durable; the predecessor is still on the host. */
    BEFORE_HOST_WITHDRAW,
    /** The predecessor is off the host, or the attempt failed. */
    AFTER_HOST_WITHDRAW,
    /** The intent is durable; the candidate may be on the host. */
    BEFORE_HOST_UNINSTALL,
    /** The candidate is off the host, or the attempt failed. */
    AFTER_HOST_UNINSTALL,
    /** The predecessor is about to be tried a last time. */
    BEFORE_HOST_REFUSAL,
    /** It was refused or accepted; nobody wrote down which. */
    AFTER_HOST_REFUSAL,

    /** Dromo is about to be asked for its record. */
    BEFORE_DROMO_RETRIEVE,
    /** It answered, or did not. */
    AFTER_DROMO_RETRIEVE,
    /** The intent is durable; Dromo has what it had. */
    BEFORE_DROMO_UPDATE,
    /** Dromo has what it was sent, or not; nobody wrote down which. */
    AFTER_DROMO_UPDATE,
    /** Dromo is about to log in itself. */
    BEFORE_DROMO_TEST,
    /** It did or could not; nobody wrote down which. */
    AFTER_DROMO_TEST,
    /** Dromo's credentials or connectors are about to be listed. */
    BEFORE_DROMO_LIST,
    /** They were listed, or not. */
    AFTER_DROMO_LIST;

    /** Whoever wants to know when a point is passed. Thread-safe. */
    @FunctionalInterface
    public interface Watch {
        /** Nobody. */
        Watch NONE = point -> {};

        /** Called on the thread that comes by, which goes on when this returns. */
        void passed(CrashPoint point);
    }
}
