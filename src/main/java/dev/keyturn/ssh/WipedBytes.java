package dev.keyturn.ssh;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Collects bytes that hold a secret: no buffer it outgrows and none it ends with keeps them. */
final class WipedBytes extends ByteArrayOutputStream {
    WipedBytes() {
        super(1024);
    }

    @Override
    public synchronized void write(int b) {
        grow(1);
        super.write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        grow(length);
        super.write(bytes, offset, length);
    }

    /** Ahead of the superclass, which would leave the outgrown buffer to the garbage collector as it is. */
    private void grow(int more) {
        if (count + more > buf.length) {
            byte[] outgrown = buf;
            buf = Arrays.copyOf(outgrown, Math.max(outgrown.length * 2, count + more));
            Arrays.fill(outgrown, (byte) 0);
        }
    }

    @Override
    public void close() {
        Arrays.fill(buf, (byte) 0);
        count = 0;
    }
}
