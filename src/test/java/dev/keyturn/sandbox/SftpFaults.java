package dev.keyturn.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong on the SFTP host. Thread-safe.
 *
 * <p>The first fault that does not pass decides. A counted one is used up by deciding, not by passing.
 */
public final class SftpFaults {
    private final List<Rule> rules = new ArrayList<>();
    private int strikes;

    SftpFaults() {}

    /** Once. */
    public SftpFaults onNext(SftpFault fault) {
        return onNext(1, fault);
    }

    /** So many times. */
    public SftpFaults onNext(int times, SftpFault fault) {
        return add(new Rule(fault, 0, times));
    }

    /** Once, after it was about to strike {@code skipped} times and did not. */
    public SftpFaults after(int skipped, SftpFault fault) {
        return add(new Rule(fault, skipped, 1));
    }

    /** Until {@link #clear}. */
    public SftpFaults always(SftpFault fault) {
        return add(new Rule(fault, 0, Integer.MAX_VALUE));
    }

    private synchronized SftpFaults add(Rule rule) {
        rules.add(rule);
        return this;
    }

    public synchronized void clear() {
        rules.clear();
    }

    /** How many counted faults are still to strike. */
    public synchronized int pending() {
        return rules.stream()
                .filter(rule -> !rule.endless())
                .mapToInt(rule -> rule.times)
                .sum();
    }

    /** How often any fault has struck so far. */
    public synchronized int strikes() {
        return strikes;
    }

    @Nullable
    Welcome connecting(int unauthenticated) {
        return first(true, fault -> fault.connecting(unauthenticated));
    }

    boolean anotherHostKey() {
        return Boolean.TRUE.equals(first(true, SftpFault::anotherHostKey));
    }

    @Nullable
    String methodsDemanded() {
        return first(true, SftpFault::methodsDemanded);
    }

    @Nullable
    Boolean login(String user, String method) {
        return first(true, fault -> fault.login(user, method));
    }

    /** What {@link #login} would say, without using anything up. */
    @Nullable
    Boolean expectedLogin(String user, String method) {
        return first(false, fault -> fault.login(user, method));
    }

    @Nullable
    Trouble during(HostEvent event) {
        return first(true, fault -> fault.during(event));
    }

    synchronized boolean lacks(String extension) {
        boolean lacking = rules.stream().anyMatch(rule -> rule.fault.lacks(extension));
        strikes += lacking ? 1 : 0;
        return lacking;
    }

    private synchronized <T> @Nullable T first(boolean counts, Function<SftpFault, @Nullable T> question) {
        for (Rule rule : List.copyOf(rules)) {
            T decision = question.apply(rule.fault);
            if (decision != null && rule.skip > 0) {
                rule.skip -= counts ? 1 : 0;
            } else if (decision != null) {
                strikes += counts ? 1 : 0;
                if (counts && !rule.endless()) {
                    use(rule);
                }
                return decision;
            }
        }
        return null;
    }

    private void use(Rule rule) {
        rule.times--;
        if (rule.times == 0) {
            rules.remove(rule);
        }
    }

    private static final class Rule {
        private final SftpFault fault;
        private int skip;
        private int times;

        private Rule(SftpFault fault, int skip, int times) {
            this.fault = fault;
            this.skip = skip;
            this.times = times;
        }

        private boolean endless() {
            return times == Integer.MAX_VALUE;
        }
    }
}
