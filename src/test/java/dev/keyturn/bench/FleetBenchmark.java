package dev.keyturn.bench;

import dev.keyturn.sandbox.DromoStandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a fleet costs the daemon: time and memory of its start and of a reload, and how punctual it is. Started by
 * {@code bench/fleet} in the repository's root; prints Markdown, progress goes to standard error.
 */
final class FleetBenchmark {
    private static final Path DISTRIBUTION = Path.of("target/keyturn").toAbsolutePath();
    private static final String USAGE = """
            bench/fleet [OPTION...]
              --credentials N,N  1000,10000,50000: the sizes of the fleet
              --rounds N         3: each size runs once in each
              --settle SECONDS   10: between a start or a reload and the second look at the memory
            """;

    private FleetBenchmark() {}

    /** What one daemon came to; memory in MiB. */
    private record Leg(
            int credentials,
            Duration firstStart,
            Duration start,
            long atReady,
            long settled,
            Duration reload,
            long afterReload,
            long peak) {}

    /** @param settle between a start or a reload and the second look at the memory */
    private record Wanted(List<Integer> sizes, int rounds, Duration settle) {
        static Wanted parse(String... words) {
            Wanted wanted = new Wanted(List.of(1_000, 10_000, 50_000), 3, Duration.ofSeconds(10));
            for (int i = 0; i < words.length; i += 2) {
                wanted = wanted.with(words[i], i + 1 < words.length ? words[i + 1] : "");
            }
            return wanted;
        }

        private Wanted with(String option, String value) {
            return switch (option) {
                case "--credentials" ->
                    new Wanted(Stream.of(value.split(",")).map(Integer::valueOf).toList(), rounds, settle);
                case "--rounds" -> new Wanted(sizes, Integer.parseInt(value), settle);
                case "--settle" -> new Wanted(sizes, rounds, Duration.ofSeconds(Long.parseLong(value)));
                default -> throw new IllegalArgumentException("There is no option " + option + ":\n" + USAGE);
            };
        }

        private int largest() {
            return sizes.stream().max(Comparator.naturalOrder()).orElseThrow();
        }
    }

    public static void main(String[] words) throws Exception {
        Wanted wanted = Wanted.parse(words);
        List<Leg> legs = new ArrayList<>();
        List<Lateness> late = new ArrayList<>();
        for (int round = 1; round <= wanted.rounds(); round++) {
            for (int size : wanted.sizes()) {
                Leg leg = inDirectory(directory -> leg(size, directory, wanted.settle()));
                System.err.println("round " + round + ": " + leg);
                legs.add(leg);
            }
            Lateness lateness = inDirectory(directory -> lateness(wanted.largest(), directory));
            System.err.println("round " + round + ": " + row(lateness));
            late.add(lateness);
        }
        System.out.println(markdown(wanted.sizes(), legs, late));
    }

    private static Leg leg(int size, Path directory, Duration settle) throws Exception {
        prepare(new LargeFleet(size, "http://127.0.0.1:1", Optional.empty()), directory);
        Duration first;
        try (RunningDaemon daemon = RunningDaemon.start(DISTRIBUTION, directory)) {
            first = daemon.untilReady();
        }
        try (RunningDaemon daemon = RunningDaemon.start(DISTRIBUTION, directory)) {
            long atReady = daemon.mebibytes("VmRSS");
            Thread.sleep(settle.toMillis());
            long settled = daemon.mebibytes("VmRSS");
            Duration reload = daemon.reload();
            Thread.sleep(settle.toMillis());
            return new Leg(
                    size,
                    first,
                    daemon.untilReady(),
                    atReady,
                    settled,
                    reload,
                    daemon.mebibytes("VmRSS"),
                    daemon.mebibytes("VmHWM"));
        }
    }

