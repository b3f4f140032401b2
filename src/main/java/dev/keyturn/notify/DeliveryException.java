package dev.keyturn.notify;

import java.time.Duration;
import java.util.Optional;

/** A message was not delivered. The text says why, without secrets and without the path of an address. */
final class DeliveryException extends Exception {
    private final boolean transientCause;
    private final Optional<Duration> notBefore;

    private DeliveryException(String message, boolean transientCause, Optional<Duration> notBefore) {
        super(message);
        this.transientCause = transientCause;
        this.notBefore = notBefore;
    }

    /** The same again would come to the same. */
    static DeliveryException refused(String message) {
        return new DeliveryException(message, false, Optional.empty());
    }

    /** May go better a little later. */
    static DeliveryException unreached(String message) {
        return new DeliveryException(message, true, Optional.empty());
    }

    /** @param notBefore what the other side asked to wait */
    static DeliveryException busy(String message, Optional<Duration> notBefore) {
        return new DeliveryException(message, true, notBefore);
    }

    boolean worthAnotherTry() {
        return transientCause;
    }

    Optional<Duration> notBefore() {
        return notBefore;
    }
}
