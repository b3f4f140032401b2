package dev.keyturn.config;

import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads secret bytes, leaving none behind in a buffer of its own. */
final class SecretBytes {
    private static final int MOST = 64 * 1024;

    private SecretBytes() {}

    /**
     * Everything up to the end of the stream, as it is.
     *
     * @param from the source's description, for messages
     */
    static Secret collect(InputStream in, String from) throws IOException, SecretUnavailableException {
        // One byte more than allowed tells a full secret from one that is too long.
        byte[] buffer = new byte[MOST + 1];
        try {
            int length = 0;
            int read = in.read(buffer, 0, buffer.length);
            while (read > 0) {
                length += read;
                read = length == buffer.length ? -1 : in.read(buffer, length, buffer.length - length);
            }
            if (length > MOST) {
                throw new SecretUnavailableException(from + " gives more than " + (MOST / 1024)
                        + " KiB, which is no secret; check what the reference points to");
            }
            return Secret.takeOver(Arrays.copyOf(buffer, length));
        } finally {
            Arrays.fill(buffer, (byte) 0);
        }
    }

    /**
     * The secret without one line feed at its end, which editors and {@code echo} add. Wipes {@code raw}.
     *
     * @throws SecretUnavailableException where nothing is left, or it is no text
     */
    static Secret text(Secret raw, String from) throws SecretUnavailableException {
        try (raw) {
            byte[] bytes = raw.expose();
            int end = bytes.length;
            if (end > 0 && bytes[end - 1] == '\n') {
                end--;
                if (end > 0 && bytes[end - 1] == '\r') {
                    end--;
                }
            }
            if (end == 0) {
                throw new SecretUnavailableException(from + " is empty; put the secret there");
            }
            for (int i = 0; i < end; i++) {
                if (bytes[i] == 0) {
                    throw new SecretUnavailableException(
                            from + " holds a NUL byte, so it is not text; secrets are text in UTF-8");
                }
            }
            return Secret.takeOver(Arrays.copyOf(bytes, end));
        }
    }
}