    /** Dromo knows none of them, so each rotation ends after it was begun and asked for. */
    private static Lateness lateness(int size, Path directory) throws Exception {
        try (DromoStandIn dromo =
                DromoStandIn.options().licenseKey("words").withoutLogin().start()) {
            Instant minute = Instant.now().plus(Duration.ofSeconds(90)).truncatedTo(ChronoUnit.MINUTES);
            prepare(new LargeFleet(size, dromo.url(), Optional.of(minute)), directory);
            Map<String, Instant> due = Lateness.due(directory.resolve("keyturn.yaml"), Instant.now());
            try (RunningDaemon daemon = RunningDaemon.start(DISTRIBUTION, directory)) {
                Instant end = minute.plus(Duration.ofMinutes(5));
                Lateness lateness;
                do {
                    Thread.sleep(1_000);
                    lateness = Lateness.of(directory.resolve("audit/audit.jsonl"), due);
                } while (lateness.sorted().size() < LargeFleet.DUE_AT_ONCE
                        && Instant.now().isBefore(end));
                if (lateness.sorted().size() < LargeFleet.DUE_AT_ONCE) {
                    throw new IllegalStateException(
                            "only " + lateness.sorted().size() + " rotations began:\n" + daemon.said());
                }
                return lateness;
            }
        }
    }

    private static void prepare(LargeFleet fleet, Path directory) throws IOException, InterruptedException {
        fleet.writeTo(directory);
        Program.run(
                directory,
                Map.of("JAVA_HOME", System.getProperty("java.home")),
                List.of(DISTRIBUTION.resolve("bin/keyturn").toString(), "init-key", "state-key"));
    }

    private static String markdown(List<Integer> sizes, List<Leg> legs, List<Lateness> late) {
        StringBuilder text =
                new StringBuilder("| Credentials | First start, s | Start, s | MiB when ready | MiB later | Reload, s"
                        + " | MiB later | Peak, MiB |\n| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        for (int size : sizes) {
            List<Leg> ofSize =
                    legs.stream().filter(leg -> leg.credentials() == size).toList();
            text.append(Stream.of(
                            String.format(Locale.ROOT, "%,d", size),
                            seconds(ofSize, Leg::firstStart),
                            seconds(ofSize, Leg::start),
                            middle(ofSize, Leg::atReady).toString(),
                            middle(ofSize, Leg::settled).toString(),
                            seconds(ofSize, Leg::reload),
                            middle(ofSize, Leg::afterReload).toString(),
                            middle(ofSize, Leg::peak).toString())
                    .collect(Collectors.joining(" | ", "| ", " |\n")));
        }
        text.append("\n| Lateness of ")
                .append(LargeFleet.DUE_AT_ONCE)
                .append(" in one minute | p50, ms | p99, ms | most, ms |\n| --- | ---: | ---: | ---: |\n");
        for (int i = 0; i < late.size(); i++) {
            text.append("| round ")
                    .append(i + 1)
                    .append(" | ")
                    .append(row(late.get(i)))
                    .append(" |\n");
        }
        return text.toString();
    }

    private static String row(Lateness late) {
        return Stream.of(50, 99, 100)
                .map(percent -> String.valueOf(late.percentile(percent).toMillis()))
                .collect(Collectors.joining(" | "));
    }

    private static String seconds(List<Leg> legs, Function<Leg, Duration> figure) {
        return String.format(Locale.ROOT, "%.1f", middle(legs, figure).toMillis() / 1000.0);
    }

    private static <T extends Comparable<T>> T middle(List<Leg> legs, Function<Leg, T> figure) {
        return legs.stream().map(figure).sorted().toList().get(legs.size() / 2);
    }

    private interface Work<T> {
        T in(Path directory) throws Exception;
    }

    private static <T> T inDirectory(Work<T> work) throws Exception {
        Path directory = Files.createTempDirectory("keyturn-fleet-");
        try {
            return work.in(directory);
        } finally {
            try (Stream<Path> tree = Files.walk(directory)) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
