package dev.keyturn.killmatrix;

import dev.keyturn.sandbox.DromoCredential;
import java.util.Map;
import java.util.Objects;

/**
 * What was in use before a rotation.
 *
 * @param passwords by user; empty for keys
 */
record Before(DromoCredential inDromo, Map<String, String> passwords) {

    /** Whether Dromo still has it, or has it again; a key may be written differently then. */
    boolean isInUse(DromoCredential now) {
        return now.user().equals(inDromo.user())
                && Objects.equals(now.keyFingerprint(), inDromo.keyFingerprint())
                && Objects.equals(now.password(), inDromo.password());
    }

    /** What {@code now} has replaced: of alternating accounts, the former password of the one that Dromo uses now. */
    DromoCredential replacedBy(DromoCredential now) {
        String password = passwords.get(now.user());
        return password == null
                ? inDromo
                : DromoCredential.ofPassword(now.hostname(), now.port(), now.user(), password);
    }
}
