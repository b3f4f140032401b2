package dev.keyturn.dromo;

import dev.keyturn.rotation.Account;
import dev.keyturn.secret.JsonEscape;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.Secret;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The JSON of a PUT, in one array that is wiped on close. Escaped by hand: Jackson's generators write through recycled
 * buffers that nobody wipes.
 */
final class PutBody implements AutoCloseable {
    private static final int FRAME = 120;

    private final byte[] bytes;
    private int length;

    private PutBody(int capacity) {
        bytes = new byte[capacity];
    }

    /** @throws IllegalArgumentException where the secret is empty or isn't UTF-8; the message doesn't show it */
    static PutBody of(Account account, LoginSecret login) {
        String name = "";
        Secret secret;
        if (login instanceof LoginSecret.KeyPair pair) {
            name = "private_key";
            secret = pair.privateKey();
        } else if (login instanceof LoginSecret.Password password) {
            name = "password";
            secret = password.value();
        } else {
            throw new IllegalArgumentException("neither a key nor a password");
        }
        byte[] exposed = secret.expose();
        checkText(name, exposed);
        byte[] hostname = account.hostname().getBytes(StandardCharsets.UTF_8);
        byte[] user = account.user().getBytes(StandardCharsets.UTF_8);
        PutBody body = new PutBody(FRAME + JsonEscape.LONGEST * (hostname.length + user.length + exposed.length));
        body.raw("{\"hostname\":");
        body.quoted(hostname);
        body.raw(",\"port\":" + account.port() + ",\"user\":");
        body.quoted(user);
        body.raw(",\"auth_type\":\"" + login.authType().name() + "\",\"" + name + "\":");
        body.quoted(exposed);
        body.raw("}");
        return body;
    }

    private static void checkText(String name, byte[] secret) {
        if (secret.length == 0) {
            throw new IllegalArgumentException(
                    "the " + name + " is empty, and Dromo would silently keep the one it has");
        }
        try {
            CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(secret));
            Arrays.fill(decoded.array(), '\0');
        } catch (CharacterCodingException e) {
            // The cause would tell where the bad byte stands, but nothing that helps.
            throw new IllegalArgumentException("the " + name + " isn't UTF-8 text, which JSON can't carry");
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    private void raw(String text) {
        for (int i = 0; i < text.length(); i++) {
            add(text.charAt(i));
        }
    }

    private void quoted(byte[] utf8) {
        add('"');
        JsonEscape.write(utf8, this::add);
        add('"');
    }

    private void add(int b) {
        bytes[length++] = (byte) b;
    }

    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }
}
