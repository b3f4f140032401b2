package dev.keyturn.rotation;

import java.time.Duration;
import java.util.List;

/**
 * Tries a remote call again inside its step, a few times over seconds, where the failure says that nothing was changed
 * and a moment may help. Whether an unclear answer may be repeated, the step decides.
 */
final class Attempts {
    private static final List<Duration> PAUSES =
            List.of(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Sleeper sleeper;

    Attempts(Sleeper sleeper) {
        this.sleeper = sleeper;
    }

    /** A remote call. */
    interface Call<T> {
        T run() throws RemoteException;
    }

    /** A remote call that only has to succeed. */
    interface Action {
        void run() throws RemoteException;
    }

    /** For calls that change nothing, or the same thing when repeated: an unclear end is tried again too. */
    <T> T repeatable(Call<T> call) throws RemoteException {
        return run(call, true);
    }

    void repeatable(Action action) throws RemoteException {
        run(
                () -> {
                    action.run();
                    return true;
                },
                true);
    }

    /** For calls that must not be repeated before somebody has looked: only what certainly did nothing is tried again. */
    <T> T careful(Call<T> call) throws RemoteException {
        return run(call, false);
    }

    private <T> T run(Call<T> call, boolean repeatUnclear) throws RemoteException {
        for (Duration pause : PAUSES) {
            try {
                return call.run();
            } catch (RemoteException e) {
                boolean again = e.disposition() == RemoteException.Disposition.TRANSIENT
                        || (repeatUnclear && e.disposition() == RemoteException.Disposition.UNCLEAR);
                Duration wait = e.retryAfter()
                        .filter(asked -> asked.compareTo(pause) > 0)
                        .orElse(pause);
                if (!again || wait.compareTo(LONGEST_PAUSE) > 0 || !pause(wait)) {
                    throw e;
                }
            }
        }
        return call.run();
    }

    /** Waits; false, with the interrupt kept for whoever waits next, where somebody wants the thread to end. */
    boolean pause(Duration wait) {
        try {
            sleeper.sleep(wait);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
