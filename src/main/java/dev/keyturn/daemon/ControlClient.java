package dev.keyturn.daemon;

import dev.keyturn.daemon.Answer.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Asks the daemon that listens on a socket to run a command, and prints what that prints as it comes. */
public final class ControlClient {
    /** The daemon cuts text into frames far below this. */
    private static final int LONGEST_FRAME = 1 << 20;

    private final Path socket;
    private final Duration greeting;

    /** @param greeting how long a daemon may take until it says that it begins */
    public ControlClient(Path socket, Duration greeting) {
        this.socket = socket;
        this.greeting = greeting;
    }

    /** Doesn't return before the command has come to its end or the daemon is gone, however long that takes. */
    public Answer ask(Request request, PrintStream out, PrintStream err) {
        byte[] line = Frames.line(request);
        if (line.length > Conversation.LARGEST_REQUEST) {
            return new Answer(
                    Kind.REFUSED, 0, "these are more arguments than it reads; use a glob, --label or --all instead");
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            Optional<Answer> unreachable = connect(channel);
            return unreachable.isPresent() ? unreachable.get() : converse(channel, line, out, err);
        } catch (IOException e) {
            return new Answer(Kind.SILENT, 0, String.valueOf(e.getMessage()));
        }
    }

    private Optional<Answer> connect(SocketChannel channel) {
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return Optional.empty();
        } catch (BindException e) {
            // So the JDK calls EACCES here.
            return Optional.of(new Answer(Kind.FORBIDDEN, 0, String.valueOf(e.getMessage())));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of(new Answer(Kind.NOBODY, 0, String.valueOf(e.getMessage())));
        }
    }

    private Answer converse(SocketChannel channel, byte[] line, PrintStream out, PrintStream err) throws IOException {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(line);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            // It may have refused already; then that can be read.
        }
        boolean begun = false;
        try (Lines lines = new Lines(channel, LONGEST_FRAME)) {
            for (Optional<byte[]> next = lines.next(Optional.of(greeting));
                    next.isPresent();
                    next = lines.next(Optional.empty())) {
                Frame frame = Frames.frame(next.get());
                if (frame instanceof Frame.Refused refused) {
                    Kind kind = refused.why() == Refusal.OTHER_STATE ? Kind.OTHER_STATE : Kind.REFUSED;
                    return new Answer(kind, 0, refused.message());
                }
                if (frame instanceof Frame.Out text) {
                    print(text.text(), out);
                } else if (frame instanceof Frame.Err text) {
                    print(text.text(), err);
                } else if (frame instanceof Frame.Exit exit) {
                    return new Answer(Kind.DONE, exit.status(), "");
                }
                begun = true;
            }
        } catch (IOException | MalformedFrameException e) {
            return new Answer(begun ? Kind.BROKEN_OFF : Kind.SILENT, 0, String.valueOf(e.getMessage()));
        }
        return new Answer(begun ? Kind.BROKEN_OFF : Kind.SILENT, 0, "the connection was closed");
    }

    private static void print(String text, PrintStream stream) {
        stream.print(text);
        stream.flush();
    }
}
