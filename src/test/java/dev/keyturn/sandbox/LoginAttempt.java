package dev.keyturn.sandbox;

import org.jspecify.annotations.Nullable;

/**
 * One finished attempt to log in. Asking whether a key would do counts only where the answer is no.
 *
 * @param order counts up over all events of all stand-ins in this JVM, {@link DromoRequest} included
 * @param method publickey, password or keyboard-interactive
 * @param fingerprint of the key that was offered, SHA256:...; null for a password
 */
public record LoginAttempt(
        long order,
        String user,
        String method,
        boolean accepted,
        @Nullable String fingerprint) {}
