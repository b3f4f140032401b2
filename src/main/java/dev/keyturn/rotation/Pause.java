package dev.keyturn.rotation;

import java.time.Instant;
import java.util.Optional;

/**
 * A person's word that nothing new begins for a credential.
 *
 * @param since when it was given
 * @param until when it ends by itself; empty where only {@code resume} ends it
 * @param reason in the person's words; empty where none was given
 */
public record Pause(Instant since, Optional<Instant> until, Optional<String> reason, Actor by) {
    /** Whether it still holds. */
    public boolean holdsAt(Instant now) {
        return until.map(now::isBefore).orElse(true);
    }
}
