package dev.keyturn.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.keyturn.daemon.Answer.Kind;
import dev.keyturn.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients, good and bad, get from the control socket. */
@Timeout(60)
class ControlSocketTest {
    /** One for each task: newer JDKs have them all wait for the common pool, which may have one thread. */
    private static final Executor THREADS = task -> new Thread(task).start();

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final long OWN_UID = ownUid();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Secret> secrets = Collections.synchronizedList(new ArrayList<>());
    private final List<Peer> peers = Collections.synchronizedList(new ArrayList<>());
    private Path directory;
    private ControlSocket socket;

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

    @Test
    void printsWhatTheCommandPrintsAndEndsWithItsStatus() {
        serve(true, output -> {
            output.out().print("… half a line");
            output.out().flush();
            output.err().println("a warning");
            output.out().println(", the rest of it ✓");
            return 75;
        });

        Answer answer = ask(request(OWN_UID, "rotate", "acme"));

        assertThat(answer.kind()).isEqualTo(Kind.DONE);
        assertThat(answer.status()).isEqualTo(75);
        assertThat(text(out)).isEqualTo("… half a line, the rest of it ✓" + System.lineSeparator());
        assertThat(text(err)).isEqualTo("a warning" + System.lineSeparator());
        assertThat(peers).extracting(Peer::uid).containsExactly(OWN_UID);
        assertThat(peers.get(0).name()).isEqualTo(System.getProperty("user.name"));
    }

    @Test
    void believesTheKernelAboutWhoAsks() {
        serve(true, output -> 0);

        Answer answer = ask(request(OWN_UID + 1, "rotate", "acme"));

        assertThat(answer.kind()).isEqualTo(Kind.REFUSED);
        assertThat(answer.message()).contains("uid " + (OWN_UID + 1)).contains("user namespace");
        assertThat(peers).isEmpty();
    }

    @Test
    void tellsAClientOfAnotherVersionToRestartTheDaemon() {
        serve(true, output -> 0);

        Answer answer = ask(new Request(
                "0.9", OWN_UID, List.of("status"), Optional.empty(), "/k.yaml", Optional.empty(), "UTC", false, false));

        assertThat(answer.kind()).isEqualTo(Kind.REFUSED);
        assertThat(answer.message())
                .contains("it is 1.0 and this command is 0.9")
                .contains("restart the daemon");
    }

    @Test
    void repeatsNothingOfAClientThatCouldBeALineOfTheLog() throws IOException {
        serve(true, output -> 0);

        String said = said("{\"protocol\":2,\"version\":\"2\\n<3>ERROR forged" + "x".repeat(1000) + "\"}\n");

        assertThat(said)
                .contains("this command is 2?<3>ERROR forgedxxx")
                .doesNotContain("\\n")
                .doesNotContain("x".repeat(41));
    }

    @Test
    void tellsAClientOfAnotherStateThatItIsNotTheOne() {
        serve(true, output -> 0);

        Answer answer = ask(request(OWN_UID, "foreign"));
        Answer ofAnotherVersion = ask(new Request(
                "0.9",
                OWN_UID,
                List.of("foreign"),
                Optional.of("/state"),
                "/k.yaml",
                Optional.empty(),
                "UTC",
                false,
                false));

        assertThat(answer.kind()).isEqualTo(Kind.OTHER_STATE);
        assertThat(ofAnotherVersion.kind())
                .as("another installation is none of this daemon's, whatever its version")
                .isEqualTo(Kind.OTHER_STATE);
        assertThat(peers).isEmpty();
    }

