package dev.keyturn.cli;

import dev.keyturn.audit.AuditRecord;
import dev.keyturn.audit.AuditVerification;
import dev.keyturn.audit.AuditVerifier;
import dev.keyturn.rotation.AuditAnchor;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.store.SqliteJournal;
import dev.keyturn.store.StateRefusedException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "audit",
        description = "Checks or prints the audit log.",
        mixinStandardHelpOptions = true,
        subcommands = AcceptLossCommand.class)
final class AuditCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private Keyturn keyturn;

    @Override
    public Integer call() {
        throw new UsageException("audit what? verify, show or accept-loss");
    }

    Keyturn keyturn() {
        return keyturn;
    }

    @Command(
            name = "verify",
            description = "Checks the chain: exits with 0 only if no record is missing, changed or out of place.",
            mixinStandardHelpOptions = true)
    int verify(
            @Option(names = "--directory", paramLabel = "DIR", description = "Instead of the configuration's.")
                    @Nullable
                    Path directory,
            @Option(names = "--json", description = "Print one JSON object.") boolean json)
            throws Exception {
        Path log = directory(directory);
        Optional<AuditAnchor> anchor = directory == null ? anchor() : Optional.empty();
        AuditVerification found = read(() -> AuditVerifier.verify(log, anchor), log);
        PrintStream out = keyturn.surroundings().out();
        if (json) {
            out.println(Json.line(json(found)));
        } else {
            print(found, log, out);
        }
        return found.ok() ? ExitStatus.DONE : ExitStatus.FAILED;
    }

    @Command(
            name = "show",
            description = "Prints the records, oldest first, up to the first that is not as it was written.",
            mixinStandardHelpOptions = true)
    int show(
            @Option(names = "--directory", paramLabel = "DIR", description = "Instead of the configuration's.")
                    @Nullable
                    Path directory,
            @Option(names = "--rotation", paramLabel = "ID", description = "Only of this rotation.") @Nullable
                    String rotation,
            @Option(names = "--json", description = "Print the records as they stand in the log.") boolean json,
            @Parameters(arity = "0..*", paramLabel = "NAME", description = "Only of these credentials.") @Nullable
                    List<String> names)
            throws Exception {
        Path log = directory(directory);
        PrintStream out = keyturn.surroundings().out();
        AuditVerification found = read(
                () -> AuditVerifier.read(log, one -> {
                    if (wanted(one, rotation, names)) {
                        out.println(json ? one.line() : text(one));
                    }
                }),
                log);
        found.problem().ifPresent(problem -> keyturn.surroundings().err().println("keyturn: " + log + "/" + problem));
        return found.ok() ? ExitStatus.DONE : ExitStatus.FAILED;
    }

    private Path directory(@Nullable Path given) throws Exception {
        return given != null ? given : keyturn.configuration().audit().directory();
    }

    /** Who may read the log need not be allowed to read the state; the chain is checked all the same. */
    private Optional<AuditAnchor> anchor() throws Exception {
        try (SqliteJournal journal =
                SqliteJournal.openReadOnly(keyturn.configuration().state().directory())) {
            return journal.auditAnchor();
        } catch (StateRefusedException | JournalException e) {
            keyturn.surroundings()
                    .err()
                    .println("keyturn: whether the log's end was cut off is not checked: " + e.getMessage());
            return Optional.empty();
        }
    }

    private interface Read {
        AuditVerification run() throws IOException;
    }

    private static AuditVerification read(Read read, Path log) throws IOException {
        try {
            return read.run();
        } catch (IOException e) {
            throw new IOException("the audit log in " + log + " can't be read: " + e.getMessage(), e);
        }
    }

    private static boolean wanted(AuditRecord one, @Nullable String rotation, @Nullable List<String> names) {
        boolean ofRotation =
                rotation == null || one.rotation().filter(rotation::equals).isPresent();
        boolean ofCredential = names == null
                || names.isEmpty()
                || one.credential().filter(names::contains).isPresent();
        return ofRotation && ofCredential;
    }

    private static String text(AuditRecord one) {
        StringBuilder line = new StringBuilder(String.format("%6d  %s  %-19s", one.seq(), one.ts(), one.event()));
        one.phase().ifPresent(phase -> line.append(' ').append(phase));
        one.outcome().ifPresent(outcome -> line.append(' ').append(outcome));
        one.credential().ifPresent(credential -> line.append("  ").append(credential));
        one.target().ifPresent(target -> line.append("  ").append(target));
        one.fingerprint().ifPresent(fingerprint -> line.append("  ").append(fingerprint));
        if (!one.detail().isEmpty()) {
            line.append("  ").append(one.detail());
        }
        one.error().ifPresent(error -> line.append("  ").append(error));
        return line.toString();
    }

    private static void print(AuditVerification found, Path log, PrintStream out) {
        if (found.problem().isPresent()) {
            out.println("NOT WHOLE: " + log + "/" + found.problem().get());
            out.println("the " + found.records() + " records before it are as they were written");
        } else {
            out.println("whole: " + found.records() + " records in " + log + ", the last is " + found.lastSeq()
                    + " with SHA-256 " + found.lastHash());
        }
        for (AuditVerification.OpenIntent intent : found.openIntents()) {
            out.println((intent.event().equals("rotation.started")
                            ? "without an end yet"
                            : "announced without an outcome yet")
                    + ": record " + intent.seq() + ", " + intent.event() + " of "
                    + intent.credential().orElse("-") + ", rotation "
                    + intent.rotation().orElse("-"));
        }
    }

    private static ObjectNode json(AuditVerification found) {
        ObjectNode node = Json.object();
        node.put("ok", found.ok());
        node.put("records", found.records());
        node.put("last_seq", found.lastSeq());
        node.put("last_hash", found.lastHash());
        found.problem()
                .ifPresentOrElse(
                        problem -> node.putObject("problem")
                                .put("segment", problem.segment())
                                .put("line", problem.line())
                                .put("seq", problem.seq())
                                .put("reason", problem.reason()),
                        () -> node.putNull("problem"));
        ArrayNode intents = node.putArray("open_intents");
        for (AuditVerification.OpenIntent intent : found.openIntents()) {
            intents.addObject()
                    .put("seq", intent.seq())
                    .put("ts", intent.ts().toString())
                    .put("event", intent.event())
                    .put("rotation", intent.rotation().orElse(null))
                    .put("credential", intent.credential().orElse(null));
        }
        return node;
    }
}
