package dev.keyturn.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.policy.Shift.Cause;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DueDateTest {
    private static final Instant SUCCESS = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant FAILURE = Instant.parse("2026-03-02T03:00:00Z");
    private static final Schedule EVERY_60_DAYS = new Schedule.Every(Duration.ofDays(60));
    private static final RetryRule TWICE = new RetryRule(2, Duration.ofMinutes(1), Duration.ofHours(1));
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    /** The first date of {@link #SUNDAYS} after {@link #SUCCESS} is 4 January, 02:00 UTC. */
    private static final Schedule SUNDAYS = new Schedule.Cron(CronExpression.parse("0 3 * * SUN"), BERLIN);

    private static final Window WEEKEND = new Window(
            EnumSet.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY), LocalTime.of(1, 0), LocalTime.of(5, 0), BERLIN);
    private static final Blackout FREEZE =
            new Blackout(Instant.parse("2026-01-03T00:00:00Z"), Instant.parse("2026-01-06T00:00:00Z"), "freeze");

    @Test
    void countsFromTheLastSuccess() {
        assertThat(at(EVERY_60_DAYS, SUCCESS)).isEqualTo("2026-03-02T00:00:00Z");
    }

    @Test
    void mayLieInThePast() {
        assertThat(at(EVERY_60_DAYS, Instant.parse("2026-03-02T00:30:00Z"))).isEqualTo("2026-03-02T00:00:00Z");
    }

    @Test
    void comesBackByTheRetryRuleAfterAFailure() {
        Instant first = afterFailures(1, FAILURE).orElseThrow().at();
        assertThat(first).isBetween(FAILURE, FAILURE.plus(Duration.ofMinutes(1)));
        assertThat(afterFailures(2, FAILURE).orElseThrow().at())
                .isBetween(FAILURE, FAILURE.plus(Duration.ofMinutes(2)));
        assertThat(afterFailures(1, FAILURE.plusSeconds(9)).orElseThrow().at())
                .as("time goes by, and its draw stays the same")
                .isEqualTo(first);
    }

    @Test
    void waitsForTheNextDateAfterTheLastRetry() {
        assertThat(afterFailures(3, FAILURE).orElseThrow().at()).isEqualTo(FAILURE.plus(Duration.ofDays(60)));
    }

    @Test
    void comesBackAtOnceAfterAFailureThatTheClockHasYetToComeTo() {
        Instant yearBefore = FAILURE.minus(Duration.ofDays(365));

        for (int failures : new int[] {1, 2, 3}) {
            assertThat(afterFailures(failures, yearBefore).orElseThrow().at())
                    .as("after %s failures", failures)
                    .isEqualTo(yearBefore);
        }
    }

    @Test
    void hasNoDateWithoutASchedule() {
        Past failed = new Past("acme", SUCCESS, Optional.of(SUCCESS), 1, Optional.of(FAILURE), List.of());

        assertThat(DueDate.next(policy(timing(null, Hours.ALWAYS, Missed.NEXT_WINDOW)), failed, FAILURE))
                .isEmpty();
    }

    @Test
    void hasNoDateWhereTheScheduleNeverFires() {
        Schedule never = new Schedule.Cron(CronExpression.parse("0 3 30 2 *"), ZoneOffset.UTC);

        assertThat(next(timing(never, Hours.ALWAYS, Missed.NEXT_WINDOW), SUCCESS))
                .isEmpty();
    }

    @Test
    void staysWhereAWindowIsOpen() {
        Due due = next(timing(SUNDAYS, windows(WEEKEND), Missed.NEXT_WINDOW), SUCCESS)
                .orElseThrow();

        assertThat(due.at()).isEqualTo("2026-01-04T02:00:00Z");
        assertThat(due.shifts()).hasSize(1);
    }

    @Test
    void movesToTheNextWindowAndSaysWhy() {
        Schedule mondays = new Schedule.Cron(CronExpression.parse("0 3 * * MON"), BERLIN);

        Due due = next(timing(mondays, windows(WEEKEND), Missed.NEXT_WINDOW), SUCCESS)
                .orElseThrow();

        assertThat(due.asked()).isEqualTo("2026-01-05T02:00:00Z");
        assertThat(due.at()).isEqualTo("2026-01-10T00:00:00Z");
        assertThat(causes(due)).containsExactly(Cause.SCHEDULE, Cause.WINDOW);
        assertThat(due.shifts().get(1).why()).isEqualTo("window sat,sun 01:00-05:00 Europe/Berlin");
    }

    @Test
    void movesBehindABlackoutAndThenIntoAWindow() {
        Due due = next(timing(SUNDAYS, new Hours(List.of(WEEKEND), List.of(FREEZE)), Missed.NEXT_WINDOW), SUCCESS)
                .orElseThrow();

        assertThat(due.at()).isEqualTo("2026-01-10T00:00:00Z");
        assertThat(causes(due)).containsExactly(Cause.SCHEDULE, Cause.BLACKOUT, Cause.WINDOW);
        assertThat(due.shifts().get(1).why()).isEqualTo("blackout 'freeze'");
    }

    @Test
    void startsWhatItMissedInTheNextWindow() {
        // Down from Saturday to Tuesday.
        Instant tuesday = Instant.parse("2026-01-06T12:00:00Z");

        Due due = next(timing(SUNDAYS, windows(WEEKEND), Missed.NEXT_WINDOW), tuesday)
                .orElseThrow();

        assertThat(due.at()).isEqualTo("2026-01-10T00:00:00Z");
        assertThat(causes(due)).contains(Cause.MISSED);
    }

    @Test
    void startsWhatItMissedInTheWindowThatIsOpenNow() {
        Instant inTheNextWindow = Instant.parse("2026-01-10T01:30:00Z");

        assertThat(next(timing(SUNDAYS, windows(WEEKEND), Missed.NEXT_WINDOW), inTheNextWindow)
                        .orElseThrow()
                        .at())
                .isEqualTo("2026-01-10T00:00:00Z");
    }

    @Test
    void startsWhatItMissedAtOnceWhereThePolicySaysSo() {
        Instant tuesday = Instant.parse("2026-01-06T12:00:00Z");

        assertThat(next(timing(SUNDAYS, windows(WEEKEND), Missed.AT_ONCE), tuesday)
                        .orElseThrow()
                        .at())
                .isEqualTo(tuesday);
    }

    @Test
    void startsNothingInABlackoutWhateverItMissed() {
        Instant inFreeze = Instant.parse("2026-01-05T12:00:00Z");
        Hours hours = new Hours(List.of(), List.of(FREEZE));
        Schedule fridays = new Schedule.Cron(CronExpression.parse("0 3 * * FRI"), BERLIN);

        for (Missed missed : new Missed[] {Missed.AT_ONCE, Missed.NEXT_WINDOW}) {
            assertThat(next(timing(fridays, hours, missed), inFreeze)
                            .orElseThrow()
                            .at())
                    .as(missed.label())
                    .isEqualTo(FREEZE.to());
        }
    }

    @Test
    void leavesOutWhatItMissedWhereThePolicySaysSo() {
        Instant tuesday = Instant.parse("2026-01-06T12:00:00Z");
        Timing timing = timing(SUNDAYS, windows(WEEKEND), Missed.SKIP);

        assertThat(next(timing, tuesday).orElseThrow().at()).isEqualTo("2026-01-11T02:00:00Z");
        assertThat(next(timing, Instant.parse("2026-01-11T02:10:00Z"))
                        .orElseThrow()
                        .at())
                .as("and it is due when that date has come")
                .isEqualTo("2026-01-11T02:00:00Z");
    }

    @Test
    void leavesOutWithoutWindowsWhatIsMoreThanAnHourLate() {
        Timing timing = timing(EVERY_60_DAYS, Hours.ALWAYS, Missed.SKIP);
        Instant date = SUCCESS.plus(Duration.ofDays(60));

        assertThat(next(timing, date.plus(Duration.ofMinutes(59))).orElseThrow().at())
                .isEqualTo(date);
        assertThat(next(timing, date.plus(Duration.ofMinutes(61))).orElseThrow().at())
                .isEqualTo(date.plus(Duration.ofDays(60)));
        assertThat(next(timing, date.plus(Duration.ofDays(60)).plusSeconds(9))
                        .orElseThrow()
                        .at())
                .as("the next one is due when it has come")
                .isEqualTo(date.plus(Duration.ofDays(60)));
    }

    @Test
    void spreadsAFleetByNameAndKeepsItInItsWindow() {
        Timing timing =
                new Timing(Optional.of(SUNDAYS), Duration.ofHours(9), windows(WEEKEND), Missed.NEXT_WINDOW, TWICE);

        Set<Instant> dates = IntStream.range(0, 500)
                .mapToObj(i -> DueDate.next(policy(timing), Past.of("acme-" + i, SUCCESS), SUCCESS)
                        .orElseThrow()
                        .at())
                .collect(Collectors.toSet());

        assertThat(dates)
                .hasSizeGreaterThan(400)
                .allSatisfy(date -> assertThat(date)
                        .isBetween(Instant.parse("2026-01-04T02:00:00Z"), Instant.parse("2026-01-04T03:59:59Z")));
    }

    @Test
    void givesANameTheSameOffsetWheneverItIsAsked() {
        Timing timing =
                new Timing(Optional.of(SUNDAYS), Duration.ofMinutes(30), Hours.ALWAYS, Missed.NEXT_WINDOW, TWICE);

        // Pinned: another one after an upgrade would reshuffle every fleet.
        assertThat(next(timing, SUCCESS).orElseThrow().at()).isEqualTo("2026-01-04T02:15:15Z");
    }

    @Test
    void retriesInsideOfTheWindowsOnly() {
        Past failed = new Past(
                "acme",
                SUCCESS,
                Optional.of(SUCCESS),
                2,
                Optional.of(Instant.parse("2026-01-04T03:59:30Z")),
                List.of());
        Timing timing = new Timing(
                Optional.of(SUNDAYS),
                Duration.ZERO,
                windows(WEEKEND),
                Missed.NEXT_WINDOW,
                new RetryRule(5, Duration.ofDays(1), Duration.ofDays(1)));

        Due due = DueDate.next(policy(timing), failed, Instant.parse("2026-01-04T04:00:00Z"))
                .orElseThrow();

        assertThat(due.at()).isEqualTo("2026-01-10T00:00:00Z");
        assertThat(causes(due)).containsExactly(Cause.RETRY, Cause.WINDOW);
    }

    @Test
    void waitsForWhatHoldsItAndThenForAWindow() {
        Instant until = Instant.parse("2026-01-05T00:00:00Z");
        Past held = new Past(
                "acme",
                SUCCESS,
                Optional.of(SUCCESS),
                0,
                Optional.empty(),
                List.of(new Shift(Cause.OVERLAP, until, "overlap")));

        Due due = DueDate.next(policy(timing(SUNDAYS, windows(WEEKEND), Missed.NEXT_WINDOW)), held, SUCCESS)
                .orElseThrow();

        assertThat(due.at()).isEqualTo("2026-01-10T00:00:00Z");
        assertThat(causes(due)).containsExactly(Cause.SCHEDULE, Cause.OVERLAP, Cause.WINDOW);
    }

    @Test
    void keepsToWallClockTimeWhateverTheClockDoes() {
        Timing timing = timing(SUNDAYS, windows(WEEKEND), Missed.NEXT_WINDOW);
        Instant aYearLater = Instant.parse("2027-01-06T12:00:00Z");

        assertThat(next(timing, aYearLater).orElseThrow().at()).isEqualTo("2027-01-09T00:00:00Z");
        assertThat(next(timing, SUCCESS.minus(Duration.ofDays(365)))
                        .orElseThrow()
                        .at())
                .as("a clock that was put back")
                .isEqualTo("2026-01-04T02:00:00Z");
    }

    private static List<Cause> causes(Due due) {
        return due.shifts().stream().map(Shift::cause).toList();
    }

    private static Instant at(Schedule schedule, Instant now) {
        return next(timing(schedule, Hours.ALWAYS, Missed.NEXT_WINDOW), now)
                .orElseThrow()
                .at();
    }

    private static Optional<Due> next(Timing timing, Instant now) {
        return DueDate.next(policy(timing), Past.of("acme", SUCCESS), now);
    }

    private static Optional<Due> afterFailures(int failures, Instant now) {
        return DueDate.next(
                policy(timing(EVERY_60_DAYS, Hours.ALWAYS, Missed.NEXT_WINDOW)),
                new Past("acme", SUCCESS, Optional.of(SUCCESS), failures, Optional.of(FAILURE), List.of()),
                now);
    }

    private static Hours windows(Window... windows) {
        return new Hours(List.of(windows), List.of());
    }

    private static Timing timing(@Nullable Schedule schedule, Hours hours, Missed missed) {
        return new Timing(Optional.ofNullable(schedule), Duration.ZERO, hours, missed, TWICE);
    }

    private static Policy policy(Timing timing) {
        return policy(timing, Duration.ZERO);
    }

    private static Policy policy(Timing timing, Duration overlap) {
        return new Policy(
                "p",
                new SecretRules.SshKey(KeyAlgorithm.ED25519),
                timing,
                overlap,
                Optional.empty(),
                false,
                Optional.empty());
    }

    @Test
    void aDriftIsMendedInTheHoursOfThePolicyAlsoWithoutASchedule() {
        Instant monday = Instant.parse("2026-01-05T09:00:00Z");
        Policy policy = policy(timing(null, new Hours(List.of(WEEKEND), List.of()), Missed.NEXT_WINDOW));

        Due due = DueDate.afterDrift(policy, Past.of("acme", SUCCESS), monday, monday.plusSeconds(5))
                .orElseThrow();

        assertThat(due.at()).as("the window of Saturday").isEqualTo("2026-01-10T00:00:00Z");
        assertThat(due.mendsDrift()).isTrue();
        assertThat(due.shifts()).extracting(Shift::cause).containsExactly(Cause.DRIFT, Cause.WINDOW);
    }

    @Test
    void aDriftThatWasFoundInsideAWindowIsNotMendedAfterIt() {
        Instant found = Instant.parse("2026-01-10T03:59:00Z");
        Policy policy = policy(timing(null, new Hours(List.of(WEEKEND), List.of(FREEZE)), Missed.AT_ONCE));

        assertThat(DueDate.afterDrift(policy, Past.of("acme", SUCCESS), found, found)
                        .map(Due::at))
                .contains(found);
        assertThat(DueDate.afterDrift(policy, Past.of("acme", SUCCESS), found, found.plusSeconds(3600))
                        .map(Due::at))
                .contains(Instant.parse("2026-01-11T00:00:00Z"));
    }

    @Test
    void mendingADriftFollowsTheRuleForRetries() {
        Policy policy = policy(timing(null, Hours.ALWAYS, Missed.NEXT_WINDOW));
        Instant found = FAILURE.plusSeconds(7200);

        assertThat(DueDate.afterDrift(policy, failed(1), found, found).map(Due::at))
                .hasValueSatisfying(at -> assertThat(at).isBetween(FAILURE, FAILURE.plusSeconds(60)));
        assertThat(DueDate.afterDrift(policy, failed(3), found, found)).isEmpty();
    }

    @Test
    void aCompromisedSecretWaitsForNoHourAndNoSchedule() {
        Instant since = Instant.parse("2026-01-05T09:00:00Z");
        Policy policy = policy(timing(null, new Hours(List.of(WEEKEND), List.of(FREEZE)), Missed.SKIP));
        Shift pause = new Shift(Cause.PAUSE, since.plusSeconds(3600), "pause");
        Past held = new Past("acme", SUCCESS, Optional.of(SUCCESS), 0, Optional.empty(), List.of(pause));

        Due due = DueDate.ofCompromised(policy, held, since, since.plusSeconds(5));

        assertThat(due.at()).isEqualTo(since);
        assertThat(due.shifts()).extracting(Shift::cause).containsExactly(Cause.COMPROMISED);
        assertThat(DueDate.ofCompromised(policy, held, since, since.minusSeconds(5))
                        .at())
                .as("a clock was ahead when it was said")
                .isEqualTo(since.minusSeconds(5));
    }

    @Test
    void aCompromisedSecretIsTriedAgainAfterTheLastRetryToo() {
        Policy policy = policy(timing(null, Hours.ALWAYS, Missed.NEXT_WINDOW));

        Due second = DueDate.ofCompromised(policy, failed(1), FAILURE.minusSeconds(9), FAILURE);
        Due late = DueDate.ofCompromised(policy, failed(30), FAILURE.minusSeconds(9), FAILURE);
        Due ahead = DueDate.ofCompromised(policy, failed(30), FAILURE, FAILURE.minus(Duration.ofDays(365)));

        assertThat(second.at()).isBetween(FAILURE, FAILURE.plusSeconds(60));
        assertThat(second.shifts()).extracting(Shift::cause).containsExactly(Cause.COMPROMISED, Cause.RETRY);
        assertThat(late.at()).as("no retry is left").isEqualTo(FAILURE.plus(DueDate.AFTER_THE_LAST_RETRY));
        assertThat(DueDate.ofCompromised(policy, failed(30), FAILURE.plusSeconds(1), FAILURE.plusSeconds(2))
                        .at())
                .as("it failed before anybody knew")
                .isEqualTo(FAILURE.plusSeconds(1));
        assertThat(DueDate.ofCompromised(policy, failed(30), FAILURE.plusSeconds(60), FAILURE.plusSeconds(2))
                        .at())
                .as("a clock was ahead when it was said: no reason to try again and again")
                .isEqualTo(FAILURE.plus(DueDate.AFTER_THE_LAST_RETRY));
        assertThat(ahead.at()).as("the clock was set back").isEqualTo(FAILURE.minus(Duration.ofDays(365)));
    }

    @Test
    void leavesADateOutThatFallsIntoTheLastRotationsOverlap() {
        Past movedByABlackout = Past.of("acme", Instant.parse("2026-01-04T00:00:00Z"));

        Due due = overlapping(Duration.ofHours(24), movedByABlackout);

        assertThat(due.asked()).isEqualTo("2026-01-04T02:00:00Z");
        assertThat(due.at()).isEqualTo("2026-01-11T02:00:00Z");
        assertThat(causes(due)).containsExactly(Cause.SCHEDULE, Cause.OVERLAP);
        assertThat(overlapping(Duration.ofHours(24), movedByABlackout, Instant.parse("2026-01-05T03:00:00Z"))
                        .at())
                .as("it isn't missed either")
                .isEqualTo(due.at());
    }

    @Test
    void keepsADateThatComesWhenTheOverlapIsOver() {
        Past before = Past.of("acme", Instant.parse("2026-01-01T02:00:00Z"));

        assertThat(overlapping(Duration.ofDays(3), before).at()).isEqualTo("2026-01-04T02:00:00Z");
        assertThat(overlapping(Duration.ofDays(3).plusNanos(1), before).at()).isEqualTo("2026-01-11T02:00:00Z");
    }

    @Test
    void leavesADateOutThatIsTheSameTurnOnceMore() {
        Instant late = Instant.parse("2026-01-03T12:00:00Z");

        Due due = overlapping(Duration.ZERO, Past.of("acme", late));

        assertThat(due.at()).as("14 h before a weekly date").isEqualTo("2026-01-11T02:00:00Z");
        assertThat(causes(due)).containsExactly(Cause.SCHEDULE, Cause.SAME_TURN);
        assertThat(due.shifts().get(1).why()).contains("just after the last rotation, 2026-01-03T12:00:00Z");
        assertThat(overlapping(Duration.ZERO, Past.of("acme", Instant.parse("2026-01-03T09:00:00Z")))
                        .at())
                .as("17 h, which is more than a tenth of a week")
                .isEqualTo("2026-01-04T02:00:00Z");
    }

    @Test
    void aDayBeforeADateIsNeverTheSameTurn() {
        Schedule yearly = new Schedule.Cron(CronExpression.parse("0 3 1 2 *"), ZoneOffset.UTC);
        Past late = Past.of("acme", Instant.parse("2026-01-31T03:00:00Z"));

        assertThat(DueDate.next(policy(timing(yearly, Hours.ALWAYS, Missed.NEXT_WINDOW)), late, SUCCESS)
                        .map(Due::at))
                .contains(Instant.parse("2026-02-01T03:00:00Z"));
    }

    @Test
    void anAdoptionOrAFailureOvertakesNoDate() {
        Instant evening = Instant.parse("2026-01-03T22:00:00Z");
        Past adopted = Past.without("acme", evening);
        Past gaveUp = new Past("acme", SUCCESS, Optional.of(SUCCESS), 3, Optional.of(evening), List.of());

        assertThat(overlapping(Duration.ofHours(24), adopted).at()).isEqualTo("2026-01-04T02:00:00Z");
        assertThat(overlapping(Duration.ofHours(24), gaveUp, evening).at()).isEqualTo("2026-01-04T02:00:00Z");
    }

    private static Due overlapping(Duration overlap, Past past) {
        return overlapping(overlap, past, SUCCESS);
    }

    private static Due overlapping(Duration overlap, Past past, Instant now) {
        Timing timing = timing(SUNDAYS, Hours.ALWAYS, Missed.NEXT_WINDOW);
        return DueDate.next(policy(timing, overlap), past, now).orElseThrow();
    }

    private static Past failed(int times) {
        return new Past("acme", SUCCESS, Optional.of(SUCCESS), times, Optional.of(FAILURE), List.of());
    }
}
