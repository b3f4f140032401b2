package dev.keyturn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemarkTest {
    @Test
    void takesWhatPeopleWrite() {
        assertThat(Remark.of("--reason", "Umzug: «Süd» → Nord, 100 % 🙂")).contains("🙂");
    }

    /** Who may pause something doesn't get to write on the terminal of who looks why. */
    @ParameterizedTest
    @ValueSource(strings = {"two\nlines", "\u001b[2Jclears it", "a\u202eb", "\u009b2J", "tab\there"})
    void refusesWhatATerminalWouldNotShow(String text) {
        assertThatThrownBy(() -> Remark.of("--reason", text))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "--reason takes one line of text, without control characters and of 500 characters at most");
    }

    @Test
    void refusesABook() {
        assertThatThrownBy(() -> Remark.of("--reason", "x".repeat(501))).isInstanceOf(UsageException.class);
    }
}
