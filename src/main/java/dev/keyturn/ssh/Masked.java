package dev.keyturn.ssh;

import dev.keyturn.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What programs say, made fit for logs and messages: without the secrets they were given. */
final class Masked {
    private static final byte[] STARS = "****".getBytes(StandardCharsets.US_ASCII);

    private Masked() {}

    /** The text with each occurrence of each secret replaced. Works on bytes, so that no secret becomes a String. */
    static String text(byte[] said, List<Secret> secrets) {
        ByteArrayOutputStream masked = new ByteArrayOutputStream();
        for (int at = 0; at < said.length; ) {
            int length = secretAt(said, at, secrets);
            if (length > 0) {
                masked.writeBytes(STARS);
                at += length;
            } else {
                masked.write(said[at++]);
            }
        }
        return masked.toString(StandardCharsets.UTF_8);
    }

    private static int secretAt(byte[] said, int at, List<Secret> secrets) {
        for (Secret secret : secrets) {
            byte[] bytes = secret.expose();
            boolean here = bytes.length > 0
                    && at + bytes.length <= said.length
                    && Arrays.equals(said, at, at + bytes.length, bytes, 0, bytes.length);
            if (here) {
                return bytes.length;
            }
        }
        return 0;
    }
}
