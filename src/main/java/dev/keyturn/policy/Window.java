package dev.keyturn.policy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Hours of the week in which rotations may start, in local time.
 *
 * <p>Where a change to daylight-saving time skips its beginning or end, the moment of the change takes that place; one that
 * the change back repeats counts the first time. So a window may be an hour shorter or longer on such a day, and one that
 * was skipped as a whole does not come.
 *
 * @param days on which it begins
 * @param to not in it; {@link LocalTime#MIDNIGHT} is the end of the day, and earlier than {@code from} the next day
 */
public record Window(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {
    /** A week, and another one in case that a change of the clock skips the only day. */
    private static final int DAYS_AHEAD = 15;

    /** @throws IllegalArgumentException without a day, or where it would not end before it begins anew */
    public Window {
        if (days.isEmpty()) {
            throw new IllegalArgumentException("a window needs a day");
        }
        if (from.equals(to) && !from.equals(LocalTime.MIDNIGHT)) {
            throw new IllegalArgumentException("a window can't end at the time it begins");
        }
        days = Set.copyOf(days);
    }

    /** From {@code start}, to {@code end}, which isn't in it any more. */
    private record Span(Instant start, Instant end) {
        boolean contains(Instant instant) {
            return !instant.isBefore(start) && instant.isBefore(end);
        }
    }

    /** The first instant from {@code from} on that is inside; {@code from} itself where it is. */
    Instant opens(Instant from) {
        return next(from)
                .map(span -> span.start().isBefore(from) ? from : span.start())
                .orElseThrow(() -> new IllegalStateException("no " + this + " within two weeks of " + from));
    }

    /** The end of it; empty where {@code instant} isn't inside. */
    Optional<Instant> closes(Instant instant) {
        return next(instant).filter(span -> span.contains(instant)).map(Span::end);
    }

    private Optional<Span> next(Instant from) {
        // One that began yesterday may reach over midnight.
        LocalDate first = from.atZone(zone).toLocalDate().minusDays(1);
        return LongStream.range(0, DAYS_AHEAD)
                .mapToObj(first::plusDays)
                .filter(day -> days.contains(day.getDayOfWeek()))
                .map(this::on)
                .filter(span -> span.end().isAfter(from) && span.start().isBefore(span.end()))
                .findFirst();
    }

    private Span on(LocalDate day) {
        LocalDate end = to.isAfter(from) ? day : day.plusDays(1);
        return new Span(instant(day.atTime(from)), instant(end.atTime(to)));
    }

    private Instant instant(LocalDateTime local) {
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        return change != null && change.isGap()
                ? change.getInstant()
                : local.atZone(zone).toInstant();
    }

    /** As an operator would say it, e.g. {@code sat,sun 01:00-05:00 Europe/Berlin}. */
    public String describe() {
        String which = days.size() == DayOfWeek.values().length
                ? "daily"
                : sorted(days).stream()
                        .map(day -> day.name().substring(0, 3).toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(","));
        return which + " " + from + "-" + (to.equals(LocalTime.MIDNIGHT) ? "24:00" : to) + " " + zone;
    }

    private static Collection<DayOfWeek> sorted(Set<DayOfWeek> days) {
        return EnumSet.copyOf(days);
    }
}
