package dev.keyturn.rotation;

import java.time.Instant;

/**
 * A person's word that others know the secrets of a credential. It outlives the process it was given to, and a rotation
 * that fails: until all of them were replaced, each rotation is one of a compromised secret.
 *
 * @param since when it was given
 * @param reason in the person's words, for the audit log of each rotation that follows from it
 * @param rotations that have to complete until no secret is left that was known then: one, or with alternating accounts
 *     two
 */
public record Compromise(Instant since, String reason, Actor by, int rotations) {
    public Compromise {
        if (rotations < 1) {
            throw new IllegalArgumentException("nothing is left to replace: " + rotations);
        }
    }

    Rotator.Request request() {
        return new Rotator.Request(reason, by, true);
    }
}
