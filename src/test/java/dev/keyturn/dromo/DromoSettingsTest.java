package dev.keyturn.dromo;

import static dev.keyturn.dromo.Fixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DromoSettingsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://app.dromo.io/api/v1",
                "https://10.0.0.1:8443",
                "http://127.0.0.1:8080/api/v1",
                "http://127.255.3.9",
                "http://localhost:8080",
                "http://[::1]:8080",
                "http://[0:0:0:0:0:0:0:1]:8080"
            })
    void acceptsHttpsAndPlainHttpOnLoopback(String url) {
        assertThat(settings(url).url()).isEqualTo(URI.create(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://app.dromo.io/api/v1",
                "http://127.0.0.1.example.com",
                "http://localhost.example.com",
                "http://128.0.0.1",
                "http://127.1",
                "http://127.0.0.256",
                "http://[::2]",
                "http://[::ffff:10.0.0.1]",
                "https://user:pass@app.dromo.io",
                "https://app.dromo.io/?key=k",
                "https://app.dromo.io/#top",
                "https://app.dromo.io:0/",
                "ftp://app.dromo.io",
                "app.dromo.io/api",
                "https:///api"
            })
    void refusesEverythingElse(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(url))
                .withMessageStartingWith("dromo.url")
                .withMessageContaining("for example https://");
    }

    @Test
    void wantsATimeoutAboveZero() {
        for (Duration timeout : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1), Duration.ofHours(2)}) {
            assertThatThrownBy(() -> settings("https://app.dromo.io", timeout, Optional.empty(), Optional.empty()))
                    .hasMessageStartingWith("dromo.timeout");
        }
    }

    @Test
    void wantsARateAboveZero() {
        for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new DromoSettings(
                            URI.create("https://app.dromo.io"),
                            Fixture.source("k"),
                            Duration.ofSeconds(1),
                            rate,
                            Optional.empty(),
                            Optional.empty()))
                    .hasMessageStartingWith("dromo.requests_per_second");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://proxy:3128",
                "http://proxy",
                "http://u:p@proxy:3128",
                "http://proxy:3128/path",
                "socks5://proxy:1080",
                "proxy:3128"
            })
    void wantsAProxyWithHostAndPort(String proxy) {
        assertThatThrownBy(() -> settings(
                        "https://app.dromo.io",
                        Duration.ofSeconds(1),
                        Optional.empty(),
                        Optional.of(URI.create(proxy))))
                .hasMessageStartingWith("dromo.proxy must be http://HOST:PORT");
    }

    @Test
    void showsTheLicenseKeyToNoProxyInTheClear() {
        assertThatThrownBy(() -> settings(
                        "http://127.0.0.1:8080",
                        Duration.ofSeconds(1),
                        Optional.empty(),
                        Optional.of(URI.create("http://proxy.example:3128"))))
                .hasMessageContaining("would show the license key to the proxy");
    }
}
