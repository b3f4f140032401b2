package dev.keyturn.daemon;

import dev.keyturn.policy.Blackout;
import dev.keyturn.policy.CronExpression;
import dev.keyturn.policy.Hours;
import dev.keyturn.policy.Missed;
import dev.keyturn.policy.RetryRule;
import dev.keyturn.policy.Schedule;
import dev.keyturn.policy.Timing;
import dev.keyturn.policy.Window;
import dev.keyturn.rotation.Actor;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.CredentialStatus;
import dev.keyturn.rotation.Drift;
import dev.keyturn.rotation.Failure;
import dev.keyturn.rotation.HostSlots;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Outcome;
import dev.keyturn.rotation.RotationId;
import dev.keyturn.rotation.RotationSummary;
import dev.keyturn.rotation.Scheduled;
import dev.keyturn.rotation.SecretVersion;
import dev.keyturn.rotation.Step;
import dev.keyturn.rotation.TestCredential;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A daemon's year in seconds: its agenda and its limits, on a clock that jumps from one turn to the next. */
final class SimulatedYear {
    static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    static final Instant END = Instant.parse("2027-01-01T00:00:00Z");
    static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    static final int WORKERS = 16;
    static final int PER_HOST = 4;
    static final Blackout FREEZE =
            new Blackout(Instant.parse("2026-06-20T00:00:00Z"), Instant.parse("2026-07-05T00:00:00Z"), "audit");
    static final List<Downtime> DOWNTIMES = List.of(
            new Downtime(Instant.parse("2026-03-28T20:00:00Z"), Instant.parse("2026-03-30T09:00:00Z")),
            new Downtime(Instant.parse("2026-05-01T12:00:00Z"), Instant.parse("2026-05-01T12:00:30Z")),
            new Downtime(Instant.parse("2026-08-03T00:00:00Z"), Instant.parse("2026-09-14T00:00:00Z")),
            new Downtime(Instant.parse("2026-10-25T00:00:00Z"), Instant.parse("2026-10-25T02:30:00Z")));

    private static final Duration LENGTH = Duration.ofSeconds(20);
    private static final Duration HOST_IS_BUSY = Duration.ofSeconds(2);
    private static final int HOSTS = 30;
    private static final RetryRule RETRY = new RetryRule(3, Duration.ofMinutes(5), Duration.ofHours(2));
    private static final Hours FROZEN = new Hours(List.of(), List.of(FREEZE));

    /** While the daemon, or its machine, is away. */
    record Downtime(Instant from, Instant to) {}

    /** The policies, those with a cron expression each with their dates in words of its own. */
    enum Kind {
        WEEKEND_NIGHTS(
                new Timing(
                        Optional.of(new Schedule.Cron(CronExpression.parse("0 3 * * SUN"), BERLIN)),
                        Duration.ofMinutes(90),
                        new Hours(
                                List.of(new Window(
                                        EnumSet.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY),
                                        LocalTime.of(1, 0),
                                        LocalTime.of(5, 0),
                                        BERLIN)),
                                List.of(FREEZE)),
                        Missed.NEXT_WINDOW,
                        RETRY),
                Duration.ofHours(24),
                local -> local.getDayOfWeek() == DayOfWeek.SUNDAY && local.getHour() == 3,
                Duration.ofDays(15)),
        OVER_MIDNIGHT(
                new Timing(
                        Optional.of(new Schedule.Every(Duration.ofDays(30))),
                        Duration.ofHours(2),
                        new Hours(
                                List.of(new Window(
                                        EnumSet.allOf(DayOfWeek.class),
                                        LocalTime.of(22, 0),
                                        LocalTime.of(1, 30),
                                        NEW_YORK)),
                                List.of(FREEZE)),
                        Missed.NEXT_WINDOW,
                        RETRY),
                Duration.ofDays(45)),
        ANY_TIME(Timing.of(Optional.of(new Schedule.Every(Duration.ofDays(14))), RETRY), Duration.ofDays(20)),
        SKIPPING(
                new Timing(
                        Optional.of(new Schedule.Cron(CronExpression.parse("30 2 1,15 * *"), BERLIN)),
                        Duration.ZERO,
                        FROZEN,
                        Missed.SKIP,
                        RETRY),
                Duration.ZERO,
                local -> (local.getDayOfMonth() == 1 || local.getDayOfMonth() == 15)
                        && local.getHour() == 2
                        && local.getMinute() == 30,
                Duration.ofDays(40)),
        AT_ONCE(
                new Timing(
                        Optional.of(new Schedule.Every(Duration.ofDays(20))),
                        Duration.ofDays(1),
                        FROZEN,
                        Missed.AT_ONCE,
                        RETRY),
                Duration.ofDays(30));

