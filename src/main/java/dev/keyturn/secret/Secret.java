package dev.keyturn.secret;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Secret bytes that are wiped when closed and never print themselves.
 *
 * <p>The bytes are UTF-8 text wherever the secret is text (a password, an OpenSSH private key, a license key). Use it in
 * a try-with-resources block. Not thread-safe; a secret belongs to one rotation at a time.
 */
public final class Secret implements AutoCloseable {
    private final byte[] bytes;
    private boolean wiped;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Takes over {@code bytes}: the array itself is kept and wiped on {@link #close()}, so the caller must not use it
     * any more.
     */
    public static Secret takeOver(byte[] bytes) {
        return new Secret(bytes);
    }

    /** A secret of its own from a copy of {@code bytes}, which stay the caller's to wipe. */
    public static Secret copyOf(byte[] bytes) {
        return new Secret(bytes.clone());
    }

    /**
     * The live bytes: the one way to read a secret, named so that a search finds every reader. The array is not a copy;
     * don't change it, keep it or turn it into a {@code String}.
     *
     * @throws IllegalStateException once the secret has been wiped
     */
    public byte[] expose() {
        if (wiped) {
            throw new IllegalStateException("this secret has been wiped");
        }
        return bytes;
    }

    /** An independent secret with the same bytes, which outlives this one. */
    public Secret copy() {
        return copyOf(expose());
    }

    /** Number of bytes; tells nothing else of the secret. */
    public int length() {
        return bytes.length;
    }

    /** Compares in constant time, whatever the content. */
    public boolean sameAs(Secret other) {
        return MessageDigest.isEqual(expose(), other.expose());
    }

    /** Overwrites the bytes with zeros. Harmless when repeated. */
    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
        wiped = true;
    }

    @Override
    public String toString() {
        return "Secret[****]";
    }
}
