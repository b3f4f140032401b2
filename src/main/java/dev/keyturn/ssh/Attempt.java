package dev.keyturn.ssh;

/** What a try to log in came to, where the host gave a clear answer. */
sealed interface Attempt {
    record Accepted(SshSession session) implements Attempt {}

    /** The host refused the credential. */
    record Refused() implements Attempt {}

    /**
     * The host has no such method, so the credential was not sent.
     *
     * @param methods what it has instead, comma-separated
     */
    record NotOffered(String methods) implements Attempt {}

    /** The host took the credential and wants more than that, or asked for something else than a password. */
    record Partial(String wanted) implements Attempt {}

    /** The host took the password and demands a new one before anything else. */
    record ChangeDemanded() implements Attempt {}

    /** The host demanded a new password and did not take the one it was given. */
    record ReplacementRejected() implements Attempt {}

    /** Whether the host let this credential in, or would but for something else. */
    default boolean alive() {
        return !(this instanceof Refused || this instanceof NotOffered);
    }

    /** What came instead of a login, for a message. */
    default String detail() {
        if (this instanceof Partial partial) {
            return "the host wants more than this credential: " + SshFailures.shortened(partial.wanted());
        }
        if (this instanceof NotOffered notOffered) {
            return "the host takes no such credential, only " + SshFailures.shortened(notOffered.methods());
        }
        if (this instanceof ChangeDemanded) {
            return "the host demands a new password first";
        }
        return this instanceof ReplacementRejected
                ? "the host did not take the new password"
                : "the host refused the credential";
    }
}
