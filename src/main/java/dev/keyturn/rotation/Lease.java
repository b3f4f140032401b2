package dev.keyturn.rotation;

/**
 * The right to rotate one credential, held by one thread of one process.
 *
 * @param fence grows with each lease of the credential; a write with an older one is refused
 */
public record Lease(String credential, String holder, long fence) {}
