package dev.keyturn.daemon;

/** What came over the socket is not what this protocol says. The message doesn't repeat it. */
final class MalformedFrameException extends Exception {
    MalformedFrameException(String message) {
        super(message);
    }
}
