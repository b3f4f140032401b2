package dev.keyturn.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * How often a credential is checked while it is not rotated, and what becomes of a drift that is found.
 *
 * <p>The checks of one credential stand on a grid in time: {@code every} apart, and off by a part of that which follows
 * from the credential's name. So a fleet spreads, and stays spread after a restart and after an outage.
 */
public record Verify(Duration every, OnDrift onDrift) {
    /** How fast a daemon makes up for the checks that fell into the time before its start. */
    static final Duration CATCH_UP = Duration.ofHours(1);

    /** What follows from a drift. */
    public enum OnDrift {
        /** It is told. */
        ALERT,
        /** It is told, and a rotation begins. */
        ROTATE;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * When a credential is checked next; may lie in the past, then it is due.
     *
     * @param name the credential's
     * @param last when it was last known to be sound or not: by a check, or by a rotation or an adoption, which prove the same
     * @param since when the daemon started; what was missed before is made up for within an hour, each at a time of its own
     */
    public Instant next(String name, Instant last, Instant since) {
        if (last.isBefore(slot(name, since))) {
            Duration within = every.compareTo(CATCH_UP) < 0 ? every : CATCH_UP;
            return since.plus(Chance.partOf(within, name));
        }
        return slot(name, last).plusSeconds(every.toSeconds());
    }

    /** The last instant of the grid that is not after this one. */
    private Instant slot(String name, Instant at) {
        long period = every.toSeconds();
        long offset = Chance.partOf(every, name).toSeconds();
        long slots = Math.floorDiv(at.getEpochSecond() - offset, period);
        return Instant.ofEpochSecond(slots * period + offset);
    }
}
