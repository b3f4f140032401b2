package dev.keyturn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PauseCommandTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    @Test
    void endsAfterADurationOrAtAnInstantOrNotByItself() {
        assertThat(PauseCommand.end("1d12h", NOW)).contains(NOW.plus(Duration.ofHours(36)));
        assertThat(PauseCommand.end("2026-12-24T18:00:00+01:00", NOW)).contains(Instant.parse("2026-12-24T17:00:00Z"));
        assertThat(PauseCommand.end("2026-12-24T18:00Z", NOW)).contains(Instant.parse("2026-12-24T18:00:00Z"));
        assertThat(PauseCommand.end(null, NOW)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tomorrow", "2026-12-24", "2026-12-24T18:00:00", "-4h", "4"})
    void refusesWhatCouldMeanTwoThings(String until) {
        assertThatThrownBy(() -> PauseCommand.end(until, NOW))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--until takes a duration such as 4h");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "2026-11-24T12:00:00Z", "2020-01-01T00:00:00Z"})
    void refusesAnEndThatIsOver(String until) {
        assertThatThrownBy(() -> PauseCommand.end(until, NOW))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("is not in the future");
    }
}
