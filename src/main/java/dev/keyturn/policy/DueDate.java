package dev.keyturn.policy;

import dev.keyturn.policy.Shift.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When a credential is rotated next: a pure function of what happened so far, and of what time it is, since a date that
 * passed without a rotation follows the policy's rule for missed ones.
 *
 * <p>The schedule or the rule for retries gives the date; what the credential waits for comes next, then windows and
 * blackouts, and last the jitter, which stays within the hours that it finds.
 *
 * <p>Dates of the schedule that the last rotation has overtaken are left out. A blackout, downtime or retries may have
 * moved it to just before the next date, which would be the same turn once more, and in the middle of its overlap.
 */
public final class DueDate {
    /** A date that is nearer to the last rotation than this part of the way to the date after it is the same turn. */
    private static final int SAME_TURN_PART = 10;
    /** And than this. */
    private static final Duration SAME_TURN_AT_MOST = Duration.ofDays(1);

    /** Between two tries to replace a compromised secret, once the policy allows no more retries. */
    public static final Duration AFTER_THE_LAST_RETRY = Duration.ofDays(1);

    private final Timing timing;
    private final Duration overlap;
    private final Past past;
    private final Instant now;
    private final List<Shift> shifts = new ArrayList<>();

    private DueDate(Policy policy, Past past, Instant now) {
        this.timing = policy.timing();
        this.overlap = policy.overlap();
        this.past = past;
        this.now = now;
    }

    /** Empty where the policy has no schedule, or the schedule no further date. */
    public static Optional<Due> next(Policy policy, Past past, Instant now) {
        return policy.timing().schedule().flatMap(schedule -> new DueDate(policy, past, now).next(schedule));
    }

    /**
     * When a rotation begins that mends a drift, with or without a schedule: in the hours of the policy, and after a failure
     * by its rule for retries. Empty after the last retry.
     *
     * @param found when the last check found the drift
     */
    public static Optional<Due> afterDrift(Policy policy, Past past, Instant found, Instant now) {
        return new DueDate(policy, past, now).afterDrift(found);
    }

    private Optional<Due> afterDrift(Instant found) {
        if (!timing.retry().allowsAfter(past.failuresInARow())) {
            return Optional.empty();
        }
        shifts.add(new Shift(Cause.DRIFT, found, "a drift was found"));
        Optional<Instant> retry = retry();
        retry.ifPresent(date -> shifts.add(retryShift(date)));
        Instant begin = open(held(retry.orElse(found)));
        return Optional.of(due(retry.isPresent() ? begin : spread(begin)));
    }

    /**
     * When a rotation begins that replaces a secret others know: at once, at any hour, and after a failure by the policy's rule
     * for retries. After the last retry it is tried once a day: nobody wants such a secret to wait for the schedule.
     *
     * @param since when it was said; a failure before that delays nothing
     */
    public static Due ofCompromised(Policy policy, Past past, Instant since, Instant now) {
        DueDate date = new DueDate(policy, past, now);
        date.shifts.add(compromised(since));
        // A clock that was ahead when it was said makes no failure one of before.
        Optional<Instant> failed = past.lastFailure()
                .filter(at -> past.failuresInARow() > 0 && (since.isAfter(now) || !at.isBefore(since)));
        if (failed.isEmpty() || Past.isAhead(failed.get(), now)) {
            return new Due(since.isAfter(now) ? now : since, date.shifts);
        }
        Instant at = date.retry().orElseGet(() -> failed.get().plus(AFTER_THE_LAST_RETRY));
        date.shifts.add(new Shift(Cause.RETRY, at, "retry after " + past.failuresInARow() + " failed in a row"));
        return new Due(at, date.shifts);
    }

    /** What gives the date of a rotation that replaces a secret others know. */
    public static Shift compromised(Instant at) {
        return new Shift(Cause.COMPROMISED, at, "others know the secret");
    }

    private Optional<Due> next(Schedule schedule) {
        Optional<Instant> retry = retry();
        retry.ifPresent(date -> shifts.add(retryShift(date)));
        Optional<Instant> date = retry.or(() -> scheduled(schedule));
        if (date.isEmpty()) {
            return Optional.empty();
        }
        Instant asked = held(date.get());
        Instant opening = timing.hours().opening(asked).at();
        if (retry.isPresent() || now.isBefore(closes(opening))) {
            return Optional.of(due(retry.isPresent() ? open(asked) : spread(open(asked))));
        }
        return missed(schedule, asked, opening);
    }

    /** The schedule's next date that the last rotation has not overtaken. */
    private Optional<Instant> scheduled(Schedule schedule) {
        Optional<Instant> first = schedule.after(countsFrom());
        first.ifPresent(date -> shifts.add(new Shift(Cause.SCHEDULE, date, schedule.describe())));
        if (first.isEmpty() || past.rotatedAt().isEmpty()) {
            return first;
        }
        Instant rotated = past.rotatedAt().get();
        Instant over = rotated.plus(overlap);
        Optional<Instant> date = first;
        if (first.get().isBefore(over)) {
            date = schedule.atOrAfter(first.get(), over);
            date.ifPresent(to ->
                    shifts.add(new Shift(Cause.OVERLAP, to, "left out what falls into the last rotation's overlap")));
        }
        if (date.isPresent() && isSameTurn(schedule, rotated, date.get())) {
            date = schedule.after(date.get());
            date.ifPresent(to -> shifts.add(
                    new Shift(Cause.SAME_TURN, to, "left out what comes just after the last rotation, " + rotated)));
        }
        return date;
    }

