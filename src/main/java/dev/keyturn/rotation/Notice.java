package dev.keyturn.rotation;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What a person should know. Holds no secret.
 *
 * @param credential empty for what concerns all of Keyturn
 * @param where {@code USER@HOSTNAME:PORT}; empty where {@code credential} is
 * @param message what happened, in one sentence
 * @param validNow which credential logs in now; empty where that is not in question
 * @param hint what to do next; may be empty
 */
public record Notice(
        Kind kind,
        Instant at,
        Optional<String> credential,
        Optional<String> where,
        String message,
        Optional<String> validNow,
        String hint,
        Reference reference) {
    /** The values of {@code notify: events}, in lower case. */
    public enum Kind {
        /** A rotation did not come to its end. */
        FAILED,
        /** Host, Dromo and store no longer hold the same. */
        DRIFT,
        /** Older than the policy's {@code max_age}, or said to be known to others and still in use. */
        OVERDUE,
        /** A partner is to install the new key. */
        AWAITING_INSTALL,
        /** A partner is to take the old key off. */
        AWAITING_WITHDRAWAL,
        /** One of the first three no longer holds, or an interrupted rotation was settled. */
        RECOVERED;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a program can hold on to; everything may be empty.
     *
     * @param step where a rotation stopped
     * @param failure its kind, a stable name in lower_snake_case
     * @param fingerprint of the key in question
     * @param publicKey what a partner is to install or to take off, as a line of {@code authorized_keys}
     */
    public record Reference(
            Optional<RotationId> rotation,
            Optional<Step> step,
            Optional<String> failure,
            Optional<String> fingerprint,
            Optional<String> publicKey) {
        public static final Reference NONE =
                new Reference(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        /** With a kind alone. */
        public static Reference ofKind(String failure) {
            return new Reference(
                    Optional.empty(), Optional.empty(), Optional.of(failure), Optional.empty(), Optional.empty());
        }
    }

    /** About all of Keyturn. */
    public static Notice general(Kind kind, Instant at, String failure, String message, String hint) {
        return new Notice(
                kind,
                at,
                Optional.empty(),
                Optional.empty(),
                message,
                Optional.empty(),
                hint,
                Reference.ofKind(failure));
    }

    /** A rotation that stopped. */
    public static Notice failed(ManagedCredential of, Instant at, Optional<RotationId> rotation, Failure why) {
        return new Notice(
                Kind.FAILED,
                at,
                Optional.of(of.name()),
                Optional.of(of.where()),
                why.message(),
                Optional.of(why.validNow()).filter(text -> !text.isEmpty()),
                why.hint(),
                new Reference(
                        rotation,
                        Optional.of(why.step()),
                        Optional.of(why.kind()),
                        Optional.empty(),
                        Optional.empty()));
    }

    /** Anything else about a credential. */
    public static Notice of(Kind kind, ManagedCredential of, Instant at, String message, String hint) {
        return new Notice(
                kind,
                at,
                Optional.of(of.name()),
                Optional.of(of.where()),
                message,
                Optional.empty(),
                hint,
                Reference.NONE);
    }

    public Notice with(Reference better) {
        return new Notice(kind, at, credential, where, message, validNow, hint, better);
    }
}
