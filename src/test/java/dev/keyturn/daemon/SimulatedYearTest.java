package dev.keyturn.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.daemon.SimulatedYear.Start;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A year of a thousand credentials under mixed policies, with hosts that are down, rotations that fail, and a daemon that is
 * away for seconds, hours and weeks. What is to hold is checked against local time and plain counting, not against the code
 * that made the dates.
 */
class SimulatedYearTest {
    private static final long SEED = Long.getLong("keyturn.seed", 20260101);
    private static SimulatedYear year;

    @BeforeAll
    static void simulate() {
        year = SimulatedYear.of(1000, SEED);
    }

    @Test
    void isAYearWithSomethingInIt() {
        assertThat(year.starts()).as(seed()).hasSizeGreaterThan(5_000);
        assertThat(year.starts().stream().filter(Start::failed)).as(seed()).hasSizeGreaterThan(100);
        assertThat(year.starts().stream().map(Start::credential).distinct())
                .as("credentials that were rotated; " + seed())
                .hasSize(1000);
    }

    @Test
    void beginsNoRotationOutsideOfItsWindow() {
        assertThat(year.starts())
                .allSatisfy(start ->
                        assertThat(inWindow(start)).as("%s; %s", start, seed()).isTrue());
    }

    private static boolean inWindow(Start start) {
        return switch (start.kind()) {
            case WEEKEND_NIGHTS -> {
                ZonedDateTime local = start.at().atZone(SimulatedYear.BERLIN);
                yield local.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) >= 0
                        && between(local.toLocalTime(), LocalTime.of(1, 0), LocalTime.of(5, 0));
            }
            case OVER_MIDNIGHT -> {
                LocalTime local = start.at().atZone(SimulatedYear.NEW_YORK).toLocalTime();
                yield !local.isBefore(LocalTime.of(22, 0)) || local.isBefore(LocalTime.of(1, 30));
            }
            case ANY_TIME, SKIPPING, AT_ONCE -> true;
        };
    }

    private static boolean between(LocalTime time, LocalTime from, LocalTime to) {
        return !time.isBefore(from) && time.isBefore(to);
    }

    @Test
    void beginsNoRotationInABlackout() {
        assertThat(year.starts())
                .filteredOn(start -> start.kind() != SimulatedYear.Kind.ANY_TIME)
                .noneSatisfy(start -> assertThat(start.at())
                        .isBetween(
                                SimulatedYear.FREEZE.from(),
                                SimulatedYear.FREEZE.to().minusMillis(1)));
        assertThat(year.starts())
                .as("others are rotated meanwhile")
                .anySatisfy(start ->
                        assertThat(start.at()).isBetween(SimulatedYear.FREEZE.from(), SimulatedYear.FREEZE.to()));
    }

    @Test
    void beginsNothingThatIsNotDue() {
        Map<String, Instant> succeeded = new HashMap<>();
        Map<String, Instant> failed = new HashMap<>();
        for (Start start : year.starts()) {
            Instant since = succeeded.getOrDefault(start.credential(), SimulatedYear.BEGIN);
            if (!failed.containsKey(start.credential())) {
                assertThat(start.kind().wasDue(since, start.at()))
                        .as("%s, last success %s; %s", start, since, seed())
                        .isTrue();
            }
            failed.remove(start.credential());
            if (start.failed()) {
                failed.put(start.credential(), start.at());
            } else {
                succeeded.put(start.credential(), start.ended());
            }
        }
    }

    @Test
    void beginsNothingWhileTheOverlapOfTheRotationBeforeLasts() {
        forEachAfterASuccess((success, start) -> assertThat(start.at())
                .as("%s, last success %s; %s", start, success, seed())
                .isAfterOrEqualTo(success.plus(start.kind().overlap())));
    }

    @Test
    void rotatesNothingTwiceForOneDate() {
        forEachAfterASuccess((success, start) -> assertThat(start.kind().wasDueAnew(success, start.at()))
                .as("another date than the last rotation's: %s, last success %s; %s", start, success, seed())
                .isTrue());
    }

    /** Retries too: the success is the last one before. */
    private static void forEachAfterASuccess(BiConsumer<Instant, Start> check) {
        Map<String, Instant> succeeded = new HashMap<>();
        for (Start start : year.starts()) {
            Instant success = succeeded.get(start.credential());
            if (success != null) {
                check.accept(success, start);
            }
            if (!start.failed()) {
                succeeded.put(start.credential(), start.ended());
            }
        }
    }

    @Test
    void leavesNoCredentialTooOldWithoutSayingSo() {
        Map<String, Instant> since = new HashMap<>();
        for (Start start : year.starts()) {
            Instant before = since.getOrDefault(start.credential(), SimulatedYear.BEGIN);
            boolean tooOld =
                    Duration.between(before, start.at()).compareTo(start.kind().maxAge()) > 0;
            assertThat(start.wasOverdue()).as("%s; %s", start, seed()).isEqualTo(tooOld);
            if (!start.failed()) {
                since.put(start.credential(), start.ended());
            }
        }
        assertThat(year.starts()).as("weeks of downtime leave their trace").anyMatch(Start::wasOverdue);
    }

    @Test
    void keepsToTheLimitsAlsoAfterDowntime() {
        Map<String, Deque<Instant>> byHost = new HashMap<>();
        Deque<Instant> all = new ArrayDeque<>();
        int mostAtOnce = 0;
        for (Start start : year.starts()) {
            mostAtOnce = Math.max(mostAtOnce, running(all, start));
            assertThat(running(byHost.computeIfAbsent(start.host(), host -> new ArrayDeque<>()), start))
                    .as("on one host: %s; %s", start, seed())
                    .isLessThanOrEqualTo(SimulatedYear.PER_HOST);
        }
        assertThat(mostAtOnce).as(seed()).isEqualTo(SimulatedYear.WORKERS);
    }

    /** Starts are in order, and all take the same time. */
    private static int running(Deque<Instant> ends, Start start) {
        while (!ends.isEmpty() && !ends.peek().isAfter(start.at())) {
            ends.poll();
        }
        ends.add(start.ended());
        return ends.size();
    }

    @Test
    void comesBackAfterEachDowntime() {
        for (SimulatedYear.Downtime downtime : SimulatedYear.DOWNTIMES) {
            assertThat(year.starts())
                    .as("%s; %s", downtime, seed())
                    .noneMatch(start ->
                            !start.at().isBefore(downtime.from()) && start.at().isBefore(downtime.to()));
        }
        // Twice the longest interval: after all its retries, one waits for the next date.
        Instant late = SimulatedYear.END.minus(Duration.ofDays(65));
        assertThat(year.starts().stream()
                        .filter(start -> start.at().isAfter(late) && !start.failed())
                        .map(Start::credential)
                        .distinct())
                .as("nothing was forgotten; " + seed())
                .hasSize(1000);
    }

    @Test
    void isTheSameForTheSameSeed() {
        List<Start> again = SimulatedYear.of(1000, SEED).starts();

        assertThat(again).isEqualTo(year.starts());
        assertThat(SimulatedYear.of(50, SEED + 1).starts())
                .isNotEqualTo(SimulatedYear.of(50, SEED).starts());
    }

    private static String seed() {
        return "-Dkeyturn.seed=" + SEED;
    }
}
