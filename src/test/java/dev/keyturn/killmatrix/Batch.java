package dev.keyturn.killmatrix;

import dev.keyturn.killmatrix.Matrix.Row;
import dev.keyturn.killmatrix.Scenario.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.assertj.core.util.Throwables;

/** The moments of one scenario, shared out among trials that die together. */
final class Batch {
    /** A busy machine can hold a command longer than it waits for host or Dromo. */
    private static final int TRIES = 5;

    private final Scenario scenario;
    private final Program program;
    private final Logins logins;
    private final Queue<Order> left = new ConcurrentLinkedQueue<>();
    private final List<Target> kills = Collections.synchronizedList(new ArrayList<>());
    private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger late = new AtomicInteger();

    Batch(Scenario scenario, Program program, Logins logins) {
        this.scenario = scenario;
        this.program = program;
        this.logins = logins;
    }

    /** @param late how often it was made and came too late */
    private record Order(Target target, int late) {}

    /**
     * @param together how many trials
     * @param choice which of the moments to kill in, and how often
     */
    Row run(int together, UnaryOperator<List<Target>> choice) {
        Instant begin = Instant.now();
        List<Target> moments = List.of();
        int wanted = 0;
        try (Crew crew = new Crew(program)) {
            moments = moments(crew);
            choice.apply(moments).forEach(target -> left.add(new Order(target, 0)));
            wanted = left.size();
            killTogether(crew, Math.min(together, wanted));
        } catch (RuntimeException e) {
            violations.add(scenario + " broke off: " + Throwables.getStackTrace(e));
        }
        if (kills.size() < wanted) {
            violations.add(scenario + ": " + (wanted - kills.size()) + " kills are missing");
        }
        return new Row(
                scenario,
                moments,
                List.copyOf(kills),
                late.get(),
                Duration.between(begin, Instant.now()),
                List.copyOf(violations));
    }

    private List<Target> moments(Crew crew) {
        crew.join(1);
        try (Trial trial = new Trial(scenario, crew, logins)) {
            return trial.moments();
        } finally {
            crew.leave();
        }
    }

    private void killTogether(Crew crew, int trials) {
        crew.join(trials);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < trials; i++) {
            Thread thread = new Thread(() -> killAll(crew), scenario + " " + i);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("the matrix broke off", e);
            }
        }
    }

    private void killAll(Crew crew) {
        try {
            // What went wrong once must not spoil the kills after it: then there is another trial.
            while (killUntilOneGoesWrong(crew)) {}
        } catch (Throwable e) {
            // An Error too, else the thread would end and what it had found would be told by nobody.
            violations.add(scenario + " broke off: " + Throwables.getStackTrace(e));
        } finally {
            crew.leave();
        }
    }

    /** @return whether there may be kills left */
    private boolean killUntilOneGoesWrong(Crew crew) {
        Order order = left.poll();
        if (order == null) {
            return false;
        }
        try (Trial trial = new Trial(scenario, crew, logins)) {
            for (; order != null; order = left.poll()) {
                if (!kill(trial, order)) {
                    return true;
                }
            }
            // Each kill is followed by the rotation that is killed next; the last one is followed by this.
            trial.moments();
            return false;
        }
    }

    private boolean kill(Trial trial, Order order) {
        Target target = order.target();
        Trial.Kill kill;
        try {
            kill = trial.kill(target);
        } catch (RuntimeException e) {
            throw new IllegalStateException("killed at " + target + ":\n" + trial.said(), e);
        }
        if (kill.inTime()) {
            kills.add(target);
        } else {
            again(order);
        }
        if (!kill.violations().isEmpty()) {
            violations.add(scenario + ", killed at " + target + ": " + kill.violations() + "\n" + trial.said());
        }
        return kill.violations().isEmpty();
    }

    private void again(Order order) {
        late.incrementAndGet();
        if (order.late() + 1 < TRIES) {
            left.add(new Order(order.target(), order.late() + 1));
        } else {
            violations.add(scenario + " did not wait to be killed at " + order.target());
        }
    }
}
