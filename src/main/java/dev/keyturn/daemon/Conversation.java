package dev.keyturn.daemon;

import dev.keyturn.secret.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: a request, a secret where its command takes one, then the command's frames. */
final class Conversation {
    /** Names of some ten thousand credentials fit in. */
    static final int LARGEST_REQUEST = 256 * 1024;

    /** 64 KiB in base64, and some more. */
    static final int LARGEST_SECRET = 96 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
    private static final Duration AT_THE_END = Duration.ofSeconds(5);
    private static final int BUG = 1;
    private static final int LONGEST_SHOWN = 40;

    private final SocketChannel channel;
    private final Commands commands;
    private final ControlSocket socket;
    private final ControlSocket.Bounds bounds;
    private volatile Optional<Outgoing> outgoing = Optional.empty();

    Conversation(SocketChannel channel, Commands commands, ControlSocket socket, ControlSocket.Bounds bounds) {
        this.channel = channel;
        this.commands = commands;
        this.socket = socket;
        this.bounds = bounds;
    }

    /** Says that there are too many; never waits. */
    void turnAway(int most) {
        try (channel) {
            channel.configureBlocking(false);
            channel.write(ByteBuffer.wrap(Frames.line(
                    refused(Refusal.FULL, "it serves " + most + " commands at once already; try again in a moment"))));
        } catch (IOException e) {
            LOG.atDebug().log("A connection could not be turned away: {}", e.getMessage());
        }
    }

    /** Nobody can hold it. */
    void leave() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.atDebug().log("A connection could not be closed: {}", e.getMessage());
        }
    }

    /** Once nobody has much time to wait for a client any more. */
    void hurry() {
        outgoing.ifPresent(it -> it.hurry(AT_THE_END));
    }

    void hold() {
        try (channel) {
            UserPrincipal peer = Peers.of(channel);
            Optional<byte[]> line = Optional.empty();
            Optional<Frame.Refused> refusal = Optional.empty();
            try (Lines lines = new Lines(channel, LARGEST_REQUEST)) {
                line = lines.next(Optional.of(bounds.request()));
            } catch (Lines.TooLongException | Lines.TimeoutException e) {
                refusal = Optional.of(refused(Refusal.MALFORMED, "the request can't be read: " + e.getMessage()));
            }
            Outgoing toClient = new Outgoing(channel, bounds.reading());
            outgoing = Optional.of(toClient);
            if (line.isPresent()) {
                refusal = answer(line.get(), peer, toClient);
            }
            refusal.ifPresent(why -> {
                LOG.atWarn()
                        .addKeyValue("user", peer.getName())
                        .addKeyValue("why", why.why().label())
                        .log("A command over the control socket was refused: {}", why.message());
                toClient.send(why);
            });
            toClient.drain();
        } catch (IOException e) {
            LOG.atDebug().log("A connection of the control socket ended: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("This is a bug of Keyturn; please report it");
        }
    }

    private Optional<Frame.Refused> answer(byte[] line, UserPrincipal byKernel, Outgoing toClient) throws IOException {
        Request request;
        try {
            Optional<String> other = Frames.speaksOtherwise(line);
            if (other.isPresent()) {
                return Optional.of(otherVersion(other.get()));
            }
            request = Frames.request(line);
        } catch (MalformedFrameException e) {
            return Optional.of(refused(Refusal.MALFORMED, "the request can't be read: " + e.getMessage()));
        }
        // First: a command of another installation has nothing to do with this daemon, whatever its version.
        Optional<String> foreign = commands.foreign(request);
        if (foreign.isPresent()) {
            return Optional.of(refused(Refusal.OTHER_STATE, foreign.get()));
        }
        if (!request.version().equals(commands.version())) {
            return Optional.of(otherVersion(request.version()));
        }
        Optional<Peer> peer = Peers.identify(byKernel, request.uid());
        if (peer.isEmpty()) {
            return Optional.of(refused(
                    Refusal.NOT_THE_PEER,
                    "this command runs as uid " + request.uid() + ", but to the daemon the kernel calls it "
                            + byKernel.getName()
                            + ", so the audit log could not say who asked; does one of the two run in a user namespace"
                            + " (PrivateUsers= in the unit)?"));
        }
        if (clientIsGone()) {
            LOG.atWarn()
                    .addKeyValue("user", peer.get().name())
                    .log("A command over the control socket was not begun: who asked did not wait for it");
            return Optional.empty();
        }
        if (!socket.begin()) {
            return Optional.of(refused(Refusal.STOPPING, "it is about to end and begins nothing more"));
        }
        try {
            run(request, peer.get(), toClient);
        } finally {
            socket.ended();
        }
        return Optional.empty();
    }

    /**
     * Whether nobody is there any more to whom it could be said that it begins. A client that had to wait too long for that
     * has said that nothing was done. Nothing is on its way to it yet, so the channel's mode is free to be changed.
     */
    private boolean clientIsGone() throws IOException {
        channel.configureBlocking(false);
        try {
            return channel.read(ByteBuffer.allocate(1)) < 0;
        } finally {
            channel.configureBlocking(true);
        }
    }

    private void run(Request request, Peer peer, Outgoing toClient) {
        LOG.atInfo()
                .addKeyValue("command", shown(request.words().get(0)))
                .addKeyValue("uid", peer.uid())
                .addKeyValue("user", peer.name())
                .log("Asked over the control socket");
        toClient.send(new Frame.Accepted(commands.version()));
        if (!commands.changes(request)) {
            toClient.bePatient();
        }
        Optional<Secret> handed = Optional.empty();
        int status = BUG;
        try {
            if (commands.takesSecret(request)) {
                handed = Optional.of(secret());
            }
            Commands.Output output = new Commands.Output(
                    FrameStream.printing(toClient::send, Frame.Out::new),
                    FrameStream.printing(toClient::send, Frame.Err::new));
            status = commands.run(request, peer, handed, output);
            output.out().flush();
            output.err().flush();
        } catch (IOException | MalformedFrameException e) {
            toClient.send(
                    new Frame.Err("keyturn: the secret did not arrive: " + e.getMessage() + "; nothing was done\n"));
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("This is a bug of Keyturn; please report it");
            toClient.send(new Frame.Err("keyturn: internal error in the daemon; see its log\n"));
        } finally {
            handed.ifPresent(Secret::close);
            toClient.end(status);
        }
    }

    private Secret secret() throws IOException, MalformedFrameException {
        try (Lines lines = new Lines(channel, LARGEST_SECRET)) {
            return Frames.secret(lines.next(Optional.of(bounds.request()))
                    .orElseThrow(() -> new MalformedFrameException("the connection was closed")));
        }
    }

    private Frame.Refused otherVersion(String theirs) {
        return refused(
                Refusal.OTHER_VERSION,
                "it is " + commands.version() + " and this command is " + shown(theirs)
                        + "; restart the daemon, so that both are the same");
    }

    /** What a client sends could be lines of the log that nobody wrote, or very long. */
    private static String shown(String sent) {
        String printable = sent.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() <= LONGEST_SHOWN ? printable : printable.substring(0, LONGEST_SHOWN) + "...";
    }

    private Frame.Refused refused(Refusal why, String message) {
        return new Frame.Refused(commands.version(), why, message);
    }
}
