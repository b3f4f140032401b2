package dev.keyturn.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/** How an answer is put on the wire: whole, cut short, slowly, or not at all. */
@FunctionalInterface
public interface Delivery {

    /**
     * Sends, or does not.
     *
     * @param head status line and headers, the empty line included
     * @return whether the connection stays open for another request
     */
    boolean send(HttpWire wire, byte[] head, byte[] body) throws IOException;

    static Delivery whole() {
        return (wire, head, body) -> {
            // One write: two would run into delayed ACKs, which cost 40 ms each.
            ByteArrayOutputStream all = new ByteArrayOutputStream(head.length + body.length);
            all.write(head);
            all.write(body);
            wire.write(all.toByteArray());
            return true;
        };
    }

    /** Says nothing until the client goes away. */
    static Delivery silence() {
        return (wire, head, body) -> {
            wire.waitUntilClientLeaves();
            return false;
        };
    }

    /** Drops the connection with a TCP reset instead of answering. */
    static Delivery reset() {
        return (wire, head, body) -> {
            wire.reset();
            return false;
        };
    }

    /** Announces the whole body, sends half of it and closes. */
    static Delivery cutShort() {
        return (wire, head, body) -> {
            wire.write(head);
            wire.write(Arrays.copyOf(body, body.length / 2));
            return false;
        };
    }

    /** Sends byte by byte with a pause after each, which no timeout between two bytes will notice. */
    static Delivery slowly(Duration pause) {
        return (wire, head, body) -> {
            for (byte[] part : new byte[][] {head, body}) {
                for (byte one : part) {
                    wire.write(new byte[] {one});
                    wire.pause(pause);
                }
            }
            return true;
        };
    }
}
