package dev.keyturn.cli;

import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.Failure;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Outcome;
import dev.keyturn.rotation.Progress;
import dev.keyturn.rotation.RotationResult;
import dev.keyturn.rotation.Rotator;
import dev.keyturn.rotation.Step;
import dev.keyturn.secret.Fingerprint;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "rotate", description = "Rotates credentials now, showing each step.", mixinStandardHelpOptions = true)
final class RotateCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private Keyturn keyturn;

    @Mixin
    private Selection selection = new Selection();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit log.")
    private String reason = "asked for on the command line";

    @Option(
            names = "--compromised",
            description =
                    "The secret in use is known to others: no overlap and no pause holds this back, and the old one is"
                            + " withdrawn as soon as both proofs are there. Proofs are never left out.")
    private boolean compromised;

    @Option(names = "--json", description = "Print one JSON object a line for each credential.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Remark.of("--reason", reason);
        try (Workshop workshop = keyturn.openWorkshop()) {
            List<ManagedCredential> chosen =
                    selection.chosenFrom(workshop.configuration().credentials());
            Surroundings surroundings = keyturn.surroundings();
            if (compromised) {
                // First, and of all: whatever happens to this command, none of them is forgotten.
                workshop.compromises().tell(chosen, reason, surroundings.actor());
            }
            Progress progress = json ? Progress.NONE : new Steps(surroundings, chosen.size() == 1);
            List<RotationResult> results = Collections.synchronizedList(new ArrayList<>());
            try {
                workshop.sideBySide().run(chosen, credential -> {
                    RotationResult result = rotate(workshop, credential, progress);
                    synchronized (surroundings) {
                        results.add(result);
                        report(surroundings.out(), result, json);
                    }
                });
            } finally {
                if (compromised) {
                    leaveToTheDaemon(workshop, chosen, results);
                }
            }
            return status(results);
        }
    }

    /** What this command didn't come to, or not yet, for another had it: its word is given, so its turn has come. */
    private static void leaveToTheDaemon(
            Workshop workshop, List<ManagedCredential> chosen, List<RotationResult> results) {
        Set<String> done = results.stream()
                .filter(result -> !isBusy(result))
                .map(RotationResult::credential)
                .collect(Collectors.toSet());
        try {
            chosen.stream()
                    .filter(credential -> !done.contains(credential.name()))
                    .forEach(workshop.aftermath()::changed);
        } catch (JournalException e) {
            // It ends the daemon, which looks at all of them when it is started again.
        }
    }

    private RotationResult rotate(Workshop workshop, ManagedCredential credential, Progress progress) {
        try {
            return workshop.aftermath().begin(credential, () -> {
                RotationResult result = workshop.rotator()
                        .rotate(
                                credential,
                                new Rotator.Request(
                                        reason, keyturn.surroundings().actor(), compromised),
                                progress);
                workshop.aftermath().rotated(credential, result);
                return result;
            });
        } catch (BusyException e) {
            return busy(credential, e);
        }
    }

    static RotationResult busy(ManagedCredential credential, BusyException e) {
        return RotationResult.notBegun(
                credential,
                new Failure(
                        Step.PREFLIGHT,
                        "busy",
                        String.valueOf(e.getMessage()),
                        "that rotation knows; see keyturn status " + credential.name(),
                        "Wait for it."));
    }

    static int status(List<RotationResult> results) {
        if (results.stream().allMatch(RotationResult::succeeded)) {
            return ExitStatus.DONE;
        }
        boolean onlyBusy =
                results.stream().filter(result -> !result.succeeded()).allMatch(RotateCommand::isBusy);
        return onlyBusy ? ExitStatus.BUSY : ExitStatus.FAILED;
    }

    private static boolean isBusy(RotationResult result) {
        return result.failure().filter(why -> why.kind().equals("busy")).isPresent();
    }

    static void report(PrintStream out, RotationResult result, boolean json) {
        if (json) {
            out.println(Json.line(Json.result(result)));
            return;
        }
        String name = result.credential() + ": ";
        String fingerprint = result.fingerprint().map(Fingerprint::text).orElse("a new password");
        boolean waits = result.outcome() == Outcome.AWAITING_INSTALL;
        out.println(name + result.outcome().label() + " in " + Times.span(result.duration())
                + (result.succeeded() ? (waits ? ", still " : ", now ") + fingerprint : "")
                + result.gap()
                        .map(gap -> "; Dromo's password was dead for " + Times.span(gap) + " at most")
                        .orElse(""));
        if (waits && result.succeeded()) {
            out.println(name + "  do next: send the partner what this prints: keyturn show-key " + result.credential());
        }
        result.failure().ifPresent(failure -> {
            out.println(
                    name + "  failed at " + failure.step().label() + " (" + failure.kind() + "): " + failure.message());
            out.println(name + "  valid now: " + failure.validNow());
            out.println(name + "  do next: " + failure.hint());
        });
    }
}
