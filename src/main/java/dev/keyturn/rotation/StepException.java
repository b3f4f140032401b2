package dev.keyturn.rotation;

/** A step could not be finished now: the rotation stays open in the state it is in, with this failure. */
public final class StepException extends Exception {
    private final transient Failure failure;

    StepException(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    StepException(Failure failure, Throwable cause) {
        super(failure.message(), cause);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
