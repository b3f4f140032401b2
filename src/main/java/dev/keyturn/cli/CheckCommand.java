package dev.keyturn.cli;

import dev.keyturn.config.Configuration;
import dev.keyturn.rotation.Failure;
import dev.keyturn.rotation.ManagedCredential;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "check",
        description = "Validates the configuration; with --online runs every preflight, changing nothing.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private Keyturn keyturn;

    @Option(names = "--online", description = "Ask hosts and Dromo too.")
    private boolean online;

    @Option(names = "--json", description = "With --online: print a JSON array.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (json && !online) {
            throw new UsageException("--json goes with --online; without it the exit status says everything");
        }
        Surroundings surroundings = keyturn.surroundings();
        Configuration configuration = keyturn.configuration();
        if (!json) {
            sayValid(configuration, surroundings);
        }
        if (!online) {
            return ExitStatus.DONE;
        }
        try (Workshop workshop = keyturn.openWorkshop()) {
            Map<String, Optional<Failure>> found = new ConcurrentHashMap<>();
            workshop.sideBySide()
                    .run(
                            configuration.credentials(),
                            credential -> found.put(
                                    credential.name(), workshop.inspector().inspect(credential)));
            if (json) {
                surroundings
                        .out()
                        .println(Json.array(configuration.credentials().stream()
                                .map(c -> Json.preflight(c, found.getOrDefault(c.name(), Optional.empty())))
                                .toList()));
            } else {
                print(configuration, found, surroundings);
            }
            return found.values().stream().allMatch(Optional::isEmpty) ? ExitStatus.DONE : ExitStatus.FAILED;
        }
    }

    private static void sayValid(Configuration configuration, Surroundings surroundings) {
        surroundings
                .out()
                .println(configuration.file() + " is valid: "
                        + count(configuration.credentials().size(), "credential", "credentials") + ", "
                        + count(configuration.policies().size(), "policy", "policies"));
    }

    private static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }

    private static void print(
            Configuration configuration, Map<String, Optional<Failure>> found, Surroundings surroundings) {
        Table table = new Table("CREDENTIAL", "ACCOUNT", "METHOD", "PREFLIGHT");
        for (ManagedCredential credential : configuration.credentials()) {
            Optional<Failure> failure = found.getOrDefault(credential.name(), Optional.empty());
            table.row(
                    credential.name(),
                    credential.where(),
                    credential.install().configName(),
                    failure.map(f ->
                                    f.kind() + ": " + f.message() + (f.message().endsWith(".") ? " " : ". ") + f.hint())
                            .orElse("ok"));
        }
        table.print(surroundings.out());
    }
}
