package dev.keyturn.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** How the host meets a new connection. */
@FunctionalInterface
public interface Welcome {

    void meet(GateConnection connection) throws IOException;

    static Welcome heartily() {
        return GateConnection::relay;
    }

    /** Closes at once, after a word. */
    static Welcome dismissal(String word) {
        return connection -> {
            connection.say(word.getBytes(StandardCharsets.US_ASCII));
            connection.close();
        };
    }

    static Welcome reset() {
        return GateConnection::reset;
    }

    /** Accepts the connection and never says anything. */
    static Welcome silence() {
        return connection -> {};
    }

    /** Resets once the host has sent this many bytes: the banner is about 30, the key exchange ends below 2000. */
    static Welcome resetAfter(long bytes) {
        return connection -> connection.relay(bytes);
    }

    /** The same, but hangs there. */
    static Welcome silenceAfter(long bytes) {
        return connection -> connection.relayThenHang(bytes);
    }
}
