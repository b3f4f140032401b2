package dev.keyturn.dromo;

import java.util.Optional;

/** What came back, whatever its status. */
final class Answer {
    private final int status;
    private final Headers headers;
    private final byte[] body;

    /**
     * The headers that count.
     *
     * @param contentType without parameters; empty where Dromo gave none
     */
    record Headers(String contentType, Optional<String> location, Optional<String> retryAfter) {}

    /** @param body taken over, not copied; empty where there was none, or where that of a failure couldn't be read */
    Answer(int status, Headers headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    boolean success() {
        return status / 100 == 2;
    }

    int status() {
        return status;
    }

    Headers headers() {
        return headers;
    }

    byte[] body() {
        return body;
    }
}
