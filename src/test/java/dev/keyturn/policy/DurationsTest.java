package dev.keyturn.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "90d, P90D",
        "12h, PT12H",
        "30m, PT30M",
        "45s, PT45S",
        "1d12h, P1DT12H",
        "1d2h3m4s, P1DT2H3M4S",
        "0s, PT0S",
        "90m, PT1H30M",
        "PT12H, PT12H",
        "P2DT1H, P2DT1H"
    })
    void readsWhatPeopleWrite(String text, Duration expected) {
        assertThat(Durations.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"90d", "1d12h", "30m", "45s", "1d2h3m4s", "0s", "36500d"})
    void printsTheFormItReads(String text) {
        assertThat(Durations.print(Durations.parse(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"PT90M, 1h30m", "36h, 1d12h", "120s, 2m"})
    void printsTheShortestForm(String text, String printed) {
        assertThat(Durations.print(Durations.parse(text))).isEqualTo(printed);
    }

    @Test
    void printsFractionsOfASecondSoThatTheyCanBeReadAgain() {
        Duration half = Duration.ofMillis(1500);

        assertThat(Durations.parse(Durations.print(half))).isEqualTo(half);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "90", "d", "90 d", "-1d", "1.5h", "1h1d", "1w", "1d1d", "P", "PT", "-PT1H", "PT-1H", "P1M",
                "p1d", "٣d", "90D", "1d\n"
            })
    void namesAcceptedExamplesForAnythingElse(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessage("'" + text + "' is not a duration such as 90d, 1d12h, 30m, 45s or PT12H");
    }

    /** A date that far off has no four-digit year, and so no RFC 3339 form; further off it overflows. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "36501d",
                "36500d1s",
                "999999999d",
                "999999999999d",
                "99999999999999999999d",
                "PT9223372036854775807S",
                "P106751991167300D",
                "P99999999999999999D"
            })
    void refusesMoreThanACentury(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessageContaining("'" + text + "'");
    }
}
