package dev.keyturn.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A control socket in a directory of its own, and clients that say whatever a test wants. */
abstract class ControlSocketFixture {
    /** One for each task: newer JDKs have them all wait for the common pool, which may have one thread. */
    static final Executor THREADS = task -> new Thread(task).start();

    static final Duration LONG = Duration.ofSeconds(30);
    static final Duration SHORT = Duration.ofMillis(100);
    static final long OWN_UID = ownUid();

    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();
    final List<Secret> secrets = Collections.synchronizedList(new ArrayList<>());
    final List<Peer> peers = Collections.synchronizedList(new ArrayList<>());
    Path directory;
    ControlSocket socket;

    /** Sockets have short paths, and JUnit's directories long ones. */
    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("kc");
    }

    @AfterEach
    void remove() throws IOException {
        if (socket != null) {
            socket.close();
        }
        Files.deleteIfExists(path());
        Files.delete(directory);
    }

    void serve(boolean changes, ToIntFunction<Commands.Output> command) {
        serve(new ControlSocket.Bounds(16, LONG, LONG), changes, command);
    }

    void serve(ControlSocket.Bounds bounds, boolean changes, ToIntFunction<Commands.Output> command) {
        try {
            socket = ControlSocket.listen(path(), bounds);
        } catch (SocketRefusedException e) {
            throw new AssertionError(e);
        }
        answer(changes, command);
    }

    void answer(boolean changes, ToIntFunction<Commands.Output> command) {
        socket.serve(new Commands() {
            @Override
            public String version() {
                return "1.0";
            }

            @Override
            public Optional<String> foreign(Request request) {
                return request.words().get(0).equals("foreign") ? Optional.of("it is another one") : Optional.empty();
            }

            @Override
            public boolean changes(Request request) {
                return changes;
            }

            @Override
            public boolean takesSecret(Request request) {
                return request.words().get(0).equals("adopt");
            }

            @Override
            public int run(Request request, Peer peer, Optional<Secret> handed, Output output) {
                peers.add(peer);
                handed.ifPresent(secret -> {
                    secrets.add(secret);
                    output.out().println(new String(secret.expose(), StandardCharsets.UTF_8));
                });
                return command.applyAsInt(output);
            }
        });
    }

    Answer ask(Request request) {
        return new ControlClient(path(), LONG)
                .ask(
                        request,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    static Request request(long uid, String... words) {
        return new Request(
                "1.0", uid, List.of(words), Optional.of("/state"), "/k.yaml", Optional.empty(), "UTC", false, false);
    }

    Path path() {
        return directory.resolve("control.sock");
    }

    SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path()));
    }

    String said(String request) throws IOException {
        try (SocketChannel channel = connect()) {
            ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                // It has refused already.
            }
            return read(channel);
        }
    }

    static String read(SocketChannel channel) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(4096);
        channel.read(answer);
        return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
    }

    static String readAll(SocketChannel channel) throws IOException {
        StringBuilder all = new StringBuilder();
        try {
            for (String part = read(channel); !part.isEmpty(); part = read(channel)) {
                all.append(part);
            }
        } catch (SocketException e) {
            // So a connection ends whose other side has not read everything.
        }
        return all.toString();
    }

    static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    static PrintStream nowhere() {
        return new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    }

    static int await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
            return 0;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static void until(java.util.function.BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    static long ownUid() {
        try {
            return ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
