package dev.keyturn.daemon;

import java.util.Arrays;
import java.util.Locale;

/** Why a daemon does not run a command. */
public enum Refusal {
    /** It works on another state than the one the client means. */
    OTHER_STATE,
    /** It is of another version than the client. */
    OTHER_VERSION,
    /** It is about to end. */
    STOPPING,
    /** As many as it serves at once are connected. */
    FULL,
    /** The client is not who it says to be. */
    NOT_THE_PEER,
    /** What it sent is no request. */
    MALFORMED;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** One that this version does not know says the least that is safe to assume: that it was not understood. */
    static Refusal labelled(String label) {
        return Arrays.stream(values())
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElse(MALFORMED);
    }
}