    /** Never so much that a credential gets older by it than a tenth more than the schedule has it. */
    private static boolean isSameTurn(Schedule schedule, Instant rotated, Instant date) {
        Duration between = Duration.between(rotated, date);
        return between.compareTo(SAME_TURN_AT_MOST) < 0
                && schedule.after(date)
                        .filter(next ->
                                Duration.between(date, next).compareTo(between.multipliedBy(SAME_TURN_PART)) > 0)
                        .isPresent();
    }

    private Due due(Instant at) {
        // Its time came, and passed in a blackout: nothing starts before that is over.
        boolean closed = at.isBefore(now) && !timing.hours().open(now);
        return new Due(closed ? spread(open(now)) : at, shifts);
    }

    private Optional<Due> missed(Schedule schedule, Instant asked, Instant opening) {
        return switch (timing.missed()) {
            case NEXT_WINDOW -> Optional.of(due(spread(nextWindow(asked, opening))));
            case AT_ONCE -> {
                shifts.add(new Shift(Cause.MISSED, now, "missed, made up for at once"));
                yield Optional.of(new Due(open(timing.hours().withoutWindows(), now), shifts));
            }
            case SKIP ->
                schedule.atOrAfter(asked, stillOpen(asked)).map(date -> {
                    shifts.add(new Shift(Cause.MISSED, date, "missed, left out"));
                    return due(spread(open(date)));
                });
        };
    }

    /** What failed by a clock that was ahead is tried again at once: nobody knows how long it has waited. */
    private Optional<Instant> retry() {
        if (past.failuresInARow() > 0
                && past.lastFailure()
                        .filter(failed -> Past.isAhead(failed, now))
                        .isPresent()) {
            return Optional.of(now);
        }
        if (past.failuresInARow() == 0
                || past.lastFailure().isEmpty()
                || !timing.retry().allowsAfter(past.failuresInARow())) {
            return Optional.empty();
        }
        Instant failed = past.lastFailure().get();
        return Optional.of(failed.plus(timing.retry().delayAfter(past.failuresInARow(), past.name() + failed)));
    }

    /** After the last retry the schedule goes on as if there had been a rotation. */
    private Instant countsFrom() {
        return past.failuresInARow() == 0
                ? past.countsFrom()
                : past.lastFailure().orElse(past.countsFrom());
    }

    private Shift retryShift(Instant date) {
        return new Shift(
                Cause.RETRY,
                date,
                "retry " + past.failuresInARow() + " of " + timing.retry().attempts());
    }

    private Instant held(Instant date) {
        Instant held = date;
        for (Shift hold : past.holds()) {
            if (held.isBefore(hold.to())) {
                held = hold.to();
                shifts.add(hold);
            }
        }
        return held;
    }

    private Instant open(Instant from) {
        return open(timing.hours(), from);
    }

    private Instant open(Hours hours, Instant from) {
        Hours.Opening opening = hours.opening(from);
        shifts.addAll(opening.moves());
        return opening.at();
    }

    /** When the hours are over in which what was to start at {@code opening} can start. */
    private Instant closes(Instant opening) {
        return timing.hours().windows().isEmpty()
                ? opening.plus(Missed.GRACE)
                : timing.hours().closes(opening);
    }

    /** The beginning of the window that is open now, else of the next one; without windows there is nothing to wait for. */
    private Instant nextWindow(Instant asked, Instant opening) {
        Hours hours = timing.hours();
        if (hours.windows().isEmpty()) {
            return open(asked);
        }
        Instant next =
                hours.opening(hours.lastClosed(opening, now).orElse(opening)).at();
        shifts.add(new Shift(Cause.MISSED, next, "missed; next window"));
        return next;
    }

    /** A date from this instant on is not missed yet. */
    private Instant stillOpen(Instant asked) {
        Hours hours = timing.hours();
        if (!hours.windows().isEmpty()) {
            return hours.lastClosed(asked, now).orElse(asked);
        }
        Instant earliest = now.minus(Missed.GRACE);
        return hours.blackout(earliest).map(Blackout::from).orElse(earliest);
    }

    private Instant spread(Instant from) {
        if (timing.jitter().isZero()) {
            return from;
        }
        Duration room = Duration.between(from, timing.hours().closes(from));
        Duration width = timing.jitter().compareTo(room) < 0 ? timing.jitter() : room;
        Instant at = from.plus(Chance.partOf(width, past.name()));
        shifts.add(new Shift(Cause.JITTER, at, "jitter of " + Durations.print(timing.jitter())));
        return at;
    }
}
