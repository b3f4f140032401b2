package dev.keyturn.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a program reads and writes, either through a terminal or through three plain streams. */
final class Terminal {
    private final InputStream in;
    private final OutputStream out;
    private final OutputStream err;
    private final boolean isTerminal;

    Terminal(InputStream in, OutputStream out, OutputStream err, boolean isTerminal) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.isTerminal = isTerminal;
    }

    boolean isTerminal() {
        return isTerminal;
    }

    void print(String text) throws IOException {
        write(out, text);
    }

    /** Standard error, which on a terminal is the same place. */
    void complain(String text) throws IOException {
        write(isTerminal ? out : err, text);
    }

    private void write(OutputStream to, String text) throws IOException {
        String ending = isTerminal ? text.replace("\n", "\r\n") : text;
        to.write(ending.getBytes(StandardCharsets.UTF_8));
        to.flush();
    }

    /**
     * Asks without an echo. As PAM does on a terminal, it throws away what was typed before the question: a client that
     * does not wait for the prompt is not heard.
     *
     * @return null at the end of the input
     */
    @Nullable
    String ask(String prompt) throws IOException {
        if (isTerminal) {
            in.skipNBytes(in.available());
        }
        complain(prompt);
        String answer = line();
        if (isTerminal) {
            print("\n");
        }
        return answer;
    }

    /** Null at the end of the input. */
    @Nullable
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int one = in.read(); one != '\n'; one = in.read()) {
            if (one < 0) {
                return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
            }
            if (one == '\r' && isTerminal) {
                break;
            }
            line.write(one);
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
