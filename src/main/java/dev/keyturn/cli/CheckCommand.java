package dev.keyturn.cli;

import dev.keyturn.config.Configuration;
import dev.keyturn.rotation.Failure;
import dev.keyturn.rotation.Inspection;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.RotationState;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
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

    @Option(names = "--online", description = "Ask hosts and Dromo too; also beside a running daemon.")
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
        if (!online) {
            sayValid(configuration, surroundings);
            return ExitStatus.DONE;
        }
        Map<String, Inspection> found;
        try (Gallery gallery = Gallery.open(configuration, surroundings)) {
            if (!json) {
                sayValid(configuration, surroundings);
            }
            found = gallery.inspect(configuration.credentials());
        }
        if (json) {
            surroundings
                    .out()
                    .println(Json.array(configuration.credentials().stream()
                            .flatMap(credential -> Optional.ofNullable(found.get(credential.name()))
                                    .map(inspection -> Json.inspection(credential, inspection))
                                    .stream())
                            .toList()));
        } else {
            print(configuration, found, surroundings);
        }
        return found.values().stream().allMatch(Inspection::ok) ? ExitStatus.DONE : ExitStatus.FAILED;
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

    private static void print(Configuration configuration, Map<String, Inspection> found, Surroundings surroundings) {
        Table table = new Table("CREDENTIAL", "ACCOUNT", "METHOD", "LOGIN", "DROMO RECORD", "CONNECTORS", "PREFLIGHT");
        for (ManagedCredential credential : configuration.credentials()) {
            Inspection inspection = found.get(credential.name());
            if (inspection != null) {
                table.row(
                        credential.name(),
                        credential.where(),
                        credential.install().configName(),
                        login(credential, inspection),
                        look(inspection.record()),
                        connectors(inspection),
                        verdict(credential, inspection));
            }
        }
        table.print(surroundings.out());
    }

    /** Where an administrator changes the account, it is the administrator's login that was tried. */
    private static String login(ManagedCredential credential, Inspection inspection) {
        String look = look(inspection.login());
        return inspection.login() == Inspection.Look.OK
                ? credential.install().as().map(as -> look + " as " + as.user()).orElse(look)
                : look;
    }

    private static String look(Inspection.Look look) {
        return switch (look) {
            case OK -> "ok";
            case FAILED -> "FAILED";
            case NOT_LOOKED_AT -> "-";
        };
    }

    private static String connectors(Inspection inspection) {
        return inspection.record() == Inspection.Look.OK
                ? inspection.connectors().summary()
                : "-";
    }

    private static String verdict(ManagedCredential credential, Inspection inspection) {
        if (inspection.open().isPresent()) {
            return rotating(credential, inspection.open().get());
        }
        return inspection
                .failure()
                .map(CheckCommand::told)
                .orElseGet(() -> inspection.unlisted().isEmpty()
                        ? "ok"
                        : "ok, but the credential in use can't list " + String.join(", ", inspection.unlisted()));
    }

    private static String told(Failure why) {
        return why.kind() + ": " + why.message() + (why.message().endsWith(".") ? " " : ". ") + why.hint();
    }

    /** In the middle of a rotation nothing is as it should be, and a login could be a refused one too many. */
    private static String rotating(ManagedCredential credential, RotationState.Kind state) {
        return "not looked at: a rotation of it is in flight, or its process died ("
                + state.name().toLowerCase(java.util.Locale.ROOT) + "); check again in a moment, or see keyturn status "
                + credential.name();
    }
}
