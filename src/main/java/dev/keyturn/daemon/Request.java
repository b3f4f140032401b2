package dev.keyturn.daemon;

import java.util.List;
import java.util.Optional;

/**
 * A command that a client asks the daemon to run. It names no file that the daemon would read or write, and has no secret
 * in it; where the command takes one, that is {@link Handed} over by itself.
 *
 * @param version the client's, of the product
 * @param uid as which the client says to run; the kernel is asked whether that is so
 * @param words the command and its arguments
 * @param state the client's state directory, free of links; empty where its configuration can't be read
 * @param configuration the client's configuration file, free of links
 * @param hash of the client's configuration; empty where it is not valid now
 * @param zone the client's local time, an IANA name
 * @param terminal whether a person watches the client's standard output
 * @param coloured whether colours are wanted there
 */
public record Request(
        String version,
        long uid,
        List<String> words,
        Optional<String> state,
        String configuration,
        Optional<String> hash,
        String zone,
        boolean terminal,
        boolean coloured) {
    public Request {
        words = List.copyOf(words);
    }
}
