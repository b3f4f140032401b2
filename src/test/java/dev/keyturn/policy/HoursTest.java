package dev.keyturn.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In Europe/Berlin clocks skip 02:00 to 03:00 on 29 March 2026 and repeat it on 25 October. */
class HoursTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Set<DayOfWeek> DAILY = EnumSet.allOf(DayOfWeek.class);

    @ParameterizedTest
    @CsvSource({
        // from, to, at, opens, closes; in local time without a change of the clock
        "01:00, 05:00, 2026-06-01T00:59:59, 2026-06-01T01:00, 2026-06-01T05:00",
        "01:00, 05:00, 2026-06-01T01:00,    2026-06-01T01:00, 2026-06-01T05:00",
        "01:00, 05:00, 2026-06-01T05:00,    2026-06-02T01:00, 2026-06-02T05:00",
        "22:00, 04:00, 2026-06-01T03:59,    2026-06-01T03:59, 2026-06-01T04:00",
        "22:00, 04:00, 2026-06-01T04:00,    2026-06-01T22:00, 2026-06-02T04:00",
        "22:00, 00:00, 2026-06-01T12:00,    2026-06-01T22:00, 2026-06-02T00:00",
        // the change in spring skips its beginning, its end, or all of it
        "02:30, 05:00, 2026-03-29T00:00,    2026-03-29T03:00, 2026-03-29T05:00",
        "01:00, 02:30, 2026-03-29T00:00,    2026-03-29T01:00, 2026-03-29T03:00",
        "02:10, 02:50, 2026-03-29T00:00,    2026-03-30T02:10, 2026-03-30T02:50",
    })
    void opensAndCloses(LocalTime from, LocalTime to, String at, String opens, String closes) {
        Hours hours = windows(new Window(DAILY, from, to, BERLIN));

        Instant opening = hours.opensAfter(local(at));

        assertThat(opening).isEqualTo(local(opens));
        assertThat(hours.closes(opening)).isEqualTo(local(closes));
    }

    @Test
    void countsRepeatedHoursTheFirstTime() {
        Window window = new Window(DAILY, LocalTime.of(1, 0), LocalTime.of(2, 30), BERLIN);
        Instant firstHalfPastTwo = Instant.parse("2026-10-25T00:30:00Z");

        Hours hours = windows(window);

        assertThat(hours.closes(Instant.parse("2026-10-24T23:00:00Z"))).isEqualTo(firstHalfPastTwo);
        assertThat(hours.open(firstHalfPastTwo.plus(Duration.ofMinutes(45))))
                .as("02:15 for the second time")
                .isFalse();
    }

    @Test
    void longWindowsGrowAndShrinkWithTheDay() {
        Hours night = windows(new Window(DAILY, LocalTime.of(22, 0), LocalTime.of(4, 0), BERLIN));

        assertThat(length(night, "2026-03-28T22:00")).isEqualTo(Duration.ofHours(5));
        assertThat(length(night, "2026-10-24T22:00")).isEqualTo(Duration.ofHours(7));
        assertThat(length(night, "2026-06-01T22:00")).isEqualTo(Duration.ofHours(6));
    }

    @Test
    void beginOnTheirDaysAndReachOverMidnight() {
        Hours fridayNight =
                windows(new Window(EnumSet.of(DayOfWeek.FRIDAY), LocalTime.of(22, 0), LocalTime.of(4, 0), BERLIN));

        assertThat(fridayNight.open(local("2026-06-06T03:00"))).as("Saturday").isTrue();
        assertThat(fridayNight.open(local("2026-06-05T03:00"))).as("Friday").isFalse();
    }

    @Test
    void windowsThatMeetAreOne() {
        Hours hours = windows(
                new Window(DAILY, LocalTime.of(22, 0), LocalTime.MIDNIGHT, BERLIN),
                new Window(DAILY, LocalTime.MIDNIGHT, LocalTime.of(2, 0), BERLIN));

        assertThat(hours.closes(local("2026-06-01T22:00"))).isEqualTo(local("2026-06-02T02:00"));
    }

    @Test
    void windowsWithoutAGapNeverClose() {
        Hours hours = windows(new Window(DAILY, LocalTime.MIDNIGHT, LocalTime.MIDNIGHT, BERLIN));

        assertThat(hours.closes(local("2026-06-01T22:00"))).isEqualTo(Instant.MAX);
        assertThat(hours.lastClosed(local("2025-06-01T22:00"), local("2026-06-01T22:00")))
                .isEmpty();
    }

    @Test
    void aBlackoutClosesAWindowThatIsOpen() {
        Blackout blackout = new Blackout(local("2026-06-01T02:00"), local("2026-06-01T03:00"), "");
        Hours hours = new Hours(
                List.of(new Window(DAILY, LocalTime.of(1, 0), LocalTime.of(5, 0), BERLIN)), List.of(blackout));

        assertThat(hours.closes(local("2026-06-01T01:30"))).isEqualTo(local("2026-06-01T02:00"));
        assertThat(hours.opensAfter(local("2026-06-01T02:00"))).isEqualTo(local("2026-06-01T03:00"));
        assertThat(hours.lastClosed(local("2026-05-31T12:00"), local("2026-06-01T04:00")))
                .contains(local("2026-06-01T02:00"));
    }

    @Test
    void blackoutsThatMeetAddUp() {
        Hours hours = new Hours(
                List.of(),
                List.of(
                        new Blackout(local("2026-02-01T00:00"), local("2026-03-01T00:00"), ""),
                        new Blackout(local("2026-01-01T00:00"), local("2026-02-01T00:00"), ""),
                        new Blackout(local("2026-05-01T00:00"), local("2026-05-02T00:00"), "")));

        assertThat(hours.longestBlackout()).isEqualTo(Duration.ofDays(59));
    }

    /** An independent view of the same hours: every quarter of an hour of a year, by the clock on the wall. */
    @Test
    void agreesWithTheClockOnTheWall() {
        Random random = new Random(20260601);
        for (int round = 0; round < 20; round++) {
            LocalTime from = LocalTime.of(random.nextInt(24), 15 * random.nextInt(4));
            LocalTime to = from.plusMinutes(15 * (1 + random.nextInt(94)));
            Set<DayOfWeek> days = EnumSet.of(DayOfWeek.of(1 + random.nextInt(7)), DayOfWeek.of(1 + random.nextInt(7)));
            // No change of the clock: what that does stands above.
            ZoneId zone = ZoneId.of("Asia/Kolkata");
            Hours hours = windows(new Window(days, from, to, zone));
            ZonedDateTime start = ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, zone);
            for (int quarter = 0; quarter < 4 * 24 * 365; quarter += 1 + random.nextInt(40)) {
                ZonedDateTime at = start.plusMinutes(15L * quarter);
                assertThat(hours.open(at.toInstant()))
                        .as("%s in %s %s-%s", at, days, from, to)
                        .isEqualTo(onTheWall(at, days, from, to));
            }
        }
    }

    private static boolean onTheWall(ZonedDateTime at, Set<DayOfWeek> days, LocalTime from, LocalTime to) {
        LocalTime time = at.toLocalTime();
        boolean today = days.contains(at.getDayOfWeek());
        boolean yesterday = days.contains(at.getDayOfWeek().minus(1));
        boolean overMidnight = !to.isAfter(from);
        return overMidnight
                ? (today && !time.isBefore(from)) || (yesterday && time.isBefore(to))
                : today && !time.isBefore(from) && time.isBefore(to);
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Window(DAILY, LocalTime.NOON, LocalTime.NOON, BERLIN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Window(Set.of(), LocalTime.NOON, LocalTime.MIDNIGHT, BERLIN));
        assertThatIllegalArgumentException().isThrownBy(() -> new Blackout(Instant.EPOCH, Instant.EPOCH, ""));
    }

    private static Duration length(Hours hours, String opens) {
        return Duration.between(local(opens), hours.closes(local(opens)));
    }

    private static Hours windows(Window... windows) {
        return new Hours(List.of(windows), List.of());
    }

    private static Instant local(String time) {
        return java.time.LocalDateTime.parse(time).atZone(BERLIN).toInstant();
    }
}
