package dev.keyturn.dromo;

import dev.keyturn.rotation.DromoException;
import dev.keyturn.rotation.DromoException.Fault;
import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;

/** Says what became of a request whose answer did not come, by how far it got. */
final class Breakdown {
    private final Request request;
    private final Origin origin;
    private final String within;
    private final String via;

    Breakdown(Request request, Origin origin, DromoSettings settings) {
        this.request = request;
        this.origin = origin;
        this.within = "within dromo.timeout (" + settings.timeout().toMillis() / 1000.0 + " s)";
        this.via = settings.proxy().map(Breakdown::through).orElse("");
    }

    private static String through(URI proxy) {
        return " through the proxy " + proxy.getHost() + ":" + proxy.getPort();
    }

    DromoException tunnelRefused(int status) {
        return because(
                Fault.NOT_SENT, "no connection to " + origin + via + ": the proxy answered CONNECT with " + status);
    }

    DromoException beforeSending(boolean expired, Exception e) {
        String attempt = "no connection to " + origin + via;
        if (expired || e instanceof SocketTimeoutException) {
            return because(Fault.NOT_SENT, attempt + " " + within, e);
        }
        if (e instanceof ConnectionRequestTimeoutException) {
            return because(Fault.NOT_SENT, attempt + ": all are in use, and none came free " + within, e);
        }
        if (e instanceof UnknownHostException) {
            return because(Fault.NOT_SENT, attempt + ": the host name can't be resolved", e);
        }
        if (e instanceof SSLException && !brokenOff(e)) {
            return because(Fault.TLS, "no trusted connection to " + origin + via + ": " + words(e), e);
        }
        return because(Fault.NOT_SENT, attempt + ": " + words(e), e);
    }

    /** JSSE reports a peer that merely went away as a failed handshake; only the cause tells. */
    private static boolean brokenOff(Exception e) {
        return e.getCause() instanceof EOFException
                || e.getCause() instanceof SocketException
                || e.getCause() instanceof SocketTimeoutException;
    }

    DromoException afterSending(boolean expired, Exception e) {
        if (expired || e instanceof SocketTimeoutException) {
            return because(Fault.NO_ANSWER, "sent, but no complete answer " + within, e);
        }
        if (e instanceof NoHttpResponseException) {
            return because(Fault.NO_ANSWER, "sent, but the connection was closed without an answer", e);
        }
        if (e instanceof ClientProtocolException || e instanceof MessageConstraintException) {
            return because(Fault.MALFORMED_ANSWER, "the answer isn't proper HTTP", e);
        }
        return because(Fault.NO_ANSWER, "sent, but the connection broke before the answer: " + words(e), e);
    }

    DromoException insideBody(boolean expired, Exception e) {
        if (!expired
                && (e instanceof Transport.OversizedException
                        || e instanceof ConnectionClosedException
                        || e instanceof MalformedChunkCodingException)) {
            String what = e instanceof Transport.OversizedException ? "is " + e.getMessage() : "was cut short";
            return because(Fault.MALFORMED_ANSWER, "the answer's body " + what, e);
        }
        return afterSending(expired, e);
    }

    private DromoException because(Fault fault, String why) {
        return new DromoException(fault, request + ": " + why);
    }

    private DromoException because(Fault fault, String why, Exception cause) {
        return new DromoException(fault, request + ": " + why, null, cause);
    }

    private static String words(Exception e) {
        String message = e.getMessage();
        return Words.clean(message == null ? e.getClass().getSimpleName() : message);
    }
}
