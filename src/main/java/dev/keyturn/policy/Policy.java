package dev.keyturn.policy;

import java.time.Duration;
import java.util.Optional;

/**
 * How and when the credentials that name it are rotated.
 *
 * @param name its name in the configuration
 * @param secret what a new secret looks like
 * @param timing when rotations start
 * @param overlap how long old and new key both log in after Dromo has the new one; zero for none
 * @param maxAge a credential older than this is reported as overdue
 * @param allowGap whether a single-account password may be dead in Dromo for the moments between host and PUT
 * @param verify how often the daemon checks its credentials; empty for never
 */
public record Policy(
        String name,
        SecretRules secret,
        Timing timing,
        Duration overlap,
        Optional<Duration> maxAge,
        boolean allowGap,
        Optional<Verify> verify) {
    private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(15);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(6);

    public Optional<Schedule> schedule() {
        return timing.schedule();
    }

    public RetryRule retry() {
        return timing.retry();
    }

    /** Whether a drift that is found begins a rotation. */
    public boolean rotatesOnDrift() {
        return verify.filter(it -> it.onDrift() == Verify.OnDrift.ROTATE).isPresent();
    }

    /**
     * When the daemon looks again whether a partner has done what was asked for: after {@code verify.every}, else fifteen
     * minutes, then after twice as long each time up to six hours. Each look may be a refused login, which a host must not
     * take for an attack.
     */
    public RetryRule tries() {
        Duration first = verify.map(Verify::every).orElse(SHORTEST_PAUSE);
        Duration longest = first.compareTo(LONGEST_PAUSE) > 0 ? first : LONGEST_PAUSE;
        return new RetryRule(Integer.MAX_VALUE, first, longest);
    }
}
