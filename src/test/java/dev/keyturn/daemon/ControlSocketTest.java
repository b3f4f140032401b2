package dev.keyturn.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.daemon.Answer.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients, good and bad, get from the control socket. */
@Timeout(60)
class ControlSocketTest extends ControlSocketFixture {
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

    /** As with systemd's TasksMax: the thread can't be started, and later it can. */
    @Test
    void answersAgainOnceThereAreThreadsAgainHoweverOftenThereWereNone() throws Exception {
        ControlSocket.Bounds one = new ControlSocket.Bounds(1, LONG, LONG);
        AtomicInteger missing = new AtomicInteger(2);
        socket = ControlSocket.listen(path(), one, conversation -> new Thread(conversation) {
            @Override
            public void start() {
                if (missing.getAndDecrement() > 0) {
                    throw new OutOfMemoryError("injected: unable to create native thread");
                }
                super.start();
            }
        });
        answer(true, output -> 0);

        for (int i = 0; i < 2; i++) {
            try (SocketChannel client = connect()) {
                assertThat(read(client))
                        .as("it is closed, and not left waiting")
                        .isEmpty();
            }
        }

        assertThat(ask(request(OWN_UID, "status")).kind()).isEqualTo(Kind.DONE);
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
    void aListenerThatSaysNothingIsNotWaitedForForEver() throws Exception {
        try (SocketFile file = SocketFile.listen(path())) {
            Answer answer = new ControlClient(path(), SHORT).ask(request(OWN_UID, "status"), nowhere(), nowhere());

            assertThat(answer.kind()).isEqualTo(Kind.SILENT);
            assertThat(file.path()).exists();
        }
    }
}
