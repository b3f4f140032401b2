package dev.keyturn.sandbox;

import java.io.IOException;
import java.time.Duration;

/** What happens to a client in the middle of a step. */
@FunctionalInterface
public interface Trouble {

    /** @throws IOException to let the step fail with that message */
    void strike(GateConnection connection) throws IOException;

    static Trouble failure(IOException failure) {
        return connection -> {
            throw failure;
        };
    }

    /** The connection is reset; the step fails. */
    static Trouble reset() {
        return connection -> {
            connection.reset();
            throw new IOException("the connection was reset");
        };
    }

    /** The step takes this much longer. */
    static Trouble delay(Duration time) {
        return connection -> connection.pause(time);
    }

    /** Nothing comes back any more; the step fails once the client has left. */
    static Trouble silence() {
        return connection -> {
            connection.waitUntilClosed();
            throw new IOException("the client left");
        };
    }
}
