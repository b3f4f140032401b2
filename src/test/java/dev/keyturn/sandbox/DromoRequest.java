package dev.keyturn.sandbox;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the journal: a request as Dromo received it, whether or not it was served.
 *
 * @param order counts up over all events of all stand-ins in this JVM, {@link LoginAttempt} included
 * @param path as sent, for example {@code /api/v1/headless/sftp/credentials/}
 * @param query without the question mark; empty where there is none
 * @param headers by name in lower case
 * @param body as sent, secrets included; empty where there is none
 */
public record DromoRequest(
        long order,
        DromoCall call,
        String method,
        String path,
        String query,
        Map<String, String> headers,
        String body) {

    public @Nullable String licenseKey() {
        return headers.get("x-dromo-license-key");
    }

    /** The credential's id, or an empty text for a call that is about none. */
    public String credentialId() {
        String prefix = DromoCall.ROOT + "/credentials/";
        return path.startsWith(prefix) ? path.substring(prefix.length()).split("/", 2)[0] : "";
    }

    /** Without body and headers, which hold secrets. */
    @Override
    public String toString() {
        return order + " " + method + " " + path + (query.isEmpty() ? "" : "?" + query);
    }
}
