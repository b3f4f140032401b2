package dev.keyturn.dromo;

import dev.keyturn.secret.SecretSource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How Dromo is reached. The configuration's {@code dromo} section.
 *
 * @param url where the API starts, e.g. {@code https://app.dromo.io/api/v1}; plain http for loopback addresses alone
 * @param licenseKey the backend license key
 * @param timeout for one request from the first byte sent to the last byte received, connecting included
 * @param requestsPerSecond over all threads; above zero
 * @param caFile PEM certificates to trust instead of the JVM's trust store; read at the first request
 * @param proxy {@code http://host:port}; no other proxy is ever used, whatever the JVM's properties say
 */
public record DromoSettings(
        URI url,
        SecretSource licenseKey,
        Duration timeout,
        double requestsPerSecond,
        Optional<Path> caFile,
        Optional<URI> proxy) {
    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);

    /** @throws IllegalArgumentException naming the field of the configuration, what is wrong and an accepted example */
    public DromoSettings {
        checkUrl(url);
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("dromo.timeout must be above zero and at most 1h; for example 30s");
        }
        if (!(requestsPerSecond > 0) || Double.isInfinite(requestsPerSecond)) {
            throw new IllegalArgumentException("dromo.requests_per_second must be above zero; for example 10");
        }
        if (proxy.isPresent()) {
            checkProxy(proxy.get(), url);
        }
    }

    private static void checkUrl(URI url) {
        Origin origin = Origin.of(url)
                .orElseThrow(() -> new IllegalArgumentException(
                        "dromo.url must be an https URL with a host; for example https://app.dromo.io/api/v1"));
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException("dromo.url takes no user, query or fragment;"
                    + " for example https://app.dromo.io/api/v1 (the license key belongs in dromo.license_key)");
        }
        if (!origin.encrypted() && !origin.loopback()) {
            throw new IllegalArgumentException("dromo.url: plain http would show the license key and each new secret to"
                    + " the network, so it is allowed for loopback addresses alone; for example https://"
                    + url.getRawAuthority());
        }
    }

    private static void checkProxy(URI proxy, URI url) {
        Origin origin = Origin.of(proxy).filter(o -> !o.encrypted()).orElse(null);
        String path = proxy.getRawPath();
        if (origin == null
                || proxy.getPort() < 0
                || proxy.getRawUserInfo() != null
                || proxy.getRawQuery() != null
                || proxy.getRawFragment() != null
                || !(path == null || path.isEmpty() || path.equals("/"))) {
            throw new IllegalArgumentException(
                    "dromo.proxy must be http://HOST:PORT, without a login; for example http://proxy.example:3128");
        }
        boolean tunnelled = Origin.of(url).filter(Origin::encrypted).isPresent();
        if (!tunnelled && !origin.loopback()) {
            throw new IllegalArgumentException("dromo.proxy: a plain http dromo.url would show the license key to the"
                    + " proxy, so it goes with a proxy on a loopback address alone; for example an https dromo.url");
        }
    }
}
