package dev.keyturn.secret;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes secrets out of what others say. They may quote a secret whole, one line of it, as it stands in the JSON they got,
 * or cut off after some characters: so each run of at least eight characters that also stands in a line of a secret is
 * masked, and shorter lines where they stand whole. A key's BEGIN and END lines are no secret, and help whoever reads the
 * message. Closing it wipes what it made or took over; not thread-safe.
 */
public final class Masking implements AutoCloseable {
    private static final int SHORTEST_RUN = 8;
    private static final int SHORTEST_LINE = 4;
    private static final byte[] MASK = "****".getBytes(StandardCharsets.US_ASCII);

    /** Views of live bytes, of the secrets themselves where nothing in them is escaped. */
    private final List<ByteBuffer> lines = new ArrayList<>();

    private final List<Runnable> wiping = new ArrayList<>();

    /** For as long as {@code secret} isn't closed. */
    public Masking with(Secret secret) {
        byte[] bytes = secret.expose();
        int from = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == '\n' || bytes[i] == '\r') {
                addLine(bytes, from, i);
                from = i + 1;
            }
        }
        return this;
    }

    /** For as long as {@code login} isn't closed. */
    public Masking with(LoginSecret login) {
        if (login instanceof LoginSecret.KeyPair pair) {
            return with(pair.privateKey());
        }
        if (login instanceof LoginSecret.Password password) {
            return with(password.value());
        }
        return this;
    }

    /** Closes {@code secret} when it is closed itself. */
    public Masking takeOver(Secret secret) {
        wiping.add(secret::close);
        return with(secret);
    }

    /** Closes {@code login} when it is closed itself. */
    public Masking takeOver(LoginSecret login) {
        wiping.add(login::close);
        return with(login);
    }

    private void addLine(byte[] bytes, int from, int to) {
        boolean frame = to - from > 10 && bytes[from] == '-' && bytes[from + 4] == '-' && bytes[to - 1] == '-';
        boolean whole = from == 0 && to == bytes.length;
        if (to > from && !frame && (whole || to - from >= SHORTEST_LINE)) {
            lines.add(ByteBuffer.wrap(bytes, from, to - from).slice());
            addEscaped(bytes, from, to);
        }
    }

    private void addEscaped(byte[] bytes, int from, int to) {
        ByteBuffer escaped = ByteBuffer.allocate(JsonEscape.LONGEST * (to - from));
        wiping.add(() -> Arrays.fill(escaped.array(), (byte) 0));
        JsonEscape.write(bytes, from, to, b -> escaped.put((byte) b));
        if (escaped.position() > to - from) {
            lines.add(escaped.flip().slice());
        }
    }

    public String mask(String text) {
        return mask(text.getBytes(StandardCharsets.UTF_8), false);
    }

    /**
     * Works on bytes, so that no secret becomes a {@code String}.
     *
     * @param said in UTF-8
     * @param cut whether more was said after it: then an end that could be the beginning of a secret is left out
     */
    public String mask(byte[] said, boolean cut) {
        int length = cut ? said.length - secretBegun(said) : said.length;
        ByteArrayOutputStream masked = new ByteArrayOutputStream(length);
        int at = 0;
        while (at < length) {
            int run = secretRun(said, at, length);
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
    private int secretRun(byte[] said, int at, int length) {
        int longest = 0;
        for (ByteBuffer line : lines) {
            int needed = Math.min(SHORTEST_RUN, line.limit());
            for (int start = 0; start <= line.limit() - needed; start++) {
                int run = 0;
                while (at + run < length && start + run < line.limit() && said[at + run] == line.get(start + run)) {
                    run++;
                }
                if (run >= needed && run > longest) {
                    longest = run;
                }
            }
        }
        return longest;
    }

    /** How many bytes at the end are the beginning of a secret. */
    private int secretBegun(byte[] said) {
        int longest = 0;
        for (ByteBuffer line : lines) {
            for (int length = Math.min(said.length, line.limit()); length > longest; length--) {
                if (line.slice(0, length).equals(ByteBuffer.wrap(said, said.length - length, length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }

    @Override
    public void close() {
        wiping.forEach(Runnable::run);
        wiping.clear();
        lines.clear();
    }
}
