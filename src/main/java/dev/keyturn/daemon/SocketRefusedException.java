package dev.keyturn.daemon;

/** The control socket can't be made where it is wanted. The message says why and what to do. */
public final class SocketRefusedException extends Exception {
    SocketRefusedException(String message) {
        super(message);
    }
}
