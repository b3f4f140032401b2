package dev.keyturn.dromo;

import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes secrets out of what Dromo says. An answer may quote a secret whole, one line of it, or cut it off after some
 * characters: so each run of at least eight characters that also stands in a line of a secret is masked, and shorter
 * lines where they stand whole. A key's BEGIN and END lines are no secret, and help whoever reads the message.
 */
final class Masking {
    private static final int SHORTEST_RUN = 8;
    private static final int SHORTEST_LINE = 4;
    private static final byte[] MASK = "****".getBytes(StandardCharsets.US_ASCII);

    /** Views of the secrets' live bytes: nothing is copied. */
    private final List<ByteBuffer> lines = new ArrayList<>();

    /** For as long as {@code secret} isn't closed. */
    Masking with(Secret secret) {
        byte[] bytes = secret.expose();
        int from = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == '\n' || bytes[i] == '\r') {
                add(bytes, from, i);
                from = i + 1;
            }
        }
        return this;
    }

    Masking with(LoginSecret login) {
        if (login instanceof LoginSecret.KeyPair pair) {
            return with(pair.privateKey());
        }
        if (login instanceof LoginSecret.Password password) {
            return with(password.value());
        }
        return this;
    }

    private void add(byte[] bytes, int from, int to) {
        boolean frame = to - from > 10 && bytes[from] == '-' && bytes[from + 4] == '-' && bytes[to - 1] == '-';
        boolean whole = from == 0 && to == bytes.length;
        if (to > from && !frame && (whole || to - from >= SHORTEST_LINE)) {
            lines.add(ByteBuffer.wrap(bytes, from, to - from).slice());
        }
    }

    String mask(String text) {
        byte[] said = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream masked = new ByteArrayOutputStream(said.length);
        int at = 0;
        while (at < said.length) {
            int run = secretRun(said, at);
            if (run > 0) {
                masked.writeBytes(MASK);
                at += run;
            } else {
                masked.write(said[at++]);
            }
        }
        return masked.toString(StandardCharsets.UTF_8);
    }

    /** How many bytes from {@code at} belong to a secret. */
    private int secretRun(byte[] said, int at) {
        int longest = 0;
        for (ByteBuffer line : lines) {
            int needed = Math.min(SHORTEST_RUN, line.limit());
            for (int start = 0; start <= line.limit() - needed; start++) {
                int run = 0;
                while (at + run < said.length
                        && start + run < line.limit()
                        && said[at + run] == line.get(start + run)) {
                    run++;
                }
                if (run >= needed && run > longest) {
                    longest = run;
                }
            }
        }
        return longest;
    }
}
