package dev.keyturn.rotation;

import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import java.util.Optional;

/** Says for each state which credential logs in and what Dromo holds: the first thing to know when something failed. */
final class ValidNow {
    private static final String NEXT = "Then run: keyturn ";

    private ValidNow() {}

    /** The reason as it is told where the rotation has come to a stop: with what is valid there and what to do next. */
    static Failure tell(RotationState state, Failure why) {
        String next = switch (state.kind()) {
            case ABANDONED, ROLLED_BACK -> NEXT + "rotate " + state.head().credential();
            case COMPLETED -> "";
            default -> NEXT + "recover";
        };
        // What was told where it stopped before is no longer what is next.
        int before = why.hint().indexOf(NEXT);
        String hint = before < 0 ? why.hint() : why.hint().substring(0, before);
        return new Failure(
                why.step(),
                why.kind(),
                why.message(),
                afterwards(state, why.kind()),
                (hint.strip() + " " + next).strip());
    }

    /** Some reasons say more of what logs in than the state does. */
    private static String afterwards(RotationState state, String kind) {
        RotationHead head = state.head();
        boolean key = head.authType() == AuthType.KEY;
        if (kind.equals(FailureKind.LOCKED_OUT.label())) {
            return "neither logs in on the host; the old and the new " + (key ? "key" : "password")
                    + " are both in the store";
        }
        if (key && kind.equals(FailureKind.NEW_CREDENTIAL_REFUSED.label())) {
            return "Dromo holds the "
                    + name("new", head.authType(), state.candidate().flatMap(SecretVersion::fingerprint))
                    + ", which the host refuses; the " + name("old", head.authType(), head.previousFingerprint())
                    + " may still log in";
        }
        return in(state);
    }

    static String in(RotationState state) {
        RotationHead head = state.head();
        if (head.alternates()) {
            return ofTwo(state, head.users().orElseThrow());
        }
        String old = name("old", head.authType(), head.previousFingerprint());
        String fresh = name("new", head.authType(), state.candidate().flatMap(SecretVersion::fingerprint));
        boolean key = head.authType() == AuthType.KEY;
        String kept = head.previous().isPresent()
                ? "; both are in the store"
                : "; the " + fresh + " is in the store, the old one never was";
        return switch (state.kind()) {
            case STARTED, GENERATED, ABANDONED ->
                "nothing was changed: the " + old + " is as valid as it was, on the host and in Dromo";
            case AWAITING_INSTALL ->
                "Dromo holds the " + old + "; the " + fresh
                        + " may be on the host too, if the partner has installed it";
            case INSTALLING, UNDOING ->
                key
                        ? "Dromo holds the " + old + ", which logs in; the " + fresh + " may be on the host too"
                        : "Dromo holds the " + old + "; the host has either it or the " + fresh + kept;
            case INSTALLED, PROVED ->
                key
                        ? "Dromo holds the " + old + ", which logs in; the " + fresh + " is on the host too"
                        : "the host has the " + fresh + ", Dromo still holds the " + old + kept;
            case PUBLISHING ->
                key
                        ? "the " + old + " and the " + fresh + " both log in; Dromo holds one of them"
                        : "the host has the " + fresh + "; Dromo holds it or the " + old + kept;
            case RESTORING ->
                key
                        ? "the " + old + " and the " + fresh + " both log in; Dromo holds one of them"
                        : "the host has the " + fresh + "; Dromo is to get the " + old + " back" + kept;
            case PUBLISHED, CONFIRMED, OVERLAPPING ->
                key
                        ? "Dromo holds the " + fresh + "; it and the " + old + " both log in"
                        : "host and Dromo have the " + fresh;
            case AWAITING_WITHDRAWAL ->
                "Dromo holds the " + fresh + "; the " + old + " logs in too until the partner has taken it off";
            case WITHDRAWING -> "Dromo holds the " + fresh + ", which logs in; the " + old + " may still log in";
            case WITHDRAWN ->
                "Dromo holds the " + fresh + ", which logs in; the " + old
                        + " was taken off the host but is not proved dead";
            case COMPLETED -> "host and Dromo have the " + fresh;
            case ROLLED_BACK -> "the " + old + " logs in and Dromo holds it; the " + fresh + " is in the store alone";
        };
    }

    private static String ofTwo(RotationState state, RotationHead.Users users) {
        String active = users.active();
        String changed = users.changed();
        String untouched = "Dromo logs in as " + active + ", whose password is untouched; ";
        String switched = "Dromo logs in as " + changed + " with the new password; that of " + active + " is valid too";
        String either = changed + " has either its former password or the new one, which is in the store";
        return switch (state.kind()) {
            case STARTED, GENERATED, ABANDONED -> "nothing was changed: Dromo logs in as " + active + " as before";
            case AWAITING_INSTALL, INSTALLING, UNDOING -> untouched + either;
            case INSTALLED, PROVED -> untouched + changed + " has the new password, which is in the store";
            case PUBLISHING -> active + " and " + changed + " both log in; Dromo uses one of them";
            case RESTORING -> active + " and " + changed + " both log in; Dromo is to use " + active + " again";
            case PUBLISHED, CONFIRMED, OVERLAPPING, AWAITING_WITHDRAWAL, WITHDRAWING, COMPLETED -> switched;
            case WITHDRAWN -> switched + "; the former one of " + changed + " is not proved dead";
            case ROLLED_BACK -> untouched + either + ", and nobody uses it";
        };
    }

    private static String name(String age, AuthType type, Optional<Fingerprint> fingerprint) {
        return age
                + (type == AuthType.KEY ? " key" : " password")
                + fingerprint.map(f -> " (" + f + ")").orElse("");
    }
}
