package dev.keyturn.rotation;

import java.util.Locale;

/** How a rotation stands, in the words of {@code rotate --json}. */
public enum Outcome {
    /** Still in flight, or interrupted. */
    ROTATING,
    COMPLETED,
    /** Dromo has the new key and both log in, until the overlap is over. */
    OVERLAP,
    /** Undone: everything is as before. */
    ROLLED_BACK,
    /** Stopped. Where the rotation is still open, a later recover or rotate settles it. */
    FAILED;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
