package dev.keyturn.cli;

import dev.keyturn.rotation.Gate;
import dev.keyturn.rotation.Gates;
import dev.keyturn.rotation.Inspection;
import dev.keyturn.rotation.Journal;
import dev.keyturn.rotation.ManagedCredential;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "why",
        description = "Each gate before the next scheduled rotation, with its verdict and when it opens.",
        mixinStandardHelpOptions = true)
final class WhyCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private Keyturn keyturn;

    @Mixin
    private Selection selection = new Selection();

    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    @Option(names = "--online", description = "Run the preflight too: ask host and Dromo, changing nothing.")
    private boolean online;

    /** A credential's gates; with {@code --online} also what was found. */
    record Known(ManagedCredential credential, List<Gate> gates, Optional<Inspection> online) {
        Known seen(Optional<Inspection> found) {
            return new Known(
                    credential,
                    Stream.concat(gates.stream(), found.map(Gates::preflight).stream())
                            .toList(),
                    found);
        }
    }

    @Override
    public Integer call() throws Exception {
        Surroundings surroundings = keyturn.surroundings();
        Instant now = surroundings.clock().instant();
        List<Known> all = online
                ? askEverybody(now)
                : keyturn.look((configuration, journal) ->
                        look(selection.chosenFrom(configuration.credentials()), journal, now));
        if (json) {
            surroundings.out().println(Json.array(all.stream().map(Json::gates).toList()));
        } else {
            all.forEach(each -> print(each, surroundings));
        }
        return ExitStatus.DONE;
    }

    private static List<Known> look(List<ManagedCredential> chosen, Journal journal, Instant now) {
        return chosen.stream()
                .map(credential -> new Known(
                        credential,
                        Gates.of(
                                credential,
                                journal.facts(credential.name()),
                                journal.open(credential.name()),
                                journal::refusals,
                                now),
                        Optional.empty()))
                .toList();
    }

    private List<Known> askEverybody(Instant now) throws Exception {
        try (Gallery gallery = Gallery.open(keyturn.configuration(), keyturn.surroundings())) {
            List<ManagedCredential> chosen =
                    selection.chosenFrom(gallery.configuration().credentials());
            Map<String, Inspection> found = gallery.inspect(chosen);
            return look(chosen, gallery.journal(), now).stream()
                    .map(known -> known.seen(
                            Optional.ofNullable(found.get(known.credential().name()))))
                    .toList();
        }
    }

    private static void print(Known known, Surroundings surroundings) {
        List<Gate> closed = known.gates().stream().filter(gate -> !gate.open()).toList();
        surroundings.out().println(known.credential().name() + ": " + summary(closed));
        Table table = new Table("  GATE", "VERDICT", "OPENS (UTC)", "WHY");
        known.gates()
                .forEach(gate -> table.row(
                        "  " + gate.name(),
                        gate.open() ? "open" : "closed",
                        gate.opensAt().map(Times::utc).orElse(gate.open() ? "-" : "not by itself"),
                        gate.why()));
        table.print(surroundings.out());
    }

    private static String summary(List<Gate> closed) {
        if (closed.isEmpty()) {
            return "is due; the daemon rotates it as soon as host and limits allow";
        }
        Optional<Gate> never =
                closed.stream().filter(gate -> gate.opensAt().isEmpty()).findFirst();
        return never.map(gate -> "is not rotated by itself: " + gate.name())
                .orElseGet(() -> "waits for "
                        + String.join(", ", closed.stream().map(Gate::name).toList()));
    }
}