        private final Timing timing;
        private final Duration overlap;
        private final Optional<Predicate<ZonedDateTime>> date;
        private final Duration maxAge;

        Kind(Timing timing, Duration maxAge) {
            this(timing, Duration.ofDays(5), Optional.empty(), maxAge);
        }

        Kind(Timing timing, Duration overlap, Predicate<ZonedDateTime> date, Duration maxAge) {
            this(timing, overlap, Optional.of(date), maxAge);
        }

        Kind(Timing timing, Duration overlap, Optional<Predicate<ZonedDateTime>> date, Duration maxAge) {
            this.timing = timing;
            this.overlap = overlap;
            this.date = date;
            this.maxAge = maxAge;
        }

        /** Whether a date lies between a success and the next start: by the calendar's half hours, or by the interval. */
        boolean wasDue(Instant success, Instant start) {
            if (date.isEmpty()) {
                Schedule.Every every = (Schedule.Every) timing.schedule().orElseThrow();
                return Duration.between(success, start).compareTo(every.interval()) >= 0;
            }
            Duration halfAnHour = Duration.ofMinutes(30);
            Instant first = success.truncatedTo(ChronoUnit.HOURS);
            return Stream.iterate(first, at -> !at.isAfter(start), at -> at.plus(halfAnHour))
                    .filter(success::isBefore)
                    .anyMatch(at -> date.get().test(at.atZone(BERLIN)));
        }

        /** The same by another date than one that the success, which came late, was near. */
        boolean wasDueAnew(Instant success, Instant start) {
            return wasDue(date.isEmpty() ? success : success.plus(Duration.ofHours(16)), start);
        }

        Duration maxAge() {
            return maxAge;
        }

