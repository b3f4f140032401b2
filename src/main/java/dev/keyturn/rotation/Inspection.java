package dev.keyturn.rotation;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a preflight found that no rotation follows.
 *
 * @param record Dromo's record
 * @param login the login that a rotation would begin with
 * @param connectors what depends on the credential
 * @param unlisted the directories that the credential in use certainly can't list
 * @param failure why a rotation would not be begun, or why the open one does not go on; empty where nothing is wrong
 * @param open the state of a rotation in flight, whose credential was not looked at
 */
public record Inspection(
        Look record,
        Look login,
        Connectors connectors,
        List<String> unlisted,
        Optional<Failure> failure,
        Optional<RotationState.Kind> open) {
    private static final Connectors NOBODY_ASKED = new Connectors(List.of(), Optional.of("not asked for"));

    public Inspection {
        unlisted = List.copyOf(unlisted);
    }

    /** How one of the parts stands. */
    public enum Look {
        OK,
        FAILED,
        NOT_LOOKED_AT;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Nothing can be said while a rotation changes host and Dromo. */
    static Inspection rotating(RotationState.Kind state) {
        return new Inspection(
                Look.NOT_LOOKED_AT, Look.NOT_LOOKED_AT, NOBODY_ASKED, List.of(), Optional.empty(), Optional.of(state));
    }

    /** An open rotation that doesn't go on by itself says what is wrong better than a second look. */
    static Inspection stuck(Failure why) {
        return new Inspection(
                Look.NOT_LOOKED_AT, Look.NOT_LOOKED_AT, NOBODY_ASKED, List.of(), Optional.of(why), Optional.empty());
    }

    static Inspection of(Preflight preflight, Optional<Failure> failure) {
        return new Inspection(
                look(preflight, Preflight.Part.RECORD),
                look(preflight, Preflight.Part.LOGIN),
                preflight.connectors(),
                preflight.unlisted(),
                failure,
                Optional.empty());
    }

    private static Look look(Preflight preflight, Preflight.Part part) {
        int order = preflight.part().compareTo(part);
        return order > 0 ? Look.OK : order == 0 ? Look.FAILED : Look.NOT_LOOKED_AT;
    }

    /** Whether a rotation would be begun now, as far as host and Dromo say. */
    public boolean ok() {
        return failure.isEmpty() && open.isEmpty();
    }
}
