package dev.keyturn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import biweekly.Biweekly;
import biweekly.ICalVersion;
import biweekly.ICalendar;
import biweekly.component.VEvent;
import biweekly.io.text.ICalReader;
import dev.keyturn.policy.Shift;
import dev.keyturn.rotation.Forecast;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.TestCredential;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Read back by a library that did not write it. */
class CalendarTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final Instant AT = Instant.parse("2026-11-07T01:10:05Z");
    private static final ManagedCredential ACME = TestCredential.named("acme-orders");

    @Test
    void isReadBackAsItWasMeant() throws Exception {
        String reason = "blackout 'Jahresabschluß; \"freeze\", alles, mit\\Zubehör und allem, was in keine Zeile paßt'";
        String text = print(new Forecast.Planned(
                ACME,
                AT,
                List.of(
                        new Shift(Shift.Cause.SCHEDULE, Instant.parse("2026-11-01T02:00:00Z"), "every 60d"),
                        new Shift(Shift.Cause.BLACKOUT, AT, reason))));

        try (ICalReader reader = new ICalReader(text)) {
            ICalendar calendar = reader.readNext();
            assertThat(reader.getWarnings()).isEmpty();
            assertThat(calendar.getVersion()).isEqualTo(ICalVersion.V2_0);
            VEvent event = calendar.getEvents().get(0);
            assertThat(event.getDateStart().getValue().toInstant()).isEqualTo(AT);
            assertThat(event.getDateTimeStamp().getValue().toInstant()).isEqualTo(NOW);
            assertThat(event.getDuration().getValue().toMillis()).isEqualTo(Forecast.LENGTH.toMillis());
            assertThat(event.getSummary().getValue()).isEqualTo("Rotate acme-orders");
            assertThat(event.getLocation().getValue()).isEqualTo(ACME.where());
            assertThat(event.getDescription().getValue())
                    .isEqualTo("every 60d: 2026-11-01T02:00:00Z, then " + reason + ": 2026-11-07T01:10:05Z");
        }
    }

    @Test
    void isValidAlsoWithoutAnEvent() {
        assertThat(Biweekly.parse(print()).first().getEvents()).isEmpty();
    }

    @Test
    void keepsLinesShortAndCharactersWhole() {
        String text = print(planned("ü".repeat(200)));

        assertThat(text).endsWith("\r\n");
        assertThat(text.split("\r\n"))
                .allSatisfy(line ->
                        assertThat(line.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(75));
        assertThat(text.replace("\r\n ", "")).contains("ü".repeat(200));
    }

    @Test
    void givesTheSameRotationTheSameId() {
        Forecast.Planned moved = new Forecast.Planned(
                ACME, AT.plusSeconds(60), planned("every 60d").shifts());

        assertThat(uid(print(moved))).isEqualTo(uid(print(planned("every 60d"))));
    }

    private static Forecast.Planned planned(String why) {
        return new Forecast.Planned(ACME, AT, List.of(new Shift(Shift.Cause.SCHEDULE, AT, why)));
    }

    private static String uid(String calendar) {
        return Biweekly.parse(calendar).first().getEvents().get(0).getUid().getValue();
    }

    private static String print(Forecast.Planned... planned) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new Calendar(new PrintStream(bytes, true, StandardCharsets.UTF_8)).print(List.of(planned), NOW);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
