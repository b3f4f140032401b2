package dev.keyturn.notify;

import dev.keyturn.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The symmetric signature of <a href="https://www.standardwebhooks.com/">Standard Webhooks</a>: HMAC-SHA256 over id, time
 * and body. With the time under the signature, a receiver can refuse what somebody kept and sends again.
 */
final class WebhookSignature {
    private static final byte[] PREFIX = "whsec_".getBytes(StandardCharsets.US_ASCII);
    private static final int LEAST = 24;
    private static final int MOST = 64;

    private WebhookSignature() {}

    /**
     * The value of the header {@code webhook-signature}.
     *
     * @throws IllegalArgumentException where the key doesn't have the standard's form
     */
    static String of(Secret key, String id, Instant at, byte[] body) {
        byte[] raw = decode(key.expose());
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(raw, "HmacSHA256"));
            mac.update((id + "." + at.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    private static byte[] decode(byte[] text) {
        int length = PREFIX.length;
        if (text.length > length && Arrays.equals(text, 0, length, PREFIX, 0, length)) {
            byte[] base64 = Arrays.copyOfRange(text, length, text.length);
            try {
                byte[] raw = Base64.getDecoder().decode(base64);
                if (raw.length >= LEAST && raw.length <= MOST) {
                    return raw;
                }
                Arrays.fill(raw, (byte) 0);
            } catch (IllegalArgumentException e) {
                throw notAKey();
            } finally {
                Arrays.fill(base64, (byte) 0);
            }
        }
        throw notAKey();
    }

    private static IllegalArgumentException notAKey() {
        return new IllegalArgumentException("must be whsec_ and the base64 of 24 to 64 bytes; this makes one:"
                + " echo \"whsec_$(openssl rand -base64 32)\"");
    }
}