    @Test
    void refusesWhatIsNoRequestWithoutRepeatingIt() throws IOException {
        serve(true, output -> 0);

        assertThat(said("GET / HTTP/1.1\r\n")).contains("malformed").doesNotContain("HTTP");
        assertThat(said("[]\n")).contains("malformed");
        assertThat(said("{\"protocol\":1,\"version\":\"1.0\",\"uid\":\"x\"}\n")).contains("malformed");
        assertThat(said("{\"protocol\":1,\"version\":\"1.0\",\"uid\":0,\"words\":[1]}\n"))
                .contains("malformed");
        assertThat(said("{\"protocol\":2,\"version\":\"2.0\"}\n"))
                .contains("other_version")
                .contains("\"protocol\":1");
        assertThat(said("\0\1\2\n")).contains("malformed");
        assertThat(said("x".repeat(Conversation.LARGEST_REQUEST + 20_000))).contains("malformed");
        assertThat(ask(request(OWN_UID, "status")).kind()).isEqualTo(Kind.DONE);
    }

    @Test
    void waitsForARequestNoLongerThanItsTime() throws IOException {
        serve(new ControlSocket.Bounds(2, SHORT, LONG), true, output -> 0);

        try (SocketChannel silent = connect();
                SocketChannel slow = connect()) {
            try {
                slow.write(ByteBuffer.wrap("{\"protocol\"".getBytes(StandardCharsets.US_ASCII)));
            } catch (IOException e) {
                // On a busy machine its time is over already; what it was told can be read all the same.
            }
            assertThat(read(silent)).contains("nothing came in time");
            assertThat(read(slow)).contains("nothing came in time");
        }
        // There a good request may come too late as well, or before the others have left.
        until(() -> ask(request(OWN_UID, "status")).kind() == Kind.DONE);
    }

    @Test
    void turnsAwayWhoComesWhileAsManyAsItServesAreThere() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        serve(new ControlSocket.Bounds(1, LONG, LONG), true, output -> {
            output.out().println("begun");
            return await(goOn);
        });
        CompletableFuture<Answer> first = CompletableFuture.supplyAsync(() -> ask(request(OWN_UID, "rotate")), THREADS);
        until(() -> text(out).contains("begun"));

        Answer second = new ControlClient(path(), LONG).ask(request(OWN_UID, "rotate"), nowhere(), nowhere());

