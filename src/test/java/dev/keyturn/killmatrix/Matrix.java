package dev.keyturn.killmatrix;

import dev.keyturn.killmatrix.Scenario.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;

/**
 * Runs scenarios side by side.
 *
 * @param choice which of a scenario's moments to kill in, and how often
 */
record Matrix(int jobs, BiFunction<Scenario, List<Target>, List<Target>> choice) {

    /**
     * What came of a scenario.
     *
     * @param moments how many it has
     * @param violations each with its moment
     */
    record Row(Scenario scenario, int moments, int kills, Duration time, List<String> violations) {}

    List<Row> run(List<Scenario> scenarios) {
        ExecutorService workers = Executors.newFixedThreadPool(jobs);
        try (Program program = new Program().warmedUp();
                Logins logins = new Logins()) {
            List<Future<Row>> rows = scenarios.stream()
                    .map(scenario -> workers.submit(() -> row(scenario, program, logins)))
                    .toList();
            List<Row> done = new ArrayList<>();
            for (Future<Row> row : rows) {
                done.add(row.get());
            }
            return done;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("the matrix broke off", e);
        } finally {
            workers.shutdownNow();
        }
    }

    private Row row(Scenario scenario, Program program, Logins logins) {
        Instant begin = Instant.now();
        List<String> violations = new ArrayList<>();
        int moments = 0;
        int kills = 0;
        Trial trial = new Trial(scenario, program, logins);
        try {
            List<Target> all = trial.moments();
            moments = all.size();
            for (Target target : choice.apply(scenario, all)) {
                List<String> found = trial.kill(target);
                kills++;
                if (!found.isEmpty()) {
                    violations.add(scenario + ", killed at " + target + ": " + found + "\n" + trial.said());
                    // What went wrong once must not spoil the kills after it.
                    trial.close();
                    trial = new Trial(scenario, program, logins);
                }
            }
        } catch (RuntimeException e) {
            violations.add(scenario + " broke off after " + kills + " kills: " + e + "\n" + trial.said());
        } finally {
            trial.close();
        }
        Row row = new Row(scenario, moments, kills, Duration.between(begin, Instant.now()), violations);
        violations.forEach(System.err::println);
        System.err.printf(
                "%s: %d kills, %d violations, %d s%n",
                scenario, kills, violations.size(), row.time().toSeconds());
        return row;
    }
}
