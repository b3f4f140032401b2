package dev.keyturn.rotation;

import dev.keyturn.policy.Due;
import dev.keyturn.policy.DueDate;
import dev.keyturn.policy.Past;
import dev.keyturn.policy.Policy;
import dev.keyturn.policy.Shift;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * The rotations to come, as if each began on time, completed, and took {@link #LENGTH}. What is due now begins now.
 *
 * @param workers rotations side by side, in all
 * @param perHost rotations side by side on one hostname and port
 */
public record Forecast(int workers, int perHost) {
    /** About what one takes; only used to say what rotations on one host wait for each other. */
    public static final Duration LENGTH = Duration.ofSeconds(10);

    /**
     * One rotation.
     *
     * @param at when it is to begin
     * @param shifts what gave the date and what moved it
     */
    public record Planned(ManagedCredential credential, Instant at, List<Shift> shifts) {}

    /**
     * The dates of one credential from {@code now} to {@code until}, as if there were no other one.
     *
     * @param first the next one
     */
    public static List<Planned> of(ManagedCredential credential, Optional<Due> first, Instant now, Instant until) {
        List<Planned> dates = new ArrayList<>();
        Policy policy = credential.policy();
        Optional<Due> next = first;
        while (next.isPresent() && next.get().at().isBefore(until)) {
            Instant at = next.get().at().isBefore(now) ? now : next.get().at();
            dates.add(new Planned(credential, at, next.get().shifts()));
            Instant done = at.plus(LENGTH);
            next = DueDate.next(policy, Past.of(credential.name(), done), done);
        }
        return dates;
    }

    /** All of them in the order in which they begin; where too many would run side by side, some begin later. */
    public List<Planned> inTurn(List<Planned> planned) {
        PriorityQueue<Instant> running = new PriorityQueue<>();
        Map<String, PriorityQueue<Instant>> byHost = new HashMap<>();
        return planned.stream()
                .sorted(Comparator.comparing(Planned::at)
                        .thenComparing(each -> each.credential().name()))
                .map(each -> begin(each, running, byHost))
                .sorted(Comparator.comparing(Planned::at)
                        .thenComparing(each -> each.credential().name()))
                .toList();
    }

    private Planned begin(Planned wanted, PriorityQueue<Instant> running, Map<String, PriorityQueue<Instant>> byHost) {
        Account account = wanted.credential().account();
        String host = account.hostname() + ":" + account.port();
        PriorityQueue<Instant> there = byHost.computeIfAbsent(host, key -> new PriorityQueue<>());
        Instant onHost = free(there, perHost, wanted.at());
        Instant at = free(running, workers, onHost);
        running.add(at.plus(LENGTH));
        there.add(at.plus(LENGTH));
        if (at.equals(wanted.at())) {
            return wanted;
        }
        List<Shift> shifts = new ArrayList<>(wanted.shifts());
        shifts.add(
                at.isAfter(onHost)
                        ? new Shift(Shift.Cause.LIMIT, at, "limits.workers: " + workers)
                        : new Shift(Shift.Cause.LIMIT, at, "limits.per_host: " + perHost + " on " + host));
        return new Planned(wanted.credential(), at, shifts);
    }

    /** @param ends when those end that run */
    private static Instant free(PriorityQueue<Instant> ends, int atOnce, Instant from) {
        while (!ends.isEmpty() && !ends.peek().isAfter(from)) {
            ends.poll();
        }
        Instant free = from;
        while (ends.size() >= atOnce) {
            free = ends.poll();
        }
        return free;
    }
}
