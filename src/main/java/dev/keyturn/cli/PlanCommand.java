package dev.keyturn.cli;

import dev.keyturn.policy.DueDate;
import dev.keyturn.policy.Schedule;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.CredentialStatus;
import dev.keyturn.rotation.ManagedCredential;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "plan",
        description = "The coming rotations, in order, in local time and UTC.",
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

    /** @param why what gives the date */
    record Planned(ManagedCredential credential, Instant at, String why) {}

    @Override
    public Integer call() throws Exception {
        if (days < 1 || days > 3660) {
            throw new UsageException("--days takes 1 to 3660");
        }
        Surroundings surroundings = keyturn.surroundings();
        Instant now = surroundings.clock().instant();
        List<Planned> planned = new ArrayList<>();
        List<String> never = new ArrayList<>();
        keyturn.look((configuration, journal) -> {
            Map<String, CredentialFacts> facts = StatusCommand.facts(journal);
            for (ManagedCredential credential : selection.matching(configuration.credentials())) {
                Optional<CredentialFacts> known = Optional.ofNullable(facts.get(credential.name()));
                List<Planned> dates = dates(credential, known, now);
                planned.addAll(dates);
                if (dates.isEmpty()) {
                    reasonForNone(credential, known).ifPresent(never::add);
                }
            }
            return planned;
        });
        planned.sort(Comparator.comparing(Planned::at)
                .thenComparing(p -> p.credential().name()));
        print(planned, never, surroundings, now);
        return ExitStatus.DONE;
    }

    /** Each date, as if the rotation before it had succeeded on time. */
    private List<Planned> dates(ManagedCredential credential, Optional<CredentialFacts> facts, Instant now) {
        List<Planned> dates = new ArrayList<>();
        Optional<Schedule> schedule = credential.policy().schedule();
        boolean canBegin = credential.install().worksWithoutOldSecret()
                || facts.flatMap(CredentialFacts::current).isPresent();
        if (schedule.isEmpty() || !canBegin) {
            return dates;
        }
        Instant end = now.plus(Duration.ofDays(days));
        CredentialStatus status = CredentialStatus.of(credential, facts, now);
        if (status.waiting().isPresent()) {
            // When the partner is done nobody knows, so no further date either.
            Instant at = status.waiting().get().nextTry();
            dates.add(new Planned(credential, at.isBefore(now) ? now : at, "looks whether the partner is done"));
            return dates;
        }
        Optional<Instant> next = facts.isPresent()
                ? status.nextRotationAt()
                : DueDate.next(credential.policy(), now, 0, Optional.empty());
        while (next.isPresent() && next.get().isBefore(end)) {
            boolean overdue = next.get().isBefore(now);
            Instant at = overdue ? now : next.get();
            dates.add(new Planned(
                    credential,
                    at,
                    schedule.get().describe() + (overdue ? ", due since " + Times.utc(next.get()) : "")));
            next = DueDate.next(credential.policy(), at, 0, Optional.empty());
        }
        return dates;
    }

    private static Optional<String> reasonForNone(ManagedCredential credential, Optional<CredentialFacts> facts) {
        if (credential.policy().schedule().isEmpty()) {
            return Optional.of(
                    credential.name() + ": policy " + credential.policy().name() + " has no schedule");
        }
        if (facts.flatMap(CredentialFacts::current).isEmpty()
                && !credential.install().worksWithoutOldSecret()) {
            return Optional.of(credential.name() + ": never adopted; run keyturn adopt " + credential.name());
        }
        return Optional.empty();
    }

    private void print(List<Planned> planned, List<String> never, Surroundings surroundings, Instant now) {
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
                p.why()));
        table.print(surroundings.out());
        never.forEach(line -> surroundings.out().println("not planned: " + line));
    }
}
