package dev.keyturn.daemon;

import dev.keyturn.secret.Secret;
import java.nio.file.attribute.UserPrincipal;

/**
 * A secret that a command needs, and to whom alone it is given: whoever listens on a socket could say that he is the daemon.
 *
 * @param secret stays the caller's
 * @param owner of the daemon's state
 */
public record Handed(Secret secret, UserPrincipal owner) {}
