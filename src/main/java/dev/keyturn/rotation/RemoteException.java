package dev.keyturn.rotation;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A host or Dromo did not do what was asked. Divided by who acts next, never by text; the message says what failed and
 * where, {@link #hint()} what to do. Neither ever holds a secret.
 */
public abstract sealed class RemoteException extends Exception permits HostException, DromoException {
    /** What is known of the change that was asked for, and so what may be done next. */
    public enum Disposition {
        /** Nothing was changed; the same request may succeed in a moment. */
        TRANSIENT,
        /** A clear no; nothing was changed, and asking again would not help. */
        REFUSED,
        /** The answer never came or made no sense: the change may or may not have been made. Look before acting. */
        UNCLEAR
    }

    private final Disposition disposition;
    private final String hint;
    private final @Nullable Duration retryAfter;

    RemoteException(
            String message,
            String hint,
            Disposition disposition,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause);
        this.hint = hint;
        this.disposition = disposition;
        this.retryAfter = retryAfter;
    }

    public Disposition disposition() {
        return disposition;
    }

    /** What a person can do about it; one sentence. */
    public String hint() {
        return hint;
    }

    /** What failed, and what to do about it: whole sentences in one line. */
    public String withHint() {
        String message = String.valueOf(getMessage());
        return message + (message.endsWith(".") ? " " : ". ") + hint;
    }

    /** How long the other side asked to be left alone. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** The stable name of the kind of failure, in lower_snake_case, as it stands in JSON and in the audit log. */
    public abstract String kind();
}
