package dev.keyturn.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * The lines that come over a channel, none longer than a limit, each waited for no longer than is said. Puts the channel
 * into non-blocking mode until it is closed; blocking channels of Unix sockets know no timeout. A line may be a secret, so
 * none is left behind in a buffer of its own.
 */
final class Lines implements AutoCloseable {
    private static final int CHUNK = 16 * 1024;

    private final SocketChannel channel;
    private final Selector selector;
    private final int longest;
    private final Deque<byte[]> ready = new ArrayDeque<>();
    /** Direct: else the JDK reads into one of its own, which nobody wipes. */
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);

    private byte[] begun = new byte[0];

    /** The line is longer than is allowed. */
    static final class TooLongException extends IOException {
        TooLongException(int longest) {
            super("more than " + longest + " bytes without an end");
        }
    }

    /** Nothing came in time. */
    static final class TimeoutException extends IOException {
        TimeoutException() {
            super("nothing came in time");
        }
    }

    Lines(SocketChannel channel, int longest) throws IOException {
        this.channel = channel;
        this.longest = longest;
        channel.configureBlocking(false);
        this.selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
    }

    /**
     * The next line without its line feed; empty where the other side has nothing more to say.
     *
     * @param limit for the whole line; empty waits for ever
     */
    Optional<byte[]> next(Optional<Duration> limit) throws IOException {
        long end = limit.map(it -> System.nanoTime() + it.toNanos()).orElse(0L);
        while (ready.isEmpty()) {
            if (limit.isPresent()) {
                long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
                if (left <= 0 || selector.select(left) == 0) {
                    throw new TimeoutException();
                }
            } else {
                selector.select();
            }
            selector.selectedKeys().clear();
            buffer.clear();
            if (channel.read(buffer) < 0) {
                return Optional.empty();
            }
            take(taken());
        }
        return Optional.of(ready.remove());
    }

    /** What the buffer has; nothing is in it any more. */
    private byte[] taken() {
        buffer.flip();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        buffer.clear();
        buffer.put(new byte[bytes.length]);
        return bytes;
    }

    private void take(byte[] bytes) throws TooLongException {
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                ready.add(joined(begun, bytes, from, i));
                begun = new byte[0];
                from = i + 1;
            }
        }
        begun = joined(begun, bytes, from, bytes.length);
        Arrays.fill(bytes, (byte) 0);
        if (begun.length > longest) {
            throw new TooLongException(longest);
        }
    }

    private static byte[] joined(byte[] first, byte[] second, int from, int to) {
        byte[] both = Arrays.copyOf(first, first.length + to - from);
        System.arraycopy(second, from, both, first.length, to - from);
        Arrays.fill(first, (byte) 0);
        return both;
    }

    /** Leaves the channel open, in blocking mode. */
    @Override
    public void close() throws IOException {
        Arrays.fill(begun, (byte) 0);
        ready.forEach(line -> Arrays.fill(line, (byte) 0));
        selector.close();
        if (channel.isOpen()) {
            channel.configureBlocking(true);
        }
    }
}
