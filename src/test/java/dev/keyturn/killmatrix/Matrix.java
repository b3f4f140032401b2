package dev.keyturn.killmatrix;

import dev.keyturn.killmatrix.Scenario.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Runs scenarios side by side.
 *
 * @param jobs how many scenarios
 * @param together how many trials of a scenario die by one kill
 * @param choice which of a scenario's moments to kill in, and how often
 */
record Matrix(int jobs, int together, BiFunction<Scenario, List<Target>, List<Target>> choice) {

    /**
     * What came of a scenario.
     *
     * @param moments all that it has
     * @param kills where they struck
     * @param late how many struck too late, and were made again
     * @param violations each with its moment
     */
    record Row(
            Scenario scenario,
            List<Target> moments,
            List<Target> kills,
            int late,
            Duration time,
            List<String> violations) {
        /** This one and more of the same scenario. */
        Row and(Row more) {
            return new Row(
                    scenario,
                    moments,
                    both(kills, more.kills),
                    late + more.late,
                    time.plus(more.time),
                    both(violations, more.violations));
        }

        private static <T> List<T> both(List<T> some, List<T> others) {
            return Stream.concat(some.stream(), others.stream()).toList();
        }
    }

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
        Row row = new Batch(scenario, program, logins).run(together, moments -> choice.apply(scenario, moments));
        row.violations().forEach(System.err::println);
        System.err.printf(
                "%s: %d kills, %d too late, %d violations, %d s%n",
                scenario,
                row.kills().size(),
                row.late(),
                row.violations().size(),
                row.time().toSeconds());
        return row;
    }
}
