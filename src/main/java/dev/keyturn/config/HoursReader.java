package dev.keyturn.config;

import dev.keyturn.policy.Blackout;
import dev.keyturn.policy.Hours;
import dev.keyturn.policy.Window;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads {@code policies.NAME.windows} and {@code blackouts}. */
final class HoursReader {
    static final Keys WINDOW =
            Keys.of("days", "[sat, sun]", "from", "\"01:00\"", "to", "\"05:00\"", "zone", "Europe/Berlin");
    static final Keys BLACKOUT =
            Keys.of("from", "2026-12-20", "to", "2027-01-02", "reason", "year-end freeze", "zone", "Europe/Berlin");
    private static final List<String> DAYS = Arrays.stream(DayOfWeek.values())
            .map(day -> day.name().substring(0, 3).toLowerCase(Locale.ROOT))
            .toList();
    private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]");
    private static final String END_OF_DAY = "24:00";
    /** ISO 8601 has years of more digits too, whose dates no instant can be reckoned with. */
    private static final Pattern YEAR = Pattern.compile("[0-9]{4}-");

    private HoursReader() {}

    /** @param usual the zone of windows and blackouts that name none */
    static Hours read(Section policy, ZoneId usual) {
        return new Hours(
                all(policy.value("windows"), item -> item.section(WINDOW).flatMap(it -> window(it, usual))),
                all(policy.value("blackouts"), item -> item.section(BLACKOUT).flatMap(it -> blackout(it, usual))));
    }

    /** None where one of them has a problem: what the others come to would be a second message for it. */
    private static <T> List<T> all(Optional<Value> list, Function<Value, Optional<T>> read) {
        List<Value> items = list.map(Value::items).orElse(List.of());
        List<T> sound =
                items.stream().flatMap(item -> read.apply(item).stream()).toList();
        return sound.size() == items.size() ? sound : List.of();
    }

    private static Optional<Window> window(Section section, ZoneId usual) {
        Optional<Set<DayOfWeek>> days = section.has("days")
                ? section.value("days").flatMap(HoursReader::days)
                : Optional.of(EnumSet.allOf(DayOfWeek.class));
        Optional<LocalTime> from = section.required("from").flatMap(value -> time(value, false));
        Optional<LocalTime> to = section.required("to").flatMap(value -> time(value, true));
        Optional<ZoneId> zone = zone(section, usual);
        if (days.isEmpty() || from.isEmpty() || to.isEmpty() || zone.isEmpty()) {
            return Optional.empty();
        }
        if (from.equals(to) && !from.get().equals(LocalTime.MIDNIGHT)) {
            section.reject(
                    "begins and ends at " + from.get() + ", so it is empty or a whole day",
                    "for a whole day {from: \"00:00\", to: \"24:00\"}");
            return Optional.empty();
        }
        return Optional.of(new Window(days.get(), from.get(), to.get(), zone.get()));
    }

    private static Optional<Set<DayOfWeek>> days(Value value) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        List<Value> items = value.items();
        for (Value item : items) {
            item.oneOf(DAYS)
                    .map(name -> DayOfWeek.of(DAYS.indexOf(name) + 1))
                    .filter(day -> !days.add(day))
                    .ifPresent(twice -> item.reject("stands here twice"));
        }
        return days.isEmpty() || days.size() < items.size() ? Optional.empty() : Optional.of(days);
    }

    /** 24:00 and 00:00 are the same midnight; which day's, the beginning decides. */
    private static Optional<LocalTime> time(Value value, boolean end) {
        return value.parsed(text -> {
            if (end && text.equals(END_OF_DAY)) {
                return LocalTime.MIDNIGHT;
            }
            if (!TIME.matcher(text).matches()) {
                throw new IllegalArgumentException(Problems.quote(text) + " is no time of day from 00:00 to "
                        + (end ? END_OF_DAY : "23:59") + ", with two digits each");
            }
            return LocalTime.parse(text);
        });
    }

    private static Optional<Blackout> blackout(Section section, ZoneId usual) {
        Optional<ZoneId> zone = zone(section, usual);
        Optional<Instant> from = section.required("from")
                .flatMap(value -> date(value, 0))
                .flatMap(local -> zone.map(it -> local.atZone(it).toInstant()));
        // A last day is in it, a time is the end.
        Optional<Instant> to = section.required("to")
                .flatMap(value -> date(value, 1))
                .flatMap(local -> zone.map(it -> local.atZone(it).toInstant()));
        String reason = section.value("reason").flatMap(Words::withoutControls).orElse("");
        if (from.isEmpty() || to.isEmpty()) {
            return Optional.empty();
        }
        if (!to.get().isAfter(from.get())) {
            section.reject("ends before it begins", "for example {from: 2026-12-20, to: 2027-01-02}");
            return Optional.empty();
        }
        return Optional.of(new Blackout(from.get(), to.get(), reason));
    }

    /** @param days later, for a date without a time */
    private static Optional<LocalDateTime> date(Value value, int days) {
        return value.parsed(text -> {
            try {
                if (YEAR.matcher(text).lookingAt()) {
                    return text.contains("T")
                            ? LocalDateTime.parse(text)
                            : LocalDate.parse(text).plusDays(days).atStartOfDay();
                }
            } catch (DateTimeParseException e) {
                throw notADate(text);
            }
            throw notADate(text);
        });
    }

    private static IllegalArgumentException notADate(String text) {
        return new IllegalArgumentException(
                Problems.quote(text) + " is no date, such as 2026-12-20 or 2026-12-20T18:00");
    }

    private static Optional<ZoneId> zone(Section section, ZoneId usual) {
        Function<Value, Optional<ZoneId>> read = ScheduleReader::zone;
        return section.has("zone") ? section.value("zone").flatMap(read) : Optional.of(usual);
    }
}