        assertThat(second.kind()).isEqualTo(Kind.REFUSED);
        assertThat(second.message()).contains("serves 1 commands");
        goOn.countDown();
        assertThat(first.get().kind()).isEqualTo(Kind.DONE);
    }

    @Test
    void aClientThatDoesNotReadKeepsNoChangeWaitingAndIsToldWhatItMissed() throws Exception {
        CountDownLatch printed = new CountDownLatch(1);
        serve(true, output -> {
            for (int i = 0; i < 5_000; i++) {
                output.out().println("x".repeat(1_000));
            }
            printed.countDown();
            return 0;
        });
        try (SocketChannel client = connect()) {
            client.write(ByteBuffer.wrap(Frames.line(request(OWN_UID, "rotate"))));

            assertThat(printed.await(30, TimeUnit.SECONDS)).isTrue();

            assertThat(readAll(client))
                    .contains("a part of the output was left out")
                    .endsWith("{\"exit\":0}\n");
        }
    }

    @Test
    void aCommandThatOnlyLooksWaitsForItsReader() throws IOException {
        serve(false, output -> {
            for (int i = 0; i < 5_000; i++) {
                output.out().println(i + "x".repeat(1_000));
            }
            return 0;
        });

        Answer answer = ask(request(OWN_UID, "history"));

        assertThat(answer.kind()).isEqualTo(Kind.DONE);
        assertThat(text(out).lines()).hasSize(5_000);
        assertThat(text(err)).isEmpty();
    }

    @Test
    void aReaderThatTakesNothingIsGivenUp() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        serve(new ControlSocket.Bounds(4, LONG, SHORT), false, output -> {
            for (int i = 0; i < 5_000; i++) {
                output.out().println("x".repeat(1_000));
            }
            ended.countDown();
            return 0;
        });
        try (SocketChannel client = connect()) {
            client.write(ByteBuffer.wrap(Frames.line(request(OWN_UID, "history"))));

            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aCommandGoesOnWhereItsClientIsGone() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        serve(true, output -> {
            output.out().println("begun");
            await(gone);
            output.out().println("to nobody");
            output.out().println("to nobody");
            ended.countDown();
            return 0;
        });
        try (SocketChannel client = connect()) {
            client.write(ByteBuffer.wrap(Frames.line(request(OWN_UID, "rotate"))));
            assertThat(read(client)).contains("1.0");
        }
        gone.countDown();

        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    }

    /** It has said by then that the daemon is silent, and that nothing was done. */
    @Test
    void aCommandIsNotBegunWhereItsClientDidNotWaitForThat() throws Exception {
        socket = ControlSocket.listen(path(), new ControlSocket.Bounds(4, LONG, LONG));
        Answer answer = new ControlClient(path(), SHORT).ask(request(OWN_UID, "rotate"), nowhere(), nowhere());
        assertThat(answer.kind()).isEqualTo(Kind.SILENT);

        answer(true, output -> 0);

        assertThat(ask(request(OWN_UID, "status")).kind()).isEqualTo(Kind.DONE);
        socket.close();
        assertThat(peers).as("of the second alone").hasSize(1);
    }

    @Test
    void closingLetsWhatWasBegunEndAndBeginsNothingMore() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        serve(true, output -> {
            output.out().println("begun");
            return await(goOn);
        });
        CompletableFuture<Answer> running =
                CompletableFuture.supplyAsync(() -> ask(request(OWN_UID, "rotate")), THREADS);
        until(() -> text(out).contains("begun"));
        SocketChannel late = connect();

        CompletableFuture<Void> closed = CompletableFuture.runAsync(socket::close, THREADS);
        until(() -> !Files.exists(path()));

        String answer = "";
        try {
            late.write(ByteBuffer.wrap(Frames.line(request(OWN_UID, "rotate"))));
            answer = read(late);
        } catch (IOException e) {
            // It closed before anybody took the connection: nothing was begun either.
        }
        assertThat(answer).doesNotContain("exit");
        assertThat(closed).isNotDone();
        goOn.countDown();
        assertThat(running.get().kind()).isEqualTo(Kind.DONE);
        closed.get();
        assertThat(ask(request(OWN_UID, "rotate")).kind()).isEqualTo(Kind.NOBODY);
        assertThat(peers).hasSize(1);
        late.close();
    }

    @Test
    void aBugInACommandEndsThatCommandAlone() {
        serve(true, output -> {
            throw new IllegalStateException("injected");
        });

        Answer answer = ask(request(OWN_UID, "rotate"));

        assertThat(answer.kind()).isEqualTo(Kind.DONE);
        assertThat(answer.status()).isEqualTo(1);
        assertThat(text(err)).contains("internal error in the daemon");
        assertThat(ask(request(OWN_UID, "rotate")).kind()).isEqualTo(Kind.DONE);
    }

    @Test
    void handsASecretOverAndWipesIt() throws IOException {
        serve(true, output -> 0);
        String words = "many w\u00f6rds\n".repeat(4_000);

        try (Secret secret = Secret.takeOver(words.getBytes(StandardCharsets.UTF_8))) {
            Answer answer = hand(secret, Files.getOwner(directory));

            assertThat(answer).isEqualTo(new Answer(Kind.DONE, 0, ""));
            assertThat(text(out)).isEqualTo(words + "\n");
            assertThat(secret.length()).as("it stays the caller's").isEqualTo(secret.expose().length);
        }
        assertThat(secrets)
                .singleElement()
                .satisfies(secret -> assertThatIllegalStateException().isThrownBy(secret::expose));
    }

    @Test
    void handsNothingToSomebodyElsesListener() throws IOException {
        serve(true, output -> 0);
        UserPrincipal another =
                FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("12345");

        try (Secret secret = Secret.takeOver(new byte[] {1})) {
            Answer answer = hand(secret, another);

            assertThat(answer.kind()).isEqualTo(Kind.OTHER_STATE);
            assertThat(answer.message()).contains("the state belongs to 12345", "the secret was not sent");
        }
        assertThat(peers).isEmpty();
    }

    @Test
    void handsNothingToADaemonThatRefuses() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                Secret secret = Secret.takeOver("canary".getBytes(StandardCharsets.UTF_8))) {
            listener.bind(UnixDomainSocketAddress.of(path()));
            CompletableFuture<String> heard = CompletableFuture.supplyAsync(() -> refuse(listener), THREADS);

            assertThat(hand(secret, Files.getOwner(directory)).kind()).isEqualTo(Kind.REFUSED);
            assertThat(heard.get()).endsWith("}\n").containsOnlyOnce("\n");
        }
    }

    /** All that a client sends to a daemon which is about to end. */
    private static String refuse(ServerSocketChannel listener) {
        try (SocketChannel client = listener.accept()) {
            StringBuilder heard = new StringBuilder(read(client));
            client.write(ByteBuffer.wrap(Frames.line(new Frame.Refused("1.0", Refusal.STOPPING, "it ends"))));
            client.shutdownOutput();
            return heard.append(readAll(client)).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void beginsNothingWhereTheSecretDoesNotCome() throws IOException {
        serve(true, output -> 0);

        for (String instead : List.of("", "n\u00f6 base64\n", "x".repeat(Conversation.LARGEST_SECRET + 100_000))) {
            try (SocketChannel channel = connect()) {
                channel.write(ByteBuffer.wrap(Frames.line(request(OWN_UID, "adopt"))));
                assertThat(read(channel)).contains("\"protocol\":1").doesNotContain("refused");
                try {
                    channel.write(ByteBuffer.wrap(instead.getBytes(StandardCharsets.UTF_8)));
                } catch (IOException e) {
                    // It has read enough.
                }
                channel.shutdownOutput();

                assertThat(readAll(channel))
                        .contains("the secret did not arrive", "nothing was done")
                        .contains("\"exit\":1")
                        .doesNotContain("bug");
            }
        }
        assertThat(peers).isEmpty();
    }

    private Answer hand(Secret secret, UserPrincipal owner) {
        return new ControlClient(path(), LONG)
                .ask(
                        request(OWN_UID, "adopt"),
                        Optional.of(new Handed(secret, owner)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @Test
    void aListenerThatSaysNothingIsNotWaitedForForEver() throws Exception {
        try (SocketFile file = SocketFile.listen(path())) {
            Answer answer = new ControlClient(path(), SHORT).ask(request(OWN_UID, "status"), nowhere(), nowhere());

            assertThat(answer.kind()).isEqualTo(Kind.SILENT);
            assertThat(file.path()).exists();
        }
    }

    private void serve(boolean changes, ToIntFunction<Commands.Output> command) {
        serve(new ControlSocket.Bounds(16, LONG, LONG), changes, command);
    }

    private void serve(ControlSocket.Bounds bounds, boolean changes, ToIntFunction<Commands.Output> command) {
        try {
            socket = ControlSocket.listen(path(), bounds);
        } catch (SocketRefusedException e) {
            throw new AssertionError(e);
        }
        answer(changes, command);
    }

    private void answer(boolean changes, ToIntFunction<Commands.Output> command) {
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

    private Answer ask(Request request) {
        return new ControlClient(path(), LONG)
                .ask(
                        request,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static Request request(long uid, String... words) {
        return new Request(
                "1.0", uid, List.of(words), Optional.of("/state"), "/k.yaml", Optional.empty(), "UTC", false, false);
    }

    private Path path() {
        return directory.resolve("control.sock");
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path()));
    }

    private String said(String request) throws IOException {
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

    private static String read(SocketChannel channel) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(4096);
        channel.read(answer);
        return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
    }

    private static String readAll(SocketChannel channel) throws IOException {
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

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream nowhere() {
        return new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    }

    private static int await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
            return 0;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void until(java.util.function.BooleanSupplier condition) {
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
