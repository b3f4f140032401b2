package dev.keyturn.rotation;

import java.time.Instant;

/**
 * What was asked of the host or of Dromo in a rotation, and what they said: the ground on which its next state stands.
 *
 * @param probe what was asked, e.g. {@code login with the new key}
 * @param found the answer; never a secret
 */
public record Finding(Instant at, String probe, String found) {}
