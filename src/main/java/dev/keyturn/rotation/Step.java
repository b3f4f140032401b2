package dev.keyturn.rotation;

import java.util.Locale;

/** The steps of a rotation, in order; {@code RESTORE} and {@code UNDO} only on the way back. */
public enum Step {
    PREFLIGHT,
    GENERATE,
    INSTALL,
    PROVE,
    PUBLISH,
    CONFIRM,
    OVERLAP,
    WITHDRAW,
    REFUSE,
    COMPLETE,
    /** The old credential goes back to Dromo. */
    RESTORE,
    /** The new credential comes off the host, or the old password goes back onto it. */
    UNDO;

    /** The step's name as people see it, in lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
