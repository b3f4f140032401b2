package dev.keyturn.cli;

import dev.keyturn.audit.AnchoredLog;
import dev.keyturn.audit.AuditLog;
import dev.keyturn.config.Configuration;
import dev.keyturn.rotation.AuditAnchor;
import dev.keyturn.rotation.AuditEvent;
import dev.keyturn.store.SqliteJournal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "accept-loss",
        description =
                "Goes on with an audit log that lacks its end, after a restored backup, and writes that down in it.",
        mixinStandardHelpOptions = true)
final class AcceptLossCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private AuditCommand audit;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "What happened, for the audit log.")
    @SuppressWarnings("NullAway.Init") // picocli
    private String reason;

    @Override
    public Integer call() throws Exception {
        Surroundings surroundings = audit.keyturn().surroundings();
        Configuration configuration = audit.keyturn().configuration();
        Path directory = configuration.audit().directory();
        try (SqliteJournal journal = SqliteJournal.open(
                configuration.state().directory(),
                configuration.state().encryptionKey(),
                surroundings.clock().instant())) {
            Optional<AuditAnchor> anchor = journal.auditAnchor();
            Optional<String> loss = AnchoredLog.loss(directory, anchor);
            if (anchor.isEmpty() || loss.isEmpty()) {
                surroundings.out().println("nothing to accept: the audit log in " + directory + " lacks nothing");
                return ExitStatus.DONE;
            }
            try (AuditLog log = AuditLog.open(
                    directory, Workshop.node(), Optional.of(configuration.hash()), surroundings.clock())) {
                log.append(AuditEvent.of("log.loss_accepted")
                        .by(surroundings.actor())
                        .with("expected_seq", anchor.get().seq())
                        .with("expected_sha256", anchor.get().hash())
                        .with("reason", reason));
                journal.anchorTo(log::end);
                surroundings
                        .out()
                        .println("accepted: " + loss.get() + "; record "
                                + log.end().seq() + " says so");
            }
            return ExitStatus.DONE;
        }
    }
}
