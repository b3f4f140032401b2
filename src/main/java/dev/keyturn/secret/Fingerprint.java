package dev.keyturn.secret;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The fingerprint of an SSH public key, as {@code ssh-keygen -lf} and Dromo print it: {@code SHA256:} and the unpadded
 * base64 of the SHA-256 of the public key blob (RFC 4253, section 6.6).
 *
 * @param text the normalised form; 50 characters
 */
public record Fingerprint(String text) {
    private static final String PREFIX = "SHA256:";
    private static final int SHA256_BYTES = 32;

    /** @throws IllegalArgumentException where {@code text} is no SHA-256 fingerprint */
    public Fingerprint {
        text = normalise(text);
    }

    /** The fingerprint of a public key blob in SSH wire format. */
    public static Fingerprint ofBlob(byte[] blob) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
            return new Fingerprint(PREFIX + Base64.getEncoder().withoutPadding().encodeToString(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String normalise(String text) {
        String trimmed = text.trim();
        if (!trimmed.startsWith(PREFIX)) {
            throw notAFingerprint(text);
        }
        String base64 = trimmed.substring(PREFIX.length());
        try {
            byte[] digest = Base64.getDecoder().decode(base64);
            if (digest.length != SHA256_BYTES) {
                throw notAFingerprint(text);
            }
            // Re-encoding drops padding, and shows stray low bits in the last character, which the decoder passes over.
            String canonical = Base64.getEncoder().withoutPadding().encodeToString(digest);
            if (!base64.startsWith(canonical)) {
                throw notAFingerprint(text);
            }
            return PREFIX + canonical;
        } catch (IllegalArgumentException e) {
            throw notAFingerprint(text);
        }
    }

    private static IllegalArgumentException notAFingerprint(String text) {
        return new IllegalArgumentException("'" + text
                + "' is not a SHA-256 fingerprint such as SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU");
    }

    @Override
    public String toString() {
        return text;
    }
}
