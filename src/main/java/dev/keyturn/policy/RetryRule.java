package dev.keyturn.policy;

import java.time.Duration;

/**
 * When a failed rotation is tried again: within {@code firstDelay}, then within twice as long each time up to
 * {@code maxDelay}, {@code attempts} times in all; after that at the next due date. When exactly is left to chance ("full
 * jitter"), so that those whose host was down together don't come back together.
 *
 * @param attempts retries after the first failure; 0 for none
 */
public record RetryRule(int attempts, Duration firstDelay, Duration maxDelay) {
    public static final RetryRule DEFAULT = new RetryRule(5, Duration.ofMinutes(1), Duration.ofHours(1));

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** @throws IllegalArgumentException for negative attempts, a delay that is not positive, or a first above the max */
    public RetryRule {
        if (attempts < 0) {
            throw new IllegalArgumentException("attempts can't be negative");
        }
        if (firstDelay.isZero() || firstDelay.isNegative()) {
            throw new IllegalArgumentException("first_delay must be positive");
        }
        if (maxDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException("max_delay can't be shorter than first_delay");
        }
    }

    /** Whether another attempt is allowed after {@code failures} failures in a row. */
    public boolean allowsAfter(int failures) {
        return failures <= attempts;
    }

    /**
     * The delay after the {@code failures}-th failure in a row (1 for the first).
     *
     * @param words decide what chance gives: the same for the same
     */
    public Duration delayAfter(int failures, String words) {
        Duration drawn = Chance.partOf(longestAfter(failures), words);
        return drawn.compareTo(SHORTEST) < 0 ? SHORTEST : drawn;
    }

    /** The longest delay after the {@code failures}-th failure in a row. */
    public Duration longestAfter(int failures) {
        Duration delay = firstDelay;
        for (int i = 1; i < failures && delay.compareTo(maxDelay) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(maxDelay) > 0 ? maxDelay : delay;
    }
}
