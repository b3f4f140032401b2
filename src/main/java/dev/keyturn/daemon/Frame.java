package dev.keyturn.daemon;

/** What the daemon sends to a client, one after the other: a greeting, text, and at last the exit status. */
sealed interface Frame {
    /** The command begins. */
    record Accepted(String version) implements Frame {}

    /** The command is not run. */
    record Refused(String version, Refusal why, String message) implements Frame {}

    /** For standard output. */
    record Out(String text) implements Frame {}

    /** For standard error. */
    record Err(String text) implements Frame {}

    /** The end. */
    record Exit(int status) implements Frame {}
}
