package dev.keyturn.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * When rotations may start: inside one of the windows, where there are any, and outside of every blackout.
 *
 * @param windows none for any time
 */
public record Hours(List<Window> windows, List<Blackout> blackouts) {
    public static final Hours ALWAYS = new Hours(List.of(), List.of());
    /** Windows that leave no gap for so long leave none at all: they come again each week. */
    private static final Duration WITHOUT_A_GAP = Duration.ofDays(8);
    /** No blackout is that long, so every window closes at least once in this time. */
    private static final Duration LOOK_BACK = Duration.ofDays(400);

    public Hours {
        windows = List.copyOf(windows);
        blackouts = List.copyOf(blackouts);
    }

    /**
     * The first instant that is open.
     *
     * @param moves what stood in the way, in order; empty where it was open at once
     */
    record Opening(Instant at, List<Shift> moves) {}

    public boolean open(Instant instant) {
        return blackout(instant).isEmpty()
                && (windows.isEmpty() || window(instant).isPresent());
    }

    /** The first instant from {@code from} on that is open. */
    public Instant opensAfter(Instant from) {
        return opening(from).at();
    }

    /** From {@code from} on. */
    Opening opening(Instant from) {
        List<Shift> moves = new ArrayList<>();
        Instant at = from;
        while (!open(at)) {
            Optional<Blackout> blackout = blackout(at);
            if (blackout.isPresent()) {
                at = blackout.get().to();
                moves.add(new Shift(Shift.Cause.BLACKOUT, at, blackout.get().describe()));
            } else {
                Window next = nextWindow(at);
                at = next.opens(at);
                moves.add(new Shift(Shift.Cause.WINDOW, at, "window " + next.describe()));
            }
        }
        return new Opening(at, moves);
    }

    /** The end of the time that is open at {@code open}; {@link Instant#MAX} where it has none. */
    Instant closes(Instant open) {
        Instant blackout = blackouts.stream()
                .map(Blackout::from)
                .filter(open::isBefore)
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
        Instant window = windows.isEmpty() ? Instant.MAX : windowsClose(open);
        return window.isBefore(blackout) ? window : blackout;
    }

    private Instant windowsClose(Instant open) {
        Instant end = open;
        // One window may begin where another ends.
        for (Optional<Instant> next = end(end); next.isPresent(); next = end(end)) {
            end = next.get();
            if (Duration.between(open, end).compareTo(WITHOUT_A_GAP) > 0) {
                return Instant.MAX;
            }
        }
        return end;
    }

    /** The last instant after {@code after}, and not after {@code until}, at which it closed. */
    Optional<Instant> lastClosed(Instant after, Instant until) {
        Instant from = until.minus(LOOK_BACK).isAfter(after) ? until.minus(LOOK_BACK) : after;
        Optional<Instant> last = Optional.empty();
        for (Instant closed = closes(opening(from).at());
                !closed.isAfter(until);
                closed = closes(opening(closed).at())) {
            last = Optional.of(closed);
        }
        return last;
    }

    /** The blackouts alone. */
    Hours withoutWindows() {
        return new Hours(List.of(), blackouts);
    }

    /** The blackout that holds rotations back at this instant; of several, the one that ends last. */
    public Optional<Blackout> blackout(Instant instant) {
        return blackouts.stream()
                .filter(blackout -> blackout.contains(instant))
                .max(Comparator.comparing(Blackout::to));
    }

    /** The window that is open; empty also where there are none. */
    public Optional<Window> window(Instant instant) {
        return windows.stream()
                .filter(window -> window.closes(instant).isPresent())
                .findFirst();
    }

    /** Where there are windows: the one that opens first from {@code from} on. */
    private Window nextWindow(Instant from) {
        return windows.stream()
                .min(Comparator.comparing(window -> window.opens(from)))
                .orElseThrow();
    }

    private Optional<Instant> end(Instant instant) {
        return windows.stream()
                .flatMap(window -> window.closes(instant).stream())
                .max(Comparator.naturalOrder());
    }

    /** The longest time without a gap that blackouts cover, so that nothing can start; zero without any. */
    public Duration longestBlackout() {
        Duration longest = Duration.ZERO;
        for (Blackout each : blackouts) {
            Instant end = withoutWindows().opening(each.from()).at();
            Duration length = Duration.between(each.from(), end);
            longest = length.compareTo(longest) > 0 ? length : longest;
        }
        return longest;
    }

    /** As an operator would say it, e.g. {@code sat,sun 01:00-05:00 UTC or daily 22:00-23:00 UTC}. */
    public String describeWindows() {
        return windows.stream().map(Window::describe).collect(Collectors.joining(" or "));
    }
}
