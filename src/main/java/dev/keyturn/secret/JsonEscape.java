package dev.keyturn.secret;

import java.nio.charset.StandardCharsets;

/** How text stands in a JSON string (RFC 8259, section 7), byte by byte, so that no secret becomes a {@code String}. */
public final class JsonEscape {
    /** Bytes that one byte becomes at most: backslash, u and four digits. */
    public static final int LONGEST = 6;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private JsonEscape() {}

    /** Takes a byte, which may belong to a secret. */
    public interface Sink {
        void add(int b);
    }

    /** What stands between the quotes. */
    public static void write(byte[] utf8, Sink sink) {
        write(utf8, 0, utf8.length, sink);
    }

    static void write(byte[] utf8, int from, int to, Sink sink) {
        for (int i = from; i < to; i++) {
            byte b = utf8[i];
            if (b == '"' || b == '\\') {
                sink.add('\\');
                sink.add(b);
            } else if (isControl(b)) {
                sink.add('\\');
                sink.add('u');
                sink.add('0');
                sink.add('0');
                sink.add(HEX[b >> 4]);
                sink.add(HEX[b & 0xf]);
            } else {
                sink.add(b);
            }
        }
    }

    private static boolean isControl(byte b) {
        return (b >= 0 && b < ' ') || b == 0x7f;
    }
}
