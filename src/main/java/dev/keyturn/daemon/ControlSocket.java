package dev.keyturn.daemon;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon's control socket: serves commands side by side, each connection on a thread of its own. Nothing that a client
 * sends, or fails to send or to read, ends it or holds up the daemon's own work.
 */
public final class ControlSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);

    private final SocketFile file;
    private final Bounds bounds;
    private final ThreadFactory threads;
    private final Set<Conversation> conversations = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean refusing;
    private int running;

    /**
     * What clients are held to.
     *
     * @param connections at most so many at once
     * @param request the time for a whole request to come
     * @param reading how long a client that takes nothing is waited for, where somebody waits for it
     */
    public record Bounds(int connections, Duration request, Duration reading) {
        public static final Bounds DEFAULT = new Bounds(16, Duration.ofSeconds(10), Duration.ofMinutes(5));
    }

    private ControlSocket(SocketFile file, Bounds bounds, ThreadFactory threads) {
        this.file = file;
        this.bounds = bounds;
        this.threads = threads;
    }

    /**
     * Listens, and answers nobody yet. Only who holds the lock of a state may call this.
     *
     * @throws SocketRefusedException where the path is not fit for it, or another process listens there
     */
    public static ControlSocket listen(Path path, Bounds bounds) throws SocketRefusedException {
        return listen(path, bounds, ControlSocket::thread);
    }

    /** @param threads gives each conversation a thread that is not started yet */
    static ControlSocket listen(Path path, Bounds bounds, ThreadFactory threads) throws SocketRefusedException {
        return new ControlSocket(SocketFile.listen(path), bounds, threads);
    }

    private static Thread thread(Runnable conversation) {
        Thread thread = new Thread(conversation, "control-command");
        thread.setDaemon(true);
        return thread;
    }

    public Path path() {
        return file.path();
    }

    /** Begins to answer. */
    void serve(Commands commands) {
        Thread accepting = new Thread(() -> accept(commands), "control");
        accepting.setDaemon(true);
        accepting.start();
        LOG.atInfo().addKeyValue("socket", file.path()).log("Commands are answered");
    }

    private void accept(Commands commands) {
        while (closed.getCount() > 0) {
            try {
                converse(file.channel().accept(), commands);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | Error e) {
                // No descriptor or no thread is left: that passes, and the rotations go on meanwhile.
                LOG.atError().log("The control socket can't take a connection: {}", e.getMessage());
                pause();
            }
        }
    }

    private void converse(SocketChannel channel, Commands commands) {
        Conversation conversation = new Conversation(channel, commands, this, bounds);
        conversations.add(conversation);
        if (conversations.size() > bounds.connections()) {
            conversation.turnAway(bounds.connections());
            conversations.remove(conversation);
            return;
        }
        boolean begun = false;
        try {
            threads.newThread(() -> hold(conversation)).start();
            begun = true;
        } finally {
            // Where no thread is left, its place would be taken for good, and nobody would answer the client.
            if (!begun) {
                conversations.remove(conversation);
                conversation.leave();
            }
        }
    }

    private void hold(Conversation conversation) {
        try {
            conversation.hold();
        } finally {
            conversations.remove(conversation);
        }
    }

    private void pause() {
        try {
            boolean end = closed.await(AFTER_TROUBLE.toMillis(), TimeUnit.MILLISECONDS);
            LOG.atDebug().log(end ? "It was closed" : "It tries again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether a command may begin; then {@link #ended} has to follow */
    synchronized boolean begin() {
        if (!refusing) {
            running++;
        }
        return !refusing;
    }

    synchronized void ended() {
        running--;
        notifyAll();
    }

    /** Takes the socket away and begins no further command. Returns at once. */
    void refuse() {
        synchronized (this) {
            refusing = true;
        }
        closed.countDown();
        file.close();
        // Who waits for a client to read would wait for it still.
        conversations.forEach(Conversation::hurry);
    }

    /** The same, and returns when each command that was begun has come to its end. */
    @Override
    public void close() {
        refuse();
        boolean interrupted = false;
        synchronized (this) {
            while (running > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
