package dev.keyturn.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Keeps what is written to it, up to a limit: the size that a host gives a file need not be how much it sends. */
final class LimitedBytes extends OutputStream {
    private final int limit;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean overflowed;

    LimitedBytes(int limit) {
        this.limit = limit;
    }

    /** Whether a write was refused. */
    boolean overflowed() {
        return overflowed;
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /** @throws IOException where that would be more than the limit; nothing of it is kept then */
    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        if (length > limit - bytes.size()) {
            overflowed = true;
            throw new IOException("more than " + limit + " bytes");
        }
        bytes.write(source, offset, length);
    }
}
