package dev.keyturn.store;

/**
 * The state directory can't be used as it is: others may read it, this user may not, or a newer Keyturn wrote it. The
 * message says what mends it, with the command where there is one. Exit status 78.
 */
public final class StateRefusedException extends Exception {
    private final boolean unreadable;

    StateRefusedException(String message) {
        super(message);
        this.unreadable = false;
    }

    StateRefusedException(String message, Throwable cause) {
        this(message, cause, false);
    }

    StateRefusedException(String message, Throwable cause, boolean unreadable) {
        super(message, cause);
        this.unreadable = unreadable;
    }

    /** Whether it may be fine, but this user can't see it. */
    public boolean unreadable() {
        return unreadable;
    }
}
