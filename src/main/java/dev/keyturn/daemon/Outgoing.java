package dev.keyturn.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to a client. A thread of its own writes it, so that a client which doesn't read keeps nobody waiting:
 * what doesn't fit into the buffer is left out, and the client is told so at the end. Where nothing is lost by waiting, it
 * can be asked to be patient instead, for as long as the client takes something now and then. Thread-safe.
 */
final class Outgoing {
    private static final int MOST = 1 << 20;

    private final SocketChannel channel;
    private final Thread writer;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private Duration patience;
    private int bytes;
    private long taken;
    private boolean patient;
    private boolean leftOut;
    private boolean gone;
    private boolean ended;

    /** @param patience how long a client that takes nothing is waited for, where somebody waits at all */
    Outgoing(SocketChannel channel, Duration patience) {
        this.channel = channel;
        this.patience = patience;
        this.writer = new Thread(this::write, "control-writer");
        writer.setDaemon(true);
        writer.start();
    }

    /** From now on, wait for the client rather than leave something out. */
    synchronized void bePatient() {
        patient = true;
    }

    /** From now on, wait no longer than this. */
    synchronized void hurry(Duration longest) {
        if (longest.compareTo(patience) < 0) {
            patience = longest;
            notifyAll();
        }
    }

    synchronized void send(Frame frame) {
        byte[] line = Frames.line(frame);
        while (patient && !gone && bytes + line.length > MOST) {
            waitForProgress();
        }
        if (gone) {
            return;
        }
        if (bytes + line.length > MOST) {
            leftOut = true;
        } else {
            add(line);
        }
    }

    /** Sends the end, and returns once the client has everything or has taken nothing for long. */
    void end(int status) {
        synchronized (this) {
            if (leftOut) {
                add(Frames.line(new Frame.Err("keyturn: a part of the output was left out, since nobody read it\n")));
            }
            add(Frames.line(new Frame.Exit(status)));
        }
        drain();
    }

    /** Returns once the client has everything or has taken nothing for long. */
    void drain() {
        synchronized (this) {
            ended = true;
            notifyAll();
            while (!gone && bytes > 0) {
                waitForProgress();
            }
        }
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing more is sent or waited for. */
    synchronized void giveUp() {
        gone = true;
        waiting.clear();
        bytes = 0;
        try {
            channel.close();
        } catch (IOException e) {
            // It is of no use any more either way.
        }
        notifyAll();
    }

    private void add(byte[] line) {
        if (!gone) {
            waiting.add(line);
            bytes += line.length;
            notifyAll();
        }
    }

    private void waitForProgress() {
        long before = taken;
        long since = System.nanoTime();
        try {
            while (!gone && taken == before) {
                long left = patience.minusNanos(System.nanoTime() - since).toMillis();
                if (left <= 0) {
                    giveUp();
                    return;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            giveUp();
        }
    }

    private synchronized byte @Nullable [] next() throws InterruptedException {
        while (waiting.isEmpty() && !ended && !gone) {
            wait();
        }
        return waiting.poll();
    }

    private void write() {
        try {
            for (byte[] line = next(); line != null; line = next()) {
                ByteBuffer buffer = ByteBuffer.wrap(line);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                synchronized (this) {
                    bytes = Math.max(0, bytes - line.length);
                    taken++;
                    notifyAll();
                }
            }
        } catch (IOException e) {
            giveUp();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            giveUp();
        }
    }
}
