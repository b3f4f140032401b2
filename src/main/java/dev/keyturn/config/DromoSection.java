package dev.keyturn.config;

import dev.keyturn.secret.SecretSource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How to reach Dromo.
 *
 * @param url the API's base, without a slash at its end; https, or http to a loopback address
 * @param licenseKey the backend license key
 * @param timeout for each request
 * @param requestsPerSecond the most Dromo is asked, over all rotations
 * @param caFile certificate authorities in PEM, instead of those of the JVM
 * @param proxy an HTTP proxy, {@code http://HOST:PORT}
 */
public record DromoSection(
        URI url,
        SecretSource licenseKey,
        Duration timeout,
        int requestsPerSecond,
        Optional<Path> caFile,
        Optional<URI> proxy) {
    static final Keys KEYS = Keys.of(
            "url", "https://app.dromo.io/api/v1",
            "license_key", "{credential: dromo-license-key}",
            "timeout", "30s",
            "requests_per_second", "10",
            "ca_file", "/etc/keyturn/proxy-ca.pem",
            "proxy", "http://proxy.example:3128");
    private static final URI DEFAULT_URL = URI.create("https://app.dromo.io/api/v1");
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final int DEFAULT_REQUESTS_PER_SECOND = 10;

    static DromoSection read(Section section, References references) {
        return new DromoSection(
                section.value("url").flatMap(url -> url.parsed(WebAddress::api)).orElse(DEFAULT_URL),
                section.required("license_key").flatMap(references::secret).orElse(UnreadSecret.INSTANCE),
                section.value("timeout")
                        .flatMap(timeout -> timeout.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)))
                        .orElse(DEFAULT_TIMEOUT),
                section.value("requests_per_second")
                        .flatMap(rate -> rate.wholeNumber(1, 1000))
                        .orElse(DEFAULT_REQUESTS_PER_SECOND),
                section.value("ca_file").flatMap(references::path),
                section.value("proxy").flatMap(proxy -> proxy.parsed(WebAddress::proxy)));
    }

    /** Stands for a section that has a problem. */
    static DromoSection unread() {
        return new DromoSection(
                DEFAULT_URL,
                UnreadSecret.INSTANCE,
                DEFAULT_TIMEOUT,
                DEFAULT_REQUESTS_PER_SECOND,
                Optional.empty(),
                Optional.empty());
    }
}
