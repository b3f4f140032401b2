package dev.keyturn.daemon;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Function;

/** Makes frames of what is printed: at each flush, and of every few kilobytes in between. */
final class FrameStream extends OutputStream {
    private static final int LARGEST = 8 * 1024;

    private final Consumer<Frame> to;
    private final Function<String, Frame> frame;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();

    private FrameStream(Consumer<Frame> to, Function<String, Frame> frame) {
        this.to = to;
        this.frame = frame;
    }

    static PrintStream printing(Consumer<Frame> to, Function<String, Frame> frame) {
        return new PrintStream(new FrameStream(to, frame), true, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void write(int octet) {
        text.write(octet);
        // Between two octets of UTF-8 that belong together no text ends.
        if (text.size() >= LARGEST && octet >= 0 && octet < 0x80) {
            flush();
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }

    /** A print stream flushes where a text ends. */
    @Override
    public synchronized void flush() {
        if (text.size() > 0) {
            to.accept(frame.apply(text.toString(StandardCharsets.UTF_8)));
            text.reset();
        }
    }
}
