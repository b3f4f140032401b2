package dev.keyturn.rotation;

import java.util.Locale;

/** How a rotation stands, in the words of {@code rotate --json}. */
public enum Outcome {
    /** Still in flight, or interrupted. */
    ROTATING,
    COMPLETED,
    /** A partner was asked to install the new key. */
    AWAITING_INSTALL,
    /** Dromo has the new key and both log in, until the overlap is over and the old one is off the host. */
    OVERLAP,
    /** Undone: everything is as before. */
    ROLLED_BACK,
    /** Stopped. Where the rotation is still open, a later recover or rotate settles it. */
    FAILED;

    /**
     * How a rotation in this state stands.
     *
     * @param failed whether its newest entry in the journal has a failure
     */
    public static Outcome of(RotationState.Kind kind, boolean failed) {
        return switch (kind) {
            case COMPLETED -> COMPLETED;
            case ROLLED_BACK -> ROLLED_BACK;
            case ABANDONED -> FAILED;
            case AWAITING_INSTALL -> failed ? FAILED : AWAITING_INSTALL;
            case OVERLAPPING, AWAITING_WITHDRAWAL -> failed ? FAILED : OVERLAP;
            default -> failed ? FAILED : ROTATING;
        };
    }

    /** Whether Dromo is known to log in with the new secret in this state. */
    static boolean newInUse(RotationState.Kind kind) {
        return switch (kind) {
            case CONFIRMED, OVERLAPPING, WITHDRAWING, AWAITING_WITHDRAWAL, WITHDRAWN, COMPLETED -> true;
            default -> false;
        };
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
