package dev.keyturn.notify;

import dev.keyturn.rotation.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps a flood to a few messages: an interval begins with a notice; the first few of it pass, the others are collected
 * until it ends. A pure function of the instants it is given. Not thread-safe.
 */
final class Digest {
    /** More than these are only counted. */
    private static final int MOST_KEPT = 200;

    private final int after;
    private final Duration every;
    private Optional<Instant> begun = Optional.empty();
    private int passed;
    private final Map<Notice.Kind, Long> counts = new EnumMap<>(Notice.Kind.class);
    private final List<Notice> kept = new ArrayList<>();
    private Optional<Instant> firstHeldBack = Optional.empty();

    /**
     * What was held back.
     *
     * @param counts of all of them, in the order of the kinds
     * @param notices the first of them
     */
    record Collected(Instant from, Instant to, Map<Notice.Kind, Long> counts, List<Notice> notices) {
        Collected {
            counts = Collections.unmodifiableMap(new EnumMap<>(counts));
            notices = List.copyOf(notices);
        }
    }

    Digest(int after, Duration every) {
        this.after = after;
        this.every = every;
    }

    /** Whether the notice goes out by itself; otherwise it is collected. Ask {@link #due} first. */
    boolean passes(Notice notice, Instant now) {
        if (begun.isEmpty()) {
            begun = Optional.of(now);
            passed = 0;
        }
        if (passed < after) {
            passed++;
            return true;
        }
        firstHeldBack = firstHeldBack.or(() -> Optional.of(now));
        counts.merge(notice.kind(), 1L, Long::sum);
        if (kept.size() < MOST_KEPT) {
            kept.add(notice);
        }
        return false;
    }

    /** What was collected, once the interval is over. Also where the clock was set back behind its begin. */
    Optional<Collected> due(Instant now) {
        if (begun.isEmpty() || (!now.isBefore(begun.get()) && now.isBefore(end().orElseThrow()))) {
            return Optional.empty();
        }
        return rest(now);
    }

    /** What was collected, whether the interval is over or not; the next notice begins a new one. */
    Optional<Collected> rest(Instant now) {
        begun = Optional.empty();
        if (counts.isEmpty()) {
            return Optional.empty();
        }
        Collected collected = new Collected(firstHeldBack.orElse(now), now, counts, kept);
        firstHeldBack = Optional.empty();
        counts.clear();
        kept.clear();
        return Optional.of(collected);
    }

    /** When {@link #due} has to be asked next; empty while nothing is going on. */
    Optional<Instant> end() {
        return begun.map(since -> since.plus(every));
    }
}
