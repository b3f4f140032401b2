package dev.keyturn.cli;

import dev.keyturn.rotation.Forecast;
import dev.keyturn.rotation.Gates;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** The coming rotations as an iCalendar object (RFC 5545), for the calendar of a team. */
final class Calendar {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    /** RFC 5545, section 3.1: octets a line, without its line break. */
    private static final int LONGEST_LINE = 75;

    private final PrintStream out;

    Calendar(PrintStream out) {
        this.out = out;
    }

    /** @param now when the calendar was made */
    void print(List<Forecast.Planned> planned, Instant now) {
        line("BEGIN:VCALENDAR");
        line("VERSION:2.0");
        line("PRODID:-//Keyturn//Keyturn plan//EN");
        line("NAME:Keyturn");
        for (Forecast.Planned each : planned) {
            String name = each.credential().name();
            line("BEGIN:VEVENT");
            // The same rotation has the same id in each export, so that importing again replaces it.
            line("UID:" + name + "-" + TIME.format(each.shifts().get(0).to()) + "@keyturn");
            line("DTSTAMP:" + TIME.format(now));
            line("DTSTART:" + TIME.format(each.at()));
            line("DURATION:PT" + Forecast.LENGTH.toSeconds() + "S");
            line("SUMMARY:" + text("Rotate " + name));
            line("LOCATION:" + text(each.credential().where()));
            line("DESCRIPTION:" + text(Gates.path(each.shifts())));
            line("TRANSP:TRANSPARENT");
            line("END:VEVENT");
        }
        line("END:VCALENDAR");
    }

    private static String text(String text) {
        return text.replace("\\", "\\\\")
                .replace(";", "\\;")
                .replace(",", "\\,")
                .replace("\n", "\\n");
    }

    /** Folded, between characters. */
    private void line(String content) {
        int octets = 0;
        StringBuilder folded = new StringBuilder();
        for (int i = 0; i < content.length(); i += Character.charCount(content.codePointAt(i))) {
            String character = Character.toString(content.codePointAt(i));
            int length = character.getBytes(StandardCharsets.UTF_8).length;
            if (octets + length > LONGEST_LINE) {
                folded.append("\r\n ");
                octets = 1;
            }
            folded.append(character);
            octets += length;
        }
        out.print(folded + "\r\n");
    }
}
