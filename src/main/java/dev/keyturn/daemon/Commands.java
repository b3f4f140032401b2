package dev.keyturn.daemon;

import dev.keyturn.secret.Secret;
import java.io.PrintStream;
import java.util.Optional;

/** What can be asked of the daemon over its control socket. The composition root has the commands. Thread-safe. */
public interface Commands {
    /** The product's version; only a client of the same is served. */
    String version();

    /** Why this daemon is not the one that the client means; empty where it is. */
    Optional<String> foreign(Request request);

    /** Whether the command may change something; what such a one prints is never waited for. */
    boolean changes(Request request);

    /** Whether the command needs a secret of the client's. */
    boolean takesSecret(Request request);

    /**
     * Runs a command to its end.
     *
     * @param peer who asked
     * @param handed where it takes one; stays the caller's
     * @return its exit status
     */
    int run(Request request, Peer peer, Optional<Secret> handed, Output output);

    /** Where a command prints. Text reaches the client with each flush; nothing is thrown where the client is gone. */
    record Output(PrintStream out, PrintStream err) {}
}
