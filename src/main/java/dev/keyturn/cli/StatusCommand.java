package dev.keyturn.cli;

import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.CredentialStatus;
import dev.keyturn.rotation.Journal;
import dev.keyturn.secret.Fingerprint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "status",
        description = "A line for each credential: state, age, next rotation, last result, fingerprint.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private Keyturn keyturn;

    @Mixin
    private Selection selection = new Selection();

    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Surroundings surroundings = keyturn.surroundings();
        List<CredentialStatus> all = keyturn.look((configuration, journal) -> {
            Map<String, CredentialFacts> facts = facts(journal);
            return selection.matching(configuration.credentials()).stream()
                    .map(c -> CredentialStatus.of(
                            c,
                            Optional.ofNullable(facts.get(c.name())),
                            surroundings.clock().instant()))
                    .toList();
        });
        if (json) {
            surroundings.out().println(Json.array(all.stream().map(Json::status).toList()));
        } else {
            print(all, surroundings);
        }
        return ExitStatus.DONE;
    }

    static Map<String, CredentialFacts> facts(Journal journal) {
        Map<String, CredentialFacts> facts = new HashMap<>();
        journal.facts().forEach(known -> facts.put(known.credential(), known));
        return facts;
    }

    private static void print(List<CredentialStatus> all, Surroundings surroundings) {
        Table table = new Table("CREDENTIAL", "STATE", "AGE", "NEXT (UTC)", "LAST", "FINGERPRINT");
        for (CredentialStatus status : all) {
            table.row(
                    status.credential().name(),
                    status.state().label() + (status.overdue() ? " (overdue)" : ""),
                    status.age().map(age -> age.toDays() + "d").orElse("-"),
                    Times.utc(status.nextRotationAt()),
                    status.lastRotation()
                            .map(last -> last.outcome().label()
                                    + last.failure()
                                            .map(f -> " at " + f.step().label() + " (" + f.kind() + ")")
                                            .orElse(""))
                            .orElse("-"),
                    status.fingerprint()
                            .map(Fingerprint::text)
                            .orElse(status.credential().authType().name().equals("PASSWORD") ? "(password)" : "-"));
        }
        table.print(surroundings.out());
        for (CredentialStatus status : all) {
            if (status.state() == CredentialStatus.State.FAILED) {
                status.lastRotation()
                        .flatMap(last -> last.failure())
                        .ifPresent(failure -> surroundings
                                .out()
                                .println("\n" + failure.message() + "\n  valid now: " + failure.validNow()
                                        + "\n  do next: " + failure.hint()));
            }
        }
    }
}
