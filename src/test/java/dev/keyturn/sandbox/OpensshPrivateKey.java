package dev.keyturn.sandbox;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Reads the public part of an unencrypted private key in OpenSSH's container.
 *
 * <p>Source: OpenSSH's PROTOCOL.key.
 */
final class OpensshPrivateKey {
    private static final String BEGIN = "-----BEGIN OPENSSH PRIVATE KEY-----";
    private static final String END = "-----END OPENSSH PRIVATE KEY-----";
    private static final byte[] MAGIC = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);

    private OpensshPrivateKey() {}

    /**
     * SHA256: and unpadded base64, as {@code ssh-keygen -lf} prints it.
     *
     * @throws IllegalArgumentException where {@code text} is anything but one unencrypted key in OpenSSH's format
     */
    static String fingerprint(String text) {
        return fingerprintOfBlob(publicBlob(text));
    }

    static String fingerprintOfBlob(byte[] blob) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] publicBlob(String text) {
        String trimmed = text.strip();
        if (!trimmed.startsWith(BEGIN) || !trimmed.endsWith(END)) {
            throw new IllegalArgumentException("not an OpenSSH private key");
        }
        String base64 = trimmed.substring(BEGIN.length(), trimmed.length() - END.length());
        ByteBuffer container = ByteBuffer.wrap(Base64.getMimeDecoder().decode(base64));
        try {
            byte[] magic = new byte[MAGIC.length];
            container.get(magic);
            require(Arrays.equals(magic, MAGIC), "no openssh-key-v1 container");
            require("none".equals(text(container)) && "none".equals(text(container)), "the key is encrypted");
            require(bytes(container).length == 0, "key derivation options without encryption");
            require(container.getInt() == 1, "not exactly one key");
            byte[] blob = bytes(container);
            ByteBuffer secret = ByteBuffer.wrap(bytes(container));
            require(secret.getInt() == secret.getInt(), "the private part is damaged");
            require(text(secret).equals(text(ByteBuffer.wrap(blob))), "public and private part differ in type");
            return blob;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the key is cut short", e);
        }
    }

    private static byte[] bytes(ByteBuffer from) {
        int length = from.getInt();
        require(length >= 0 && length <= from.remaining(), "the key is cut short");
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    private static String text(ByteBuffer from) {
        return new String(bytes(from), StandardCharsets.US_ASCII);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
