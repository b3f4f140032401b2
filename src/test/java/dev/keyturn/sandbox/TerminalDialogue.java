package dev.keyturn.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.channel.PtyCapableChannelSession;
import org.jspecify.annotations.Nullable;

/** Types answers to a program on a terminal, each only after its prompt. */
final class TerminalDialogue implements AutoCloseable {
    private final PtyCapableChannelSession channel;
    private final InputStream from;
    private final OutputStream to;
    private final StringBuilder transcript = new StringBuilder();

    TerminalDialogue(SftpClientSession login, String command) throws IOException {
        this(login.command(command));
    }

    TerminalDialogue(PtyCapableChannelSession channel) throws IOException {
        this.channel = channel;
        channel.setUsePty(true);
        channel.open().verify(Duration.ofSeconds(60));
        from = channel.getInvertedOut();
        to = channel.getInvertedIn();
    }

    TerminalDialogue answer(String prompt, String answer) throws IOException {
        int start = transcript.length();
        while (transcript.indexOf(prompt, start) < 0) {
            int one = from.read();
            if (one < 0) {
                throw new IOException("the program ended before it asked " + prompt + ": " + transcript);
            }
            transcript.append((char) one);
        }
        type(answer + "\n");
        return this;
    }

    TerminalDialogue type(String text) throws IOException {
        to.write(text.getBytes(StandardCharsets.UTF_8));
        to.flush();
        return this;
    }

    @Nullable
    Integer exitStatus() throws IOException {
        transcript.append(new String(from.readAllBytes(), StandardCharsets.UTF_8));
        channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), Duration.ofSeconds(60));
        return channel.getExitStatus();
    }

    String transcript() {
        return transcript.toString();
    }

    @Override
    public void close() throws IOException {
        channel.close(true).await();
    }
}
