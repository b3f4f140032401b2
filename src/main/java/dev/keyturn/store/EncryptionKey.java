package dev.keyturn.store;

import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import dev.keyturn.secret.SecretUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key that encrypts the secrets in the store: 32 random bytes, never derived from a password. As text it is one line,
 * {@code keyturn-key-v1:} and the bytes in base64.
 */
public final class EncryptionKey {
    private static final byte[] PREFIX = "keyturn-key-v1:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ID_LABEL = "keyturn key id v1".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 8;

    private final SecretKey key;
    private final String id;
    private final String reference;

    private EncryptionKey(byte[] bytes, String reference) {
        this.key = new SecretKeySpec(bytes, "AES");
        this.id = idOf(bytes);
        this.reference = reference;
    }

    /**
     * Makes a new key in a new file that only its owner may read. The file and its directory entry are on the disk when
     * this returns.
     *
     * @throws java.nio.file.FileAlreadyExistsException where there is a file already: a key is never overwritten
     * @throws IOException where it can't be written; then there is no file
     */
    public static void write(Path file) throws IOException {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        byte[] base64 = Base64.getEncoder().encode(bytes);
        ByteBuffer line = ByteBuffer.allocate(PREFIX.length + base64.length + 1);
        line.put(PREFIX).put(base64).put((byte) '\n').flip();
        try {
            writeNew(file, line);
        } finally {
            Arrays.fill(bytes, (byte) 0);
            Arrays.fill(base64, (byte) 0);
            Arrays.fill(line.array(), (byte) 0);
        }
    }

    private static void writeNew(Path file, ByteBuffer line) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            try {
                while (line.hasRemaining()) {
                    channel.write(line);
                }
                channel.force(true);
            } catch (IOException e) {
                Files.deleteIfExists(file);
                throw e;
            }
        }
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
                entry.force(true);
            }
        }
    }

    /** @throws EncryptionKeyRefusedException where the reference yields no key */
    static EncryptionKey load(SecretSource source) throws EncryptionKeyRefusedException {
        try (Secret text = source.load()) {
            return parse(text.expose(), source.describe());
        } catch (SecretUnavailableException e) {
            throw new EncryptionKeyRefusedException("the encryption key can't be read: " + e.getMessage(), e);
        }
    }

    private static EncryptionKey parse(byte[] text, String reference) throws EncryptionKeyRefusedException {
        int end = text.length;
        while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == '\r' || text[end - 1] == ' ')) {
            end--;
        }
        if (end < PREFIX.length || !Arrays.equals(text, 0, PREFIX.length, PREFIX, 0, PREFIX.length)) {
            throw malformed(reference, "it does not begin with keyturn-key-v1:");
        }
        byte[] base64 = Arrays.copyOfRange(text, PREFIX.length, end);
        byte[] bytes = new byte[0];
        try {
            bytes = Base64.getDecoder().decode(base64);
            if (bytes.length != KEY_BYTES) {
                throw malformed(reference, "it has " + bytes.length + " bytes instead of " + KEY_BYTES);
            }
            return new EncryptionKey(bytes, reference);
        } catch (IllegalArgumentException e) {
            // The cause is left out: its message quotes a character of the key.
            throw malformed(reference, "what follows keyturn-key-v1: is no base64");
        } finally {
            Arrays.fill(base64, (byte) 0);
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static EncryptionKeyRefusedException malformed(String reference, String why) {
        return new EncryptionKeyRefusedException("the encryption key from " + reference + " is malformed: " + why
                + "; it has to be what keyturn init-key wrote: one line, keyturn-key-v1:BASE64");
    }

    private static String idOf(byte[] bytes) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(ID_LABEL), 0, ID_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    SecretKey key() {
        return key;
    }

    /** Names the key without telling anything of it: 16 hex digits, stored beside each secret. */
    String id() {
        return id;
    }

    /** Where it came from, for messages. */
    String reference() {
        return reference;
    }

    @Override
    public String toString() {
        return "EncryptionKey[" + id + "]";
    }
}
