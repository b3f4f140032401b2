package dev.keyturn.ssh;

import dev.keyturn.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Talks to passwd(1) on a terminal: waits for a prompt before each answer (it throws away what was typed ahead), gives
 * each password once, and stops where it is asked again.
 */
final class PasswdDialogue {
    private static final int LONGEST_PROMPT = 512;

    /** How the dialogue came to its end. */
    enum End {
        /** The program ended by itself; its exit status tells. */
        PROGRAM_ENDED,
        /** It asked for another new password: this one is too weak for the host. */
        NEW_REJECTED,
        /** It asked for the current password again. */
        CURRENT_REJECTED,
        /** It asked for something that is no password. */
        STRANGE_PROMPT
    }

    private final Secret current;
    private final Secret replacement;
    private int currentGiven;
    private int newGiven;
    private int againGiven;

    PasswdDialogue(Secret current, Secret replacement) {
        this.current = current;
        this.replacement = replacement;
    }

    /**
     * @param from what the program prints
     * @param to what the program reads; each answer is flushed
     * @param said gets everything the program prints
     */
    End talk(InputStream from, OutputStream to, OutputStream said) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] some = new byte[1024];
        for (int length = from.read(some); length >= 0; length = from.read(some)) {
            said.write(some, 0, length);
            for (int i = 0; i < length; i++) {
                if (some[i] == '\n' || some[i] == '\r' || line.size() > LONGEST_PROMPT) {
                    line.reset();
                } else {
                    line.write(some[i]);
                }
            }
            String open = line.toString(StandardCharsets.UTF_8);
            if (from.available() == 0 && open.stripTrailing().endsWith(":")) {
                End end = answer(open, to);
                if (end != End.PROGRAM_ENDED) {
                    return end;
                }
                line.reset();
            }
        }
        return End.PROGRAM_ENDED;
    }

    private End answer(String prompt, OutputStream to) throws IOException {
        switch (PasswordPrompt.of(prompt)) {
            case CURRENT -> {
                if (currentGiven++ > 0) {
                    return End.CURRENT_REJECTED;
                }
                type(current, to);
            }
            case NEW -> {
                if (newGiven++ > 0) {
                    return End.NEW_REJECTED;
                }
                type(replacement, to);
            }
            case NEW_AGAIN -> {
                if (againGiven++ > 0) {
                    return End.NEW_REJECTED;
                }
                type(replacement, to);
            }
            case OTHER -> {
                return End.STRANGE_PROMPT;
            }
        }
        return End.PROGRAM_ENDED;
    }

    private static void type(Secret secret, OutputStream to) throws IOException {
        byte[] bytes = secret.expose();
        byte[] line = java.util.Arrays.copyOf(bytes, bytes.length + 1);
        line[bytes.length] = '\n';
        try {
            to.write(line);
            to.flush();
        } finally {
            java.util.Arrays.fill(line, (byte) 0);
        }
    }
}
