package dev.keyturn.policy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

/**
 * Numbers that look drawn by chance and are the same for the same words: on every machine, in every version, after every
 * restart. So a fleet spreads, and {@code plan} can say where to.
 */
final class Chance {
    private Chance() {}

    /** A part of {@code whole}, in seconds: from none up to, but not, all of it. */
    static Duration partOf(Duration whole, String words) {
        return Duration.ofSeconds((long) (whole.toSeconds() * fraction(words)));
    }

    /** From 0 up to, but not, 1. */
    private static double fraction(String words) {
        byte[] digest = sha256(words.getBytes(StandardCharsets.UTF_8));
        // A double has 53 bits.
        return (ByteBuffer.wrap(digest).getLong() >>> 11) * 0x1p-53;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
