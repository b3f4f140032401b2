package dev.keyturn.killmatrix;

import dev.keyturn.killmatrix.Matrix.Row;
import dev.keyturn.killmatrix.Scenario.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Kills in every moment of every scenario and prints a Markdown report. Started by {@code bench/kill-matrix} in the
 * repository's root; progress goes to standard error. Ends with 1 where anything was not as promised.
 */
final class KillMatrix {
    private KillMatrix() {}

    public static void main(String[] words) {
        Options options;
        List<Scenario> scenarios;
        try {
            options = Options.parse(words);
            scenarios = options.scenarios();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Instant begin = Instant.now();
        List<Row> rows = run(options, scenarios);
        System.out.println(Report.markdown(rows, Duration.between(begin, Instant.now()), options));
        System.exit(rows.stream().allMatch(row -> row.violations().isEmpty()) ? 0 : 1);
    }

    private static List<Row> run(Options options, List<Scenario> scenarios) {
        List<Row> rows = run(options, scenarios, (scenario, moments) -> chosen(options, scenario, moments));
        Map<Scenario, List<Target>> missing = Quota.missing(rows, options.made(), options.least());
        if (missing.isEmpty()) {
            return rows;
        }
        Map<Scenario, Row> more =
                run(options, List.copyOf(missing.keySet()), (scenario, moments) -> missing.get(scenario)).stream()
                        .collect(Collectors.toMap(Row::scenario, row -> row));
        return rows.stream()
                .map(row -> more.containsKey(row.scenario()) ? row.and(more.get(row.scenario())) : row)
                .toList();
    }

    private static List<Row> run(
            Options options, List<Scenario> scenarios, BiFunction<Scenario, List<Target>, List<Target>> choice) {
        return new Matrix(options.jobs(), options.together(), choice).run(scenarios);
    }

    private static List<Target> chosen(Options options, Scenario scenario, List<Target> moments) {
        int first = (int) Math.floorMod(options.seed() + Kind.ALL.indexOf(scenario.kind()), (long) options.every());
        List<Target> sample = IntStream.range(0, moments.size())
                .filter(i -> i % options.every() == first)
                .mapToObj(moments::get)
                .toList();
        return IntStream.range(0, options.times())
                .boxed()
                .flatMap(i -> sample.stream())
                .toList();
    }
}
