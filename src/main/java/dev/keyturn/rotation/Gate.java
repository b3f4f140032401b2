package dev.keyturn.rotation;

import java.time.Instant;
import java.util.Optional;

/**
 * One thing that has to allow a scheduled rotation to begin.
 *
 * @param name one word, e.g. {@code window}
 * @param opensAt when it opens by itself; empty where it is open, and where a person has to do something
 * @param why what it says now, and what to do where it never opens by itself
 */
public record Gate(String name, boolean open, Optional<Instant> opensAt, String why) {
    static Gate open(String name, String why) {
        return new Gate(name, true, Optional.empty(), why);
    }

    static Gate closed(String name, Optional<Instant> opensAt, String why) {
        return new Gate(name, false, opensAt, why);
    }
}
