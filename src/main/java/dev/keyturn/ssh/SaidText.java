package dev.keyturn.ssh;

import dev.keyturn.secret.Masking;
import dev.keyturn.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Keeps the first few thousand bytes of what a host or a program says and drops the rest. JSch closes a channel's error
 * stream when the channel is closed and so after the exit status, which may come later than the end of the output: that
 * makes it the one thing to wait for without asking again and again.
 */
final class SaidText extends OutputStream {
    private static final int LIMIT = 16 * 1024;

    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private boolean cut;
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public synchronized void write(int b) {
        if (head.size() < LIMIT) {
            head.write(b);
        } else {
            cut = true;
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        int kept = Math.min(length, LIMIT - head.size());
        head.write(bytes, offset, kept);
        cut |= kept < length;
    }

    @Override
    public void close() {
        closed.countDown();
    }

    /** Waits for {@link #close()}, which also a lost connection and a deadline bring about. */
    void awaitClose() throws InterruptedIOException {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the host");
        }
    }

    synchronized String text() {
        return text(List.of());
    }

    /** The text with these secrets masked. */
    synchronized String text(List<Secret> secrets) {
        try (Masking masking = new Masking()) {
            secrets.forEach(masking::with);
            return masking.mask(head.toByteArray(), cut);
        }
    }
}