        Duration overlap() {
            return overlap;
        }
    }

    /**
     * A rotation that began.
     *
     * @param wasOverdue whether status said so when it began
     */
    record Start(String credential, Kind kind, String host, Instant at, boolean failed, boolean wasOverdue) {
        Instant ended() {
            return at.plus(LENGTH);
        }
    }

    private record Event(Instant at, int number, int credential, Optional<Start> ends) {}

    private final Random random;
    private final List<ManagedCredential> credentials = new ArrayList<>();
    private final List<Kind> kinds = new ArrayList<>();
    private final CredentialFacts[] facts;
    private final HostSlots slots = new HostSlots(PER_HOST);
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparing(Event::at).thenComparing(Event::number));
    private final Map<String, Instant> downUntil = new HashMap<>();
    private final List<Start> starts = new ArrayList<>();
    private int running;
    private int numbers;

    private SimulatedYear(int size, long seed) {
        random = new Random(seed);
        facts = new CredentialFacts[size];
        for (int i = 0; i < size; i++) {
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            kinds.add(kind);
            String host = "host-" + random.nextInt(HOSTS);
            credentials.add(
                    TestCredential.overlapping("acme-" + i, kind.timing, kind.overlap, Optional.of(kind.maxAge), host));
            facts[i] = facts("acme-" + i, kind.timing, BEGIN, 0, Optional.empty());
        }
    }

    static SimulatedYear of(int size, long seed) {
        SimulatedYear year = new SimulatedYear(size, seed);
        year.run();
        return year;
    }

    /** In the order in which they began. */
    List<Start> starts() {
        return starts;
    }

    private void run() {
        for (int i = 0; i < credentials.size(); i++) {
            schedule(i, BEGIN);
        }
        for (Event event = events.poll(); event != null && event.at().isBefore(END); event = events.poll()) {
            Instant at = event.at();
            Optional<Downtime> away = DOWNTIMES.stream()
                    .filter(downtime -> !at.isBefore(downtime.from()) && at.isBefore(downtime.to()))
                    .findFirst();
            if (event.ends().isPresent()) {
                end(event.credential(), event.ends().get());
            } else if (away.isPresent()) {
                // Nothing remembers turns: at its next start the daemon asks the agenda anew.
                add(away.get().to(), event.credential(), Optional.empty());
            } else {
                turn(event.credential(), at);
            }
        }
    }

    private void turn(int which, Instant now) {
        ManagedCredential credential = credentials.get(which);
        if (running == WORKERS || !slots.take(credential.account())) {
            add(now.plus(HOST_IS_BUSY), which, Optional.empty());
            return;
        }
        Optional<Instant> due = Agenda.nextTurn(credential, facts[which], Optional.empty(), now);
        if (due.isEmpty() || now.isBefore(due.get())) {
            slots.giveBack(credential.account());
            schedule(which, now);
            return;
        }
        running++;
        Start start = new Start(
                credential.name(),
                kinds.get(which),
                credential.account().hostname(),
                now,
                fails(credential.account().hostname(), now),
                CredentialStatus.of(credential, Optional.of(facts[which]), now).overdue());
        starts.add(start);
        add(start.ended(), which, Optional.of(start));
    }

    private void end(int which, Start start) {
        running--;
        slots.giveBack(credentials.get(which).account());
        Instant at = start.ended();
        facts[which] = start.failed()
                ? facts(
                        start.credential(),
                        start.kind().timing,
                        facts[which].rotatedAt().orElseThrow(),
                        facts[which].failuresInARow() + 1,
                        Optional.of(failure(start.credential(), at)))
                : facts(start.credential(), start.kind().timing, at, 0, Optional.empty());
        schedule(which, at);
    }

    /** Now and then a rotation, and now and then a host for a day. */
    private boolean fails(String host, Instant now) {
        if (random.nextInt(400) == 0) {
            downUntil.put(host, now.plus(Duration.ofDays(1)));
        }
        return random.nextInt(50) == 0 || now.isBefore(downUntil.getOrDefault(host, BEGIN));
    }

    private void schedule(int which, Instant now) {
        Agenda.nextTurn(credentials.get(which), facts[which], Optional.empty(), now)
                .ifPresent(turn -> add(turn.isBefore(now) ? now : turn, which, Optional.empty()));
    }

    private void add(Instant at, int which, Optional<Start> ends) {
        events.add(new Event(at, numbers++, which, ends));
    }

    private static CredentialFacts facts(
            String name, Timing timing, Instant rotatedAt, int failures, Optional<RotationSummary> lastRotation) {
        SecretVersion current =
                new SecretVersion("current", AuthType.KEY, Optional.of(Fingerprint.ofBlob(new byte[] {1})));
        return new CredentialFacts(
                name,
                Optional.of(current),
                Optional.empty(),
                BEGIN,
                Optional.of(rotatedAt),
                Optional.empty(),
                Optional.empty(),
                Drift.NONE,
                failures,
                lastRotation,
                Optional.empty(),
                timing.schedule().map(schedule -> new Scheduled(schedule.describe(), BEGIN)),
                Optional.empty());
    }

    private static RotationSummary failure(String name, Instant at) {
        return new RotationSummary(
                RotationId.random(),
                name,
                AuthType.KEY,
                "schedule",
                Actor.SCHEDULE,
                at.minus(LENGTH),
                Optional.of(at),
                Outcome.FAILED,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Failure(Step.PREFLIGHT, "unreachable", "down", "", "")),
                Optional.empty(),
                List.of());
    }
}
