package dev.keyturn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Rotates a fleet on one real sshd in several ways, in turn, and prints a Markdown report. Started by
 * {@code bench/rotate-all} in the repository's root; progress goes to standard error.
 */
final class RotateAllBenchmark {

    private RotateAllBenchmark() {}

    public static void main(String[] words) throws IOException, InterruptedException {
        try {
            run(Options.parse(words));
        } catch (IllegalArgumentException | IllegalStateException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void run(Options options) throws IOException, InterruptedException {
        Path distribution = Path.of("target/keyturn").toAbsolutePath();
        List<String> missing = Contestants.missing(options, distribution);
        if (!missing.isEmpty()) {
            throw new IllegalStateException(String.join("\n", missing));
        }
        Path workspace = Files.createTempDirectory("keyturn-bench-");
        try (Fleet fleet = Fleet.start(options.accounts())) {
            Race race = new Race(fleet, options, workspace);
            List<Contestant> contestants =
                    Contestants.wanted(options, Path.of("bench").toAbsolutePath(), distribution, fleet);
            List<Leg> legs = new ArrayList<>();
            for (int round = 1; round <= options.rounds(); round++) {
                for (Contestant contestant : contestants) {
                    Leg leg = race.run(contestant, round);
                    System.err.printf("round %d, %s: %.2f s%n", round, contestant.name(), leg.seconds());
                    legs.add(leg);
                }
            }
            System.out.println(new Report(legs).markdown());
        } finally {
            delete(workspace);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
