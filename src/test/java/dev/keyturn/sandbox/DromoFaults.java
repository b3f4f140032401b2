package dev.keyturn.sandbox;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Which calls go wrong, and how. Thread-safe.
 *
 * <p>Counted rules queue up: each call takes the first counted rule that covers it. Rules without a count act on every
 * call they cover, in addition and outside of the counted one. The faults of one rule all act on the same call, the first
 * outermost.
 */
public final class DromoFaults {
    private final List<Rule> rules = new ArrayList<>();
    private int strikes;

    DromoFaults() {}

    /** The next call of this kind suffers from all of these faults. */
    public DromoFaults onNext(DromoCall call, DromoFault... faults) {
        return onNext(1, call, faults);
    }

    /** So do the next {@code times} calls of this kind. */
    public DromoFaults onNext(int times, DromoCall call, DromoFault... faults) {
        return add(new Rule(call, 0, times, List.of(faults)));
    }

    /** The call of this kind that comes after {@code skipped} healthy ones. */
    public DromoFaults after(int skipped, DromoCall call, DromoFault... faults) {
        return add(new Rule(call, skipped, 1, List.of(faults)));
    }

    /** The next call of this kind, and every call of any kind after it, until {@link #clear}. */
    public DromoFaults fromNext(DromoCall call, DromoFault fault) {
        return onNext(call, exchange -> {
            always(DromoCall.ANY, fault);
            return fault.around(exchange);
        });
    }

    /** Every call of this kind until {@link #clear}. */
    public DromoFaults always(DromoCall call, DromoFault... faults) {
        return add(new Rule(call, 0, Integer.MAX_VALUE, List.of(faults)));
    }

    private synchronized DromoFaults add(Rule rule) {
        rules.add(rule);
        return this;
    }

    public synchronized void clear() {
        rules.clear();
    }

    /** How many counted faulty calls are still to come; 0 once every fault struck. */
    public synchronized int pending() {
        return rules.stream()
                .filter(rule -> !rule.endless())
                .mapToInt(rule -> rule.times)
                .sum();
    }

    /** How many calls have suffered from a fault so far. */
    public synchronized int strikes() {
        return strikes;
    }

    /** The faults for this call, outermost first; counts it. */
    synchronized List<DromoFault> strike(DromoCall call) {
        List<DromoFault> faults = new ArrayList<>();
        boolean counted = false;
        for (Iterator<Rule> each = rules.iterator(); each.hasNext(); ) {
            Rule rule = each.next();
            if (!rule.call.covers(call)) {
                continue;
            }
            if (rule.endless()) {
                faults.addAll(0, rule.faults);
            } else if (rule.skip > 0) {
                rule.skip--;
            } else if (!counted) {
                counted = true;
                faults.addAll(rule.faults);
                rule.times--;
                if (rule.times == 0) {
                    each.remove();
                }
            }
        }
        strikes += faults.isEmpty() ? 0 : 1;
        return faults;
    }

    private static final class Rule {
        private final DromoCall call;
        private int skip;
        private int times;
        private final List<DromoFault> faults;

        private Rule(DromoCall call, int skip, int times, List<DromoFault> faults) {
            this.call = call;
            this.skip = skip;
            this.times = times;
            this.faults = faults;
        }

        private boolean endless() {
            return times == Integer.MAX_VALUE;
        }
    }
}
