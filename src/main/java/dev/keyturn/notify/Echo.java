package dev.keyturn.notify;

import dev.keyturn.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Takes the password out of what a mail server says: a server may repeat it, as it is or as it travelled. */
final class Echo implements AutoCloseable {
    private static final byte[] STARS = "****".getBytes(StandardCharsets.US_ASCII);

    /** Wiped by {@link #close}. */
    private final List<byte[]> forms = new ArrayList<>();

    /** Nothing was told that could be repeated. */
    Echo() {}

    /** The forms of SMTP's AUTH (RFC 4954): PLAIN joins user and password, LOGIN sends the password alone. */
    Echo(String user, Secret password) {
        byte[] name = user.getBytes(StandardCharsets.UTF_8);
        byte[] plain = join(new byte[0], name, password.expose());
        byte[] doubled = join(name, name, password.expose());
        forms.add(Base64.getEncoder().encode(plain));
        forms.add(Base64.getEncoder().encode(doubled));
        forms.add(Base64.getEncoder().encode(password.expose()));
        forms.add(password.expose().clone());
        Arrays.fill(plain, (byte) 0);
        Arrays.fill(doubled, (byte) 0);
    }

    private static byte[] join(byte[] authorization, byte[] name, byte[] password) {
        byte[] all = Arrays.copyOf(authorization, authorization.length + name.length + password.length + 2);
        System.arraycopy(name, 0, all, authorization.length + 1, name.length);
        System.arraycopy(password, 0, all, all.length - password.length, password.length);
        return all;
    }

    String mask(String text) {
        byte[] said = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream masked = new ByteArrayOutputStream(said.length);
        for (int at = 0; at < said.length; ) {
            int length = formAt(said, at);
            masked.writeBytes(length > 0 ? STARS : new byte[] {said[at]});
            at += Math.max(1, length);
        }
        return masked.toString(StandardCharsets.UTF_8);
    }

    private int formAt(byte[] said, int at) {
        for (byte[] form : forms) {
            int end = at + form.length;
            if (form.length > 0 && end <= said.length && Arrays.equals(said, at, end, form, 0, form.length)) {
                return form.length;
            }
        }
        return 0;
    }

    @Override
    public void close() {
        forms.forEach(form -> Arrays.fill(form, (byte) 0));
    }
}
