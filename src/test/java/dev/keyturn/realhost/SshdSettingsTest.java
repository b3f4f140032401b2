package dev.keyturn.realhost;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SshdSettingsTest {

    @ParameterizedTest
    @CsvSource({
        "'OpenSSH_9.2, OpenSSL 3.0.19 27 Jan 2026', false",
        "'OpenSSH_9.7p1 Ubuntu-7', false",
        "'OpenSSH_9.8p1', true",
        "'OpenSSH_10.0p2 Debian-7, OpenSSL 3.5.1', true"
    })
    void knowsWhichVersionsPunishRefusals(String version, boolean punishes) {
        assertThat(SshdSettings.penalises(version)).isEqualTo(punishes);
    }
}
