package dev.keyturn.daemon;

import dev.keyturn.daemon.Answer.Kind;
import dev.keyturn.secret.Secret;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Arrays;
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
        return ask(request, Optional.empty(), out, err);
    }

    /**
     * The same with a secret, which only a daemon that accepts the command gets, and only if it runs as the right user.
     */
    public Answer ask(Request request, Optional<Handed> handed, PrintStream out, PrintStream err) {
        byte[] line = Frames.line(request);
        if (line.length > Conversation.LARGEST_REQUEST) {
            return new Answer(
                    Kind.REFUSED, 0, "these are more arguments than it reads; use a glob, --label or --all instead");
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            Optional<Answer> unreachable = connect(channel);
            if (unreachable.isEmpty() && handed.isPresent()) {
                unreachable = stranger(channel, handed.get().owner());
            }
            return unreachable.isPresent()
                    ? unreachable.get()
                    : converse(channel, line, handed.map(Handed::secret), out, err);
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

    private static Optional<Answer> stranger(SocketChannel channel, UserPrincipal owner) throws IOException {
        UserPrincipal listener = Peers.of(channel);
        return listener.equals(owner)
                ? Optional.empty()
                : Optional.of(new Answer(
                        Kind.OTHER_STATE,
                        0,
                        "it runs as " + listener.getName() + ", and the state belongs to " + owner.getName()
                                + ", so the secret was not sent"));
    }

    private Answer converse(
            SocketChannel channel, byte[] line, Optional<Secret> secret, PrintStream out, PrintStream err)
            throws IOException {
        write(channel, ByteBuffer.wrap(line));
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
                if (frame instanceof Frame.Accepted && secret.isPresent() && !begun) {
                    hand(channel, secret.get());
                } else if (frame instanceof Frame.Out text) {
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

    private static void hand(SocketChannel channel, Secret secret) {
        byte[] line = Frames.line(secret);
        // Direct: else the JDK writes from one of its own, which nobody wipes.
        ByteBuffer buffer = ByteBuffer.allocateDirect(line.length).put(line).flip();
        write(channel, buffer);
        buffer.clear().put(new byte[line.length]);
        Arrays.fill(line, (byte) 0);
    }

    private static void write(SocketChannel channel, ByteBuffer buffer) {
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            // It may have said already why it doesn't read on; then that can be read.
        }
    }

    private static void print(String text, PrintStream stream) {
        stream.print(text);
        stream.flush();
    }
}
