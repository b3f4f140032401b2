package dev.keyturn.cli;

import dev.keyturn.config.Limits;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.Forecast;
import dev.keyturn.rotation.Forecast.Planned;
import dev.keyturn.rotation.Gates;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Prospects;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "plan",
        description = "The coming rotations, in order, in local time and UTC, with what moved each.",
        mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private Keyturn keyturn;

    @Mixin
    private Selection selection = new Selection();

    @Option(names = "--days", paramLabel = "N", description = "How far to look (${DEFAULT-VALUE}).")
    private int days = 30;

    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    @Option(names = "--ics", description = "Print an iCalendar file (RFC 5545).")
    private boolean calendar;

    @Override
    public Integer call() throws Exception {
        if (days < 1 || days > 3660) {
            throw new UsageException("--days takes 1 to 3660");
        }
        if (json && calendar) {
            throw new UsageException("--json and --ics exclude each other");
        }
        Surroundings surroundings = keyturn.surroundings();
        Instant now = surroundings.clock().instant();
        Instant end = now.plus(Duration.ofDays(days));
        List<String> never = new ArrayList<>();
        List<Planned> planned = keyturn.look((configuration, journal) -> {
            Map<String, CredentialFacts> facts = StatusCommand.facts(journal);
            List<Planned> dates = new ArrayList<>();
            for (ManagedCredential credential : configuration.credentials()) {
                dates.addAll(Prospects.of(credential, Optional.ofNullable(facts.get(credential.name())), now, end));
            }
            Limits limits = configuration.limits();
            // Those that were not asked for take their turn on the hosts too.
            List<Planned> inTurn = new Forecast(limits.workers(), limits.perHost()).inTurn(dates);
            Set<ManagedCredential> chosen = Set.copyOf(selection.matching(configuration.credentials()));
            chosen.forEach(credential -> Prospects.whyNothing(
                            credential, Optional.ofNullable(facts.get(credential.name())), now)
                    .ifPresent(why -> never.add(credential.name() + ": " + why)));
            return inTurn.stream()
                    .filter(each -> chosen.contains(each.credential()))
                    .toList();
        });
        print(planned, never, surroundings, now);
        return ExitStatus.DONE;
    }

    private void print(List<Planned> planned, List<String> never, Surroundings surroundings, Instant now) {
        if (calendar) {
            new Calendar(surroundings.out()).print(planned, now);
            return;
        }
        if (json) {
            surroundings
                    .out()
                    .println(Json.array(planned.stream()
                            .map(p -> Json.planned(p, Times.local(p.at(), surroundings.zone())))
                            .toList()));
            return;
        }
        Table table = new Table("LOCAL TIME", "UTC", "CREDENTIAL", "WHY");
        planned.forEach(p -> table.row(
                p.at().equals(now) ? "now, when the daemon runs" : Times.local(p.at(), surroundings.zone()),
                Times.utc(p.at()),
                p.credential().name(),
                Gates.path(p.shifts())));
        table.print(surroundings.out());
        never.stream().sorted().forEach(line -> surroundings.out().println("not planned: " + line));
    }
}
