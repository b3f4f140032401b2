package dev.keyturn.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronExpressionTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    /** 2026-01-01 is a Thursday. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 3 * * SUN     | 2026-01-04T03:00Z 2026-01-11T03:00Z",
                "0 3 * * sun     | 2026-01-04T03:00Z 2026-01-11T03:00Z",
                "0 3 * * 0       | 2026-01-04T03:00Z 2026-01-11T03:00Z",
                "0 3 * * 7       | 2026-01-04T03:00Z 2026-01-11T03:00Z",
                "0 3 * * 1       | 2026-01-05T03:00Z 2026-01-12T03:00Z",
                "0 3 * * 5-7     | 2026-01-02T03:00Z 2026-01-03T03:00Z 2026-01-04T03:00Z 2026-01-09T03:00Z",
                "0 3 * * 0-2     | 2026-01-04T03:00Z 2026-01-05T03:00Z 2026-01-06T03:00Z 2026-01-11T03:00Z",
                "0 3 * * FRI-SUN | 2026-01-02T03:00Z 2026-01-03T03:00Z 2026-01-04T03:00Z 2026-01-09T03:00Z",
                "0 3 * * 1,3     | 2026-01-05T03:00Z 2026-01-07T03:00Z 2026-01-12T03:00Z",
                "0 3 1 jan,JUL * | 2026-01-01T03:00Z 2026-07-01T03:00Z 2027-01-01T03:00Z",
                "*/20 3 * * *    | 2026-01-01T03:00Z 2026-01-01T03:20Z 2026-01-01T03:40Z 2026-01-02T03:00Z",
                "'  0  3 * * *  '| 2026-01-01T03:00Z 2026-01-02T03:00Z"
            })
    void readsFiveFieldsAsCrontab(String expression, String dates) {
        assertDates(expression, "2026-01-01T00:00:00Z", ZoneOffset.UTC, dates.split(" "));
    }

    /** crontab(5): where both days are restricted, either one is enough. */
    @Test
    void takesEitherDayWhereBothAreRestricted() {
        assertDates(
                "0 3 13 * FRI",
                "2026-01-01T00:00:00Z",
                ZoneOffset.UTC,
                "2026-01-02T03:00Z",
                "2026-01-09T03:00Z",
                "2026-01-13T03:00Z");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 0 3 ? * SUN      | 2026-01-04T03:00Z 2026-01-11T03:00Z",
                "0 0 3 ? * 1        | 2026-01-04T03:00Z 2026-01-11T03:00Z",
                "30 15 3 * * ?      | 2026-01-01T03:15:30Z 2026-01-02T03:15:30Z",
                "0 0 3 L * ?        | 2026-01-31T03:00Z 2026-02-28T03:00Z",
                "0 0 3 LW * ?       | 2026-01-30T03:00Z 2026-02-27T03:00Z",
                "0 0 3 15W * ?      | 2026-01-15T03:00Z 2026-02-16T03:00Z",
                "0 0 3 ? * 6#3      | 2026-01-16T03:00Z 2026-02-20T03:00Z",
                "0 0 3 ? * 6L       | 2026-01-30T03:00Z 2026-02-27T03:00Z",
                "0 0 3 1 1 ? 2028   | 2028-01-01T03:00Z"
            })
    void readsSixOrSevenFieldsAsQuartz(String expression, String dates) {
        assertDates(expression, "2026-01-01T00:00:00Z", ZoneOffset.UTC, dates.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T02:59:59.999999999Z, 2026-01-01T03:00Z",
        "2026-01-01T03:00:00Z, 2026-01-02T03:00Z",
        "2026-01-01T03:00:00.000000001Z, 2026-01-02T03:00Z"
    })
    void givesTheFirstDateStrictlyAfter(String from, String date) {
        assertDates("0 3 * * *", from, ZoneOffset.UTC, date);
    }

    @Test
    void readsTheDatesInTheZone() {
        assertDates("0 3 * * SUN", "2026-01-01T00:00:00Z", BERLIN, "2026-01-04T03:00+01:00");
        assertDates("0 3 * * SUN", "2026-07-01T00:00:00Z", BERLIN, "2026-07-05T03:00+02:00");
        assertDates("0 3 * * SUN", "2026-01-01T00:00:00Z", NEW_YORK, "2026-01-04T03:00-05:00");
    }

    @Test
    void skipsMonthsAndYearsWithoutTheDay() {
        assertDates("0 0 29 2 *", "2026-01-01T00:00:00Z", ZoneOffset.UTC, "2028-02-29T00:00Z", "2032-02-29T00:00Z");
        assertDates(
                "0 0 31 * *",
                "2026-01-31T00:00:00Z",
                ZoneOffset.UTC,
                "2026-03-31T00:00Z",
                "2026-05-31T00:00Z",
                "2026-07-31T00:00Z",
                "2026-08-31T00:00Z");
    }

    @ParameterizedTest
    @CsvSource({"0 0 30 2 *", "0 0 31 2 *", "0 0 0 30 2 ?", "0 0 0 1 1 ? 2020"})
    void hasNoDateWhereItNeverFires(String expression) {
        Instant from = Instant.parse("2026-01-01T00:00:00Z");

        assertThat(CronExpression.parse(expression).nextAfter(from, BERLIN)).isEmpty();
        assertThat(new Schedule.Cron(CronExpression.parse(expression), BERLIN).after(from))
                .isEmpty();
    }

    /** On 2026-03-29 Berlin goes from 02:00 to 03:00, on 2026-03-08 New York does. */
    @Test
    void takesASkippedDateAtTheMomentOfTheChange() {
        assertDates("30 2 * * SUN", "2026-03-28T12:00:00Z", BERLIN, "2026-03-29T03:00+02:00", "2026-04-05T02:30+02:00");
        assertDates(
                "0 30 2 29 3 ?", "2026-03-28T12:00:00Z", BERLIN, "2026-03-29T03:00+02:00", "2027-03-29T02:30+02:00");
        assertDates(
                "30 2 * * SUN", "2026-03-07T18:00:00Z", NEW_YORK, "2026-03-08T03:00-04:00", "2026-03-15T02:30-04:00");
        assertDates(
                "0 0 * * *",
                "2026-03-07T12:00:00Z",
                ZoneId.of("America/Havana"),
                "2026-03-08T01:00-04:00",
                "2026-03-09T00:00-04:00");
    }

    @Test
    void takesSeveralSkippedDatesOnce() {
        assertDates(
                "*/15 2,3 * * *", "2026-03-28T12:00:00Z", BERLIN, "2026-03-29T03:00+02:00", "2026-03-29T03:15+02:00");
    }

    @Test
    void leavesTheHoursAroundAChangeAlone() {
        assertDates("0 3 * * *", "2026-03-28T12:00:00Z", BERLIN, "2026-03-29T03:00+02:00", "2026-03-30T03:00+02:00");
        assertDates("0 3 * * *", "2026-10-24T12:00:00Z", BERLIN, "2026-10-25T03:00+01:00", "2026-10-26T03:00+01:00");
        assertDates("0 3 * * *", "2026-03-07T12:00:00Z", NEW_YORK, "2026-03-08T03:00-04:00", "2026-03-09T03:00-04:00");
        assertDates("0 3 * * *", "2026-10-31T12:00:00Z", NEW_YORK, "2026-11-01T03:00-05:00", "2026-11-02T03:00-05:00");
    }

    /** On 2026-10-25 Berlin has 02:00 to 03:00 twice, on 2026-11-01 New York has 01:00 to 02:00 twice. */
    @Test
    void takesARepeatedDateTheFirstTimeOnly() {
        assertDates("30 2 * * *", "2026-10-24T12:00:00Z", BERLIN, "2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00");
        assertDates("30 1 * * *", "2026-10-31T12:00:00Z", NEW_YORK, "2026-11-01T01:30-04:00", "2026-11-02T01:30-05:00");
    }

    /** The next date is counted from the success, which is a moment after the date: still in the first of both hours. */
    @Test
    void isNotDueAgainAnHourAfterARotationInTheRepeatedHour() {
        assertDates("30 2 * * *", "2026-10-25T00:31:00Z", BERLIN, "2026-10-26T02:30+01:00");
        assertDates("30 2 * * *", "2026-10-25T01:15:00Z", BERLIN, "2026-10-26T02:30+01:00");
        assertDates("30 1 * * SUN", "2026-11-01T05:31:00Z", NEW_YORK, "2026-11-08T01:30-05:00");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "60 3 * * *  | Value 60 not in range [0, 59]",
                "0 24 * * *  | Value 24 not in range [0, 23]",
                "0 3 32 * *  | Value 32 not in range [1, 31]",
                "0 3 * 13 *  | Value 13 not in range [1, 12]",
                "0 3 * * 8   | Value 8 not in range [0, 7]",
                "0 3 * * FOO | Invalid chars in expression! Expression: FOO Invalid chars: FOO",
                "*/0 * * * * | Period 0 not in range [0, 59]",
                "5-1 * * * * | Invalid range! [5,1]",
                ",, 3 * * *  | Invalid field value! Trailing commas not permitted! ',,'"
            })
    void saysWhatIsWrong(String expression, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CronExpression.parse(expression))
                .withMessage("'" + expression + "' is not a cron expression: " + reason);
    }

    @ParameterizedTest
    @CsvSource({"0 0 3 * * SUN", "0 0 3 * * *", "0 0 3 1 * SUN", "0 0 3 ? * ?"})
    void asksForAQuestionMarkInQuartzForm(String expression) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CronExpression.parse(expression))
                .withMessage("'" + expression
                        + "' is not a cron expression: of day of month and day of week, one has to be ? in Quartz's"
                        + " form");
    }

    /** cron-utils takes them as 22 alone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 0 22-2 * * ?",
                "0 50-10/10 3 * * ?",
                "0 0 3 1,28-2 * ?",
                "0 0 3 1 NOV-FEB ?",
                "50-10 0 3 * * ?"
            })
    void refusesRangesThatGoAround(String expression) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CronExpression.parse(expression))
                .withMessageContaining("ends before it begins; write it as two, such as 22-23,0-2");
    }

    @Test
    void takesRangesAroundTheWeekend() {
        assertDates(
                "0 0 3 ? * SAT-MON",
                "2026-01-01T00:00:00Z",
                ZoneOffset.UTC,
                "2026-01-03T03:00Z",
                "2026-01-04T03:00Z",
                "2026-01-05T03:00Z",
                "2026-01-10T03:00Z");
    }

    @ParameterizedTest
    @CsvSource({"'', 0 fields", "@daily, 1 field", "0 3 * *, 4 fields", "0 0 3 ? * SUN 2026 x, 8 fields"})
    void countsTheFields(String expression, String fields) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CronExpression.parse(expression))
                .withMessage("'" + expression + "' has " + fields + "; crontab has five, Quartz six or seven");
    }

    @Test
    void describesASchedule() {
        assertThat(new Schedule.Cron(CronExpression.parse("0 3 * * SUN"), BERLIN).describe())
                .isEqualTo("cron '0 3 * * SUN' Europe/Berlin");
        assertThat(new Schedule.Every(Durations.parse("60d")).describe()).isEqualTo("every 60d");
        assertThat(CronExpression.parse("0 3 * * *")).isEqualTo(CronExpression.parse("0 3 * * *"));
    }

    @Test
    void countsAnIntervalFromTheLastSuccess() {
        assertThat(new Schedule.Every(Durations.parse("60d")).after(Instant.parse("2026-01-01T00:00:00Z")))
                .contains(Instant.parse("2026-03-02T00:00:00Z"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Schedule.Every(Durations.parse("0s")));
    }

    private static void assertDates(String expression, String from, ZoneId zone, String... dates) {
        CronExpression cron = CronExpression.parse(expression);
        List<Instant> expected = new ArrayList<>();
        List<Instant> actual = new ArrayList<>();
        Instant after = Instant.parse(from);
        for (String date : dates) {
            expected.add(OffsetDateTime.parse(date).toInstant());
            Optional<Instant> next = cron.nextAfter(after, zone);
            next.ifPresent(actual::add);
            after = next.orElse(after);
        }
        assertThat(actual).as(expression).isEqualTo(expected);
    }

    /** It remembers the last date it found; whoever asks next, in whatever order, must not notice. */
    @ParameterizedTest
    @ValueSource(strings = {"30 2 * * *", "*/20 1-3 * * *", "0 3 29 2 *", "0 0 12 ? * MON 2026"})
    void givesTheSameDateWhateverItWasAskedBefore(String text) {
        CronExpression asked = CronExpression.parse(text);
        Random random = new Random(20261128);
        // Around both changes of the clocks in Berlin, and the end of the year of the last expression.
        List<Instant> middles = List.of(
                Instant.parse("2026-03-29T01:00:00Z"),
                Instant.parse("2026-10-25T01:00:00Z"),
                Instant.parse("2026-12-28T12:00:00Z"));
        for (int i = 0; i < 2_000; i++) {
            Instant from = middles.get(random.nextInt(middles.size())).plusSeconds(random.nextInt(14_400) - 7_200);
            ZoneId zone = random.nextBoolean() ? BERLIN : NEW_YORK;

            assertThat(asked.nextAfter(from, zone))
                    .as("%s after %s in %s", text, from, zone)
                    .isEqualTo(CronExpression.parse(text).nextAfter(from, zone));
        }
    }
}
