package dev.keyturn.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.keyturn.daemon.Answer.Kind;
import dev.keyturn.secret.Secret;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A secret goes to the daemon that has accepted the command, and to nobody else. */
@Timeout(60)
class HandedOverTest extends ControlSocketFixture {
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
}
