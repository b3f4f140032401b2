package dev.keyturn.rotation;

import java.util.Locale;

/**
 * What stops a rotation besides an answer of host or Dromo, which have kinds of their own ({@link HostException.Fault},
 * {@link DromoException.Fault}). {@code docs/recover.md} has each.
 */
enum FailureKind {
    /** A person gave up a rotation that waited for a partner. */
    ABANDONED,
    /** The host took the new credential and refuses to log in with it. */
    AUTHENTICATION_REFUSED,
    /** A partner is to take the new key off again. */
    AWAITING_REMOVAL,
    /** The configuration no longer fits the open rotation. */
    CONFIGURATION_CHANGED,
    /** The credential in use can't list the directory that the configuration names. */
    DIRECTORY_NOT_LISTED,
    /** Host or Dromo have another credential than the store, before anything was touched. */
    DRIFTED,
    /** Our login works, Dromo's does not. */
    DROMO_LOGIN_FAILED,
    /** Dromo's record is not the configured one. */
    DROMO_RECORD_DIFFERS,
    /** Dromo took a key and shows the fingerprint of another. */
    FINGERPRINT_MISMATCH,
    /** Somebody else wrote to Dromo while the rotation was in flight. */
    FOREIGN_CHANGE,
    /** The key of a rotation that was undone or given up logs in: it came late, or a partner installed it. */
    GIVEN_UP_KEY_ALIVE,
    /** A rotation was asked for while two credentials are still in their overlap. */
    IN_OVERLAP,
    /** The process ended in the middle. */
    INTERRUPTED,
    /** The host refuses the old credential and the new one. */
    LOCKED_OUT,
    /** The host refuses the new credential, which it had accepted. */
    NEW_CREDENTIAL_REFUSED,
    /** The rotation can't be given up any more, or not at all. */
    NOT_ABANDONED,
    /** A secret that has to log in is not in the store. */
    NOT_ADOPTED,
    /** The old credential was withdrawn and still logs in. */
    OLD_CREDENTIAL_ALIVE,
    /** The old credential was never in the store, so its refusal can't be tried. */
    OLD_CREDENTIAL_NOT_KNOWN,
    /** The old credential went back to Dromo, and the host refuses it. */
    OLD_CREDENTIAL_REFUSED,
    /** A person paused the credential, and nobody resumed it. */
    PAUSED,
    /** The way back was gone, but its end can't be proved. */
    UNDO_NOT_PROVED;

    /** As it stands in JSON and in the audit log. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
