package dev.keyturn.rotation;

/** A rotation of this credential is in flight elsewhere. The message names the holder. */
public final class BusyException extends Exception {
    public BusyException(String message) {
        super(message);
    }
}
