package dev.keyturn.dromo;

import dev.keyturn.rotation.DromoException;
import dev.keyturn.rotation.DromoException.Fault;
import dev.keyturn.rotation.Sleeper;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * Sends a request again where that can do no harm: up to three times, after half a second and then a second, or after
 * what Dromo's {@code Retry-After} asks for. Where that is more than 30 seconds the failure goes to the caller at once.
 */
final class Repetition {
    /** A request that changes nothing may be repeated also where nobody knows whether it was served. */
    static final Set<Fault> HARMLESS =
            Set.copyOf(EnumSet.of(Fault.NOT_SENT, Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.NO_ANSWER));

    /** One that changes something, only where it certainly was not served. */
    static final Set<Fault> NOT_SERVED = Set.copyOf(EnumSet.of(Fault.NOT_SENT, Fault.RATE_LIMITED));

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final int attempts;
    private final Sleeper sleeper;

    Repetition(int attempts, Sleeper sleeper) {
        if (attempts < 1) {
            throw new IllegalArgumentException("a request needs at least one attempt, not " + attempts);
        }
        this.attempts = attempts;
        this.sleeper = sleeper;
    }

    /** One request. */
    interface Call<T> {
        T run() throws DromoException;
    }

    <T> T run(Set<Fault> repeated, Call<T> call) throws DromoException {
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            try {
                return call.run();
            } catch (DromoException e) {
                Duration wait = longer(pause, e.retryAfter().orElse(Duration.ZERO));
                if (!repeated.contains(e.fault())
                        || attempt == attempts
                        || wait.compareTo(LONGEST_PAUSE) > 0
                        || Thread.currentThread().isInterrupted()
                        || !slept(wait)) {
                    throw attempt == 1 ? e : counted(e, attempt);
                }
                pause = pause.multipliedBy(2);
            }
        }
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static DromoException counted(DromoException e, int attempts) {
        return new DromoException(
                e.fault(),
                e.getMessage() + " (" + attempts + " attempts)",
                e.retryAfter().orElse(null),
                e);
    }

    private boolean slept(Duration wait) {
        try {
            sleeper.sleep(wait);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
