package dev.keyturn.ssh;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the first few thousand bytes of what a host says and drops the rest. */
final class HeadOfText extends OutputStream {
    private static final int LIMIT = 4096;

    private final ByteArrayOutputStream head = new ByteArrayOutputStream();

    @Override
    public synchronized void write(int b) {
        if (head.size() < LIMIT) {
            head.write(b);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        head.write(bytes, offset, Math.min(length, LIMIT - head.size()));
    }

    synchronized String text() {
        return head.toString(StandardCharsets.UTF_8);
    }
}
