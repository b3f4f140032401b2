package dev.keyturn.policy;

import java.time.Instant;

/**
 * A time in which no rotation starts.
 *
 * @param to not in it any more
 * @param reason in the words of whoever declared it; may be empty
 */
public record Blackout(Instant from, Instant to, String reason) {
    /** @throws IllegalArgumentException where it does not end after it begins */
    public Blackout {
        if (!to.isAfter(from)) {
            throw new IllegalArgumentException("a blackout has to end after it begins");
        }
    }

    boolean contains(Instant instant) {
        return !instant.isBefore(from) && instant.isBefore(to);
    }

    /** As an operator would say it, e.g. {@code blackout 'year-end freeze'}. */
    public String describe() {
        return reason.isEmpty() ? "blackout" : "blackout '" + reason + "'";
    }
}
