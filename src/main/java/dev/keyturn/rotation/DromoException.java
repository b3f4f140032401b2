package dev.keyturn.rotation;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dromo did not do what was asked. */
public final class DromoException extends RemoteException {
    /** What went wrong, by who has to act. */
    public enum Fault {
        NOT_SENT(Disposition.TRANSIENT, "Check the network, proxy and dromo.url."),
        TLS(Disposition.REFUSED, "Check dromo.url, dromo.ca_file and whether a proxy re-signs TLS."),
        NO_ANSWER(
                Disposition.UNCLEAR,
                "Check the network and Dromo's status page. If the request was a PUT, Dromo may have it all the same, and"
                        + " the next recover asks."),
        SERVER_ERROR(Disposition.UNCLEAR, "Look at Dromo's status page; the next recover asks again."),
        MALFORMED_ANSWER(Disposition.UNCLEAR, "Check that dromo.url is Dromo's API and no proxy answers in its place."),
        RATE_LIMITED(Disposition.TRANSIENT, "Lower dromo.requests_per_second."),
        LICENSE_KEY_REFUSED(
                Disposition.REFUSED,
                "Check dromo.license_key: it must be the backend license key of the Dromo dashboard."),
        NOT_FOUND(Disposition.REFUSED, "Check the credential's dromo_id."),
        REJECTED(Disposition.REFUSED, "See Dromo's message; check hostname, port, user and auth type."),
        REDIRECTED(Disposition.REFUSED, "Redirects are never followed; check dromo.url."),
        SECRET_UNAVAILABLE(Disposition.REFUSED, "Mend the reference in the configuration.");

        private final Disposition disposition;
        private final String hint;

        Fault(Disposition disposition, String hint) {
            this.disposition = disposition;
            this.hint = hint;
        }

        public Disposition disposition() {
            return disposition;
        }

        public String hint() {
            return hint;
        }
    }

    private final Fault fault;

    public DromoException(Fault fault, String message) {
        this(fault, message, null, null);
    }

    public DromoException(Fault fault, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, fault.hint, fault.disposition, retryAfter, cause);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }

    @Override
    public String kind() {
        return fault.name().toLowerCase(Locale.ROOT);
    }
}
