package dev.keyturn.cli;

import dev.keyturn.rotation.Finding;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.RotationHead;
import dev.keyturn.rotation.RotationSummary;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "history", description = "Past rotations with their steps.", mixinStandardHelpOptions = true)
final class HistoryCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private Keyturn keyturn;

    @Mixin
    private Selection selection = new Selection();

    @Option(names = "--limit", paramLabel = "N", description = "At most so many of each credential (${DEFAULT-VALUE}).")
    private int limit = 20;

    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        PrintStream out = keyturn.surroundings().out();
        List<RotationSummary> rotations = keyturn.look((configuration, journal) -> {
            List<RotationSummary> found = new ArrayList<>();
            for (ManagedCredential credential : selection.matching(configuration.credentials())) {
                found.addAll(journal.history(Optional.of(credential.name()), limit));
            }
            found.sort(Comparator.comparing(RotationSummary::startedAt).reversed());
            return found;
        });
        if (json) {
            out.println(Json.array(rotations.stream().map(Json::summary).toList()));
        } else {
            rotations.forEach(rotation -> print(rotation, out));
        }
        return ExitStatus.DONE;
    }

    private static void print(RotationSummary rotation, PrintStream out) {
        out.println(rotation.credential() + "  " + Times.utc(rotation.startedAt()) + "  "
                + rotation.outcome().label() + "  rotation " + rotation.id()
                + rotation.users()
                        .filter(RotationHead.Users::alternate)
                        .map(users -> "  " + users.active() + " -> " + users.changed())
                        .orElse("")
                + rotation.gap().map(gap -> "  gap " + Times.span(gap)).orElse(""));
        out.println(
                "  " + rotation.reason() + " (" + rotation.actor().kind().name().toLowerCase(Locale.ROOT)
                        + rotation.actor().name().map(name -> " " + name).orElse("") + ")");
        for (RotationSummary.Transition step : rotation.steps()) {
            for (Finding finding : step.findings()) {
                out.println("    " + finding.at() + "  " + finding.probe() + ": " + finding.found());
            }
            out.println("  " + step.at() + "  " + step.state().name().toLowerCase(Locale.ROOT)
                    + step.failure()
                            .map(f -> "  " + f.kind() + ": " + f.message())
                            .orElse(""));
        }
        out.println();
    }
}
