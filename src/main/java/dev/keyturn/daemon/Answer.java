package dev.keyturn.daemon;

/**
 * What came of asking a daemon.
 *
 * @param status the command's, where it was done
 * @param message of the daemon, where it refused; else what went wrong
 */
public record Answer(Kind kind, int status, String message) {
    /** How it ended. */
    public enum Kind {
        /** The daemon ran the command to its end. */
        DONE,
        /** Nobody listens there. */
        NOBODY,
        /** The socket is there, but not for this user. */
        FORBIDDEN,
        /** Somebody listens, but says nothing that a daemon would say. */
        SILENT,
        /** It works on another state. */
        OTHER_STATE,
        /** It is the daemon in question, and it doesn't run this. */
        REFUSED,
        /** The command was begun, and then the daemon was gone. */
        BROKEN_OFF
    }
}
