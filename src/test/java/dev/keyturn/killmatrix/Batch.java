package dev.keyturn.killmatrix;

import dev.keyturn.killmatrix.Matrix.Row;
import dev.keyturn.killmatrix.Scenario.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;

/** The moments of one scenario, shared out among trials that die together. */
final class Batch {
    /** A busy machine can hold a command longer than it waits for host or Dromo. */
    private static final int TRIES = 5;

    private final Scenario scenario;
    private final Program program;
    private final Logins logins;
    private final Queue<Target> left = new ConcurrentLinkedQueue<>();
    private final Map<Target, Integer> missed = Collections.synchronizedMap(new HashMap<>());
    private final List<Target> kills = Collections.synchronizedList(new ArrayList<>());
    private final List<String> violations = Collections.synchronizedList(new ArrayList<>());

    Batch(Scenario scenario, Program program, Logins logins) {
        this.scenario = scenario;
        this.program = program;
        this.logins = logins;
    }

    /**
     * @param together how many trials
     * @param choice which of the moments to kill in, and how often
     */
    Row run(int together, UnaryOperator<List<Target>> choice) {
        Instant begin = Instant.now();
        int moments = 0;
        try (Crew crew = new Crew(program)) {
            List<Target> all = moments(crew);
            moments = all.size();
            left.addAll(choice.apply(all));
            killTogether(crew, Math.min(together, left.size()));
        } catch (RuntimeException e) {
            violations.add(scenario + " broke off: " + e);
        }
        if (!left.isEmpty()) {
            violations.add(scenario + ": " + left.size() + " kills are missing");
        }
        return new Row(scenario, moments, List.copyOf(kills), Duration.between(begin, Instant.now()), violations);
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
            Thread thread = new Thread(() -> kill(crew), scenario + " " + i);
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

    private void kill(Crew crew) {
        try {
            // What went wrong once must not spoil the kills after it: then there is another trial.
            while (killUntilOneGoesWrong(crew)) {}
        } catch (RuntimeException e) {
            violations.add(scenario + " broke off: " + e);
        } finally {
            crew.leave();
        }
    }

    /** @return whether there may be kills left */
    private boolean killUntilOneGoesWrong(Crew crew) {
        try (Trial trial = new Trial(scenario, crew, logins)) {
            for (Target target = left.poll(); target != null; target = left.poll()) {
                Trial.Kill kill;
                try {
                    kill = trial.kill(target);
                } catch (RuntimeException e) {
                    throw new IllegalStateException("killed at " + target + ": " + e + "\n" + trial.said(), e);
                }
                if (kill.there()) {
                    kills.add(target);
                } else {
                    again(target);
                }
                if (!kill.violations().isEmpty()) {
                    violations.add(scenario + ", killed at " + target + ": " + kill.violations() + "\n" + trial.said());
                    return true;
                }
            }
            return false;
        }
    }

    private void again(Target target) {
        if (missed.merge(target, 1, Integer::sum) < TRIES) {
            left.add(target);
        } else {
            violations.add(scenario + " did not wait to be killed at " + target);
        }
    }
}
