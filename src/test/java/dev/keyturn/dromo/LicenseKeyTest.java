package dev.keyturn.dromo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.dromo.Fixture.CountingSource;
import dev.keyturn.rotation.DromoException;
import dev.keyturn.rotation.DromoException.Fault;
import dev.keyturn.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LicenseKeyTest {
    private final Fixture fixture = new Fixture();
    private final CountingSource source = Fixture.source("first\n");
    private final LicenseKey key = new LicenseKey(source, fixture.nanos::get);

    private String text() throws DromoException {
        try (Secret copy = key.copy()) {
            return new String(copy.expose(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void isReadOnceForTenSeconds() throws DromoException {
        assertThat(text()).isEqualTo("first");
        source.change("second");
        fixture.nanos.addAndGet(Duration.ofSeconds(10).toNanos() - 1);
        assertThat(text()).isEqualTo("first");
        assertThat(source.reads).hasValue(1);

        fixture.nanos.addAndGet(1);

        assertThat(text()).isEqualTo("second");
    }

    @Test
    void isReadAnewOnceForgotten() throws DromoException {
        text();
        source.change("second");

        key.forget();

        assertThat(text()).isEqualTo("second");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n", "two words", "a\r\nX-Other: b", "schlüssel"})
    void mustFitIntoAHeader(String text) {
        source.change(text);

        DromoException e = Fixture.failure(this::text);

        assertThat(e.fault()).isEqualTo(Fault.SECRET_UNAVAILABLE);
        assertThat(e).hasMessageStartingWith("dromo.license_key: what credential 'dromo-license-key' yields");
        assertThat(text.isBlank() || !e.getMessage().contains(text)).isTrue();
    }
}
