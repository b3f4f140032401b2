package dev.keyturn.ssh;

import dev.keyturn.secret.JsonEscape;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes one JSON object (RFC 8259) as bytes, so that a password in it never is a String. {@link #close()} wipes them.
 */
final class JsonBytes implements AutoCloseable {
    private final WipedBytes out = new WipedBytes();
    private boolean first = true;

    JsonBytes open() {
        out.write('{');
        first = true;
        return this;
    }

    JsonBytes end() {
        out.write('}');
        first = false;
        return this;
    }

    /** A member whose value is an object; its members follow, then {@link #end()}. */
    JsonBytes object(String name) {
        name(name);
        return open();
    }

    JsonBytes text(String name, String value) {
        return text(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** @param utf8 stays the caller's to wipe */
    JsonBytes text(String name, byte[] utf8) {
        name(name);
        string(utf8);
        return this;
    }

    JsonBytes number(String name, int value) {
        name(name);
        out.writeBytes(Integer.toString(value).getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    /** What was written so far; the caller wipes it. */
    byte[] bytes() {
        return out.toByteArray();
    }

    @Override
    public void close() {
        out.close();
    }

    private void name(String name) {
        if (!first) {
            out.write(',');
        }
        first = false;
        string(name.getBytes(StandardCharsets.UTF_8));
        out.write(':');
    }

    private void string(byte[] utf8) {
        out.write('"');
        JsonEscape.write(utf8, out::write);
        out.write('"');
    }

    static void wipe(byte[] bytes) {
        Arrays.fill(bytes, (byte) 0);
    }
}
