package dev.keyturn.cli;

import dev.keyturn.rotation.Compromise;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.CredentialStatus;
import dev.keyturn.rotation.Journal;
import dev.keyturn.rotation.Waiting;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.PublicKey;
import java.time.Instant;
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

    /** @param waitedFor the public key that a partner is to install or to take off */
    private record Known(CredentialStatus status, Optional<PublicKey> waitedFor) {}

    @Override
    public Integer call() throws Exception {
        Surroundings surroundings = keyturn.surroundings();
        List<Known> all = keyturn.look((configuration, journal) -> {
            Map<String, CredentialFacts> facts = facts(journal);
            return selection.matching(configuration.credentials()).stream()
                    .map(c -> CredentialStatus.of(
                            c,
                            Optional.ofNullable(facts.get(c.name())),
                            surroundings.clock().instant()))
                    .map(status ->
                            new Known(status, status.waiting().flatMap(waiting -> waitedFor(journal, status, waiting))))
                    .toList();
        });
        if (json) {
            surroundings
                    .out()
                    .println(Json.array(all.stream()
                            .map(known -> Json.status(known.status(), known.waitedFor()))
                            .toList()));
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

    private static Optional<PublicKey> waitedFor(Journal journal, CredentialStatus status, Waiting waiting) {
        return journal.open(status.credential().name())
                .flatMap(open -> switch (waiting.what()) {
                    case INSTALL -> open.candidate();
                    case WITHDRAWAL -> open.head().previous();
                })
                .flatMap(journal::publicKey);
    }

    private static String withoutFingerprint(CredentialStatus status) {
        if (status.credential().authType() == AuthType.KEY) {
            return "-";
        }
        return status.credential().alternate().isEmpty()
                ? "(password)"
                : "(password of " + status.user().orElse("?") + ")";
    }

    private static void print(List<Known> all, Surroundings surroundings) {
        Table table = new Table("CREDENTIAL", "STATE", "AGE", "NEXT (UTC)", "LAST", "FINGERPRINT");
        for (Known known : all) {
            CredentialStatus status = known.status();
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
                    status.fingerprint().map(Fingerprint::text).orElseGet(() -> withoutFingerprint(status)));
        }
        table.print(surroundings.out());
        Instant now = surroundings.clock().instant();
        for (Known known : all) {
            CredentialStatus status = known.status();
            if (status.state() == CredentialStatus.State.FAILED) {
                status.lastRotation()
                        .flatMap(last -> last.failure())
                        .ifPresent(failure -> surroundings
                                .out()
                                .println("\n" + failure.message() + "\n  valid now: " + failure.validNow()
                                        + "\n  do next: " + failure.hint()));
            }
            status.pause().ifPresent(pause -> surroundings.out().println("\n" + PauseCommand.sentence(status, pause)));
            status.compromise().ifPresent(it -> surroundings.out().println(compromised(status, it, now)));
            status.waiting().ifPresent(waiting -> surroundings.out().println(ask(known, waiting)));
        }
    }

    private static String compromised(CredentialStatus status, Compromise word, Instant now) {
        String name = status.credential().name();
        int left = word.left(status.credential());
        return "\n" + name + ": others know " + (left == 1 ? "its secret" : "the secrets of both its accounts")
                + ", as "
                + word.by().name().orElse("somebody") + " said at " + Times.utc(word.since()) + " (" + word.reason()
                + ")\n  do next: " + replace(status, word.since(), now)
                + ". If that is not so: keyturn recover --not-compromised " + name;
    }

    private static String replace(CredentialStatus status, Instant since, Instant now) {
        String name = status.credential().name();
        if (status.state() == CredentialStatus.State.ROTATING) {
            return "wait for the rotation that is under way; where no process is at it, keyturn recover " + name;
        }
        if (status.pause().filter(it -> it.since().isAfter(since)).isPresent()) {
            return "keyturn resume " + name;
        }
        return status.nextRotationAt()
                .map(at -> at.isAfter(now)
                        ? "wait for the daemon's next try at " + Times.utc(at) + ", or keyturn recover " + name
                        : "a daemon that runs tries it now; else keyturn recover " + name)
                .orElse("keyturn adopt " + name + ", then keyturn recover " + name);
    }

    private static String ask(Known known, Waiting waiting) {
        boolean install = waiting.what() == Waiting.What.INSTALL;
        String name = known.status().credential().name();
        return "\n" + name + ": waits since " + Times.utc(waiting.since()) + " for the partner to "
                + (install ? "install the new key " : "take off the old key ")
                + waiting.key().map(Fingerprint::text).orElse("")
                + "\n  " + known.waitedFor().map(PublicKey::line).orElse("(not in the store)")
                + (install ? " keyturn:" + name : "")
                + "\n  do next: send the partner this line (keyturn show-key " + (install ? "" : "--old ") + name
                + "); the daemon looks again at " + Times.utc(waiting.nextTry());
    }
}
