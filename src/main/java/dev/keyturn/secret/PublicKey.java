package dev.keyturn.secret;

import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An SSH public key: what goes into {@code authorized_keys}, without options or comment.
 *
 * @param type the key type as on the wire, e.g. {@code ssh-ed25519}
 * @param base64 the base64 of the key blob (RFC 4253, section 6.6)
 */
public record PublicKey(String type, String base64) {
    private static final Pattern TYPE = Pattern.compile("[!-~&&[^\"]]+");

    /**
     * @throws IllegalArgumentException where {@code type} could not stand in a line of {@code authorized_keys}, or
     *     {@code base64} is no base64
     */
    public PublicKey {
        if (!TYPE.matcher(type).matches()) {
            throw notALine(null);
        }
        try {
            Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw notALine(e);
        }
    }

    /**
     * Reads {@code type base64 [comment]}, as {@code ssh-keygen -y} and a {@code .pub} file give it.
     *
     * @throws IllegalArgumentException where the line has another form
     */
    public static PublicKey parse(String line) {
        String[] parts = line.trim().split("\\s+", 3);
        if (parts.length < 2) {
            throw notALine(null);
        }
        return new PublicKey(parts[0], parts[1]);
    }

    private static IllegalArgumentException notALine(@Nullable Throwable cause) {
        return new IllegalArgumentException(
                "a public key line is 'TYPE BASE64 [COMMENT]', without options, such as ssh-ed25519 AAAAC3Nz...",
                cause);
    }

    /** The key blob in SSH wire format. */
    public byte[] blob() {
        return Base64.getDecoder().decode(base64);
    }

    public Fingerprint fingerprint() {
        return Fingerprint.ofBlob(blob());
    }

    /** {@code type base64}, with no comment and no line feed. */
    public String line() {
        return type + " " + base64;
    }

    @Override
    public String toString() {
        return line();
    }
}
