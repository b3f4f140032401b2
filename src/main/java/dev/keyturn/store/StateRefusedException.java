package dev.keyturn.store;

/**
 * The state directory can't be used as it is: others may read it, this user may not, or a newer Keyturn wrote it. The
 * message says what mends it, with the command where there is one. Exit status 78.
 */
public final class StateRefusedException extends Exception {
    StateRefusedException(String message) {
        super(message);
    }

    StateRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
