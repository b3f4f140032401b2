package dev.keyturn.rotation;

import java.util.Optional;

/**
 * Who or what asked for something.
 *
 * @param uid of the person's process; empty where no person asked
 * @param name of the person's login; empty where no person asked or the uid has none
 */
public record Actor(Kind kind, Optional<Long> uid, Optional<String> name) {
    /** The values of {@code actor.kind} in the audit log, in lower case. */
    public enum Kind {
        SCHEDULE,
        CLI,
        RECOVERY,
        DRIFT
    }

    public static final Actor SCHEDULE = new Actor(Kind.SCHEDULE, Optional.empty(), Optional.empty());
    public static final Actor RECOVERY = new Actor(Kind.RECOVERY, Optional.empty(), Optional.empty());

    /** The daemon's watch for drift. */
    public static final Actor DRIFT = new Actor(Kind.DRIFT, Optional.empty(), Optional.empty());

    public static Actor cli(long uid, String name) {
        return new Actor(Kind.CLI, Optional.of(uid), Optional.of(name));
    }
}
