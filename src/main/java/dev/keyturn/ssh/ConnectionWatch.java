package dev.keyturn.ssh;

import com.jcraft.jsch.Logger;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What JSch tells only its log. It swallows an exception in the middle of authentication (a lost connection, a timeout)
 * and then reports "Auth fail", which must not be taken for a refusal; and it doesn't say whether the credential was
 * offered at all. Nothing is written anywhere.
 */
final class ConnectionWatch implements Logger {
    private static final String OFFERS = "Next authentication method: ";

    private boolean offered;
    private @Nullable Throwable swallowed;

    /** Whether the credential was offered; false too where the host let everybody in, or wants another method. */
    synchronized boolean offered() {
        return offered;
    }

    /** What interrupted the authentication. */
    synchronized Optional<Throwable> swallowed() {
        return Optional.ofNullable(swallowed);
    }

    @Override
    public boolean isEnabled(int level) {
        return level >= INFO;
    }

    @Override
    public synchronized void log(int level, String message) {
        if (message.startsWith(OFFERS)) {
            offered = true;
        }
    }

    @Override
    public synchronized void log(int level, String message, @Nullable Throwable cause) {
        if (level >= WARN && cause != null && swallowed == null) {
            swallowed = cause;
        }
        log(level, message);
    }
}
