package dev.keyturn.cli;

import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Outcome;
import dev.keyturn.rotation.Progress;
import dev.keyturn.rotation.RotationResult;
import dev.keyturn.rotation.RotationState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "recover",
        description =
                "Finishes or undoes interrupted rotations, after looking what host and Dromo have, and replaces what"
                        + " was said to be compromised; of all credentials where none is named.",
        mixinStandardHelpOptions = true)
final class RecoverCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private Keyturn keyturn;

    @Option(names = "--json", description = "Print one JSON object a line for each credential.")
    private boolean json;

    @Mixin
    private Selection selection = new Selection();

    @Option(
            names = "--abandon",
            paramLabel = "NAME",
            description = "Give up the rotation of this credential that waits for a partner.")
    private @Nullable String abandon;

    @Option(
            names = "--not-compromised",
            paramLabel = "NAME",
            description = "Take back that others know the secret of this credential.")
    private @Nullable String notCompromised;

    @Override
    public Integer call() throws Exception {
        boolean retracts = abandon != null || notCompromised != null;
        if (retracts) {
            selection.requireNone("--abandon and --not-compromised are for the credential that they name");
        }
        try (Workshop workshop = keyturn.openWorkshop()) {
            return retracts ? retract(workshop) : recover(workshop);
        }
    }

    private int retract(Workshop workshop) {
        Retraction retraction = new Retraction(workshop, keyturn.surroundings(), json);
        if (notCompromised != null) {
            retraction.ofCompromise(notCompromised);
        }
        return abandon == null ? ExitStatus.DONE : retraction.ofRotation(abandon);
    }

    private int recover(Workshop workshop) throws InterruptedException {
        Set<String> open = workshop.journal().open().stream()
                .map(RotationState::head)
                .map(head -> head.credential())
                .collect(Collectors.toSet());
        Set<String> compromised = Set.copyOf(workshop.journal().compromised());
        List<ManagedCredential> configured = workshop.configuration().credentials();
        List<ManagedCredential> chosen = selection.matching(configured);
        List<ManagedCredential> interrupted = chosen.stream()
                .filter(credential -> open.contains(credential.name())
                        || (compromised.contains(credential.name()) && isCompromised(workshop, credential)))
                .toList();
        Surroundings surroundings = keyturn.surroundings();
        Progress progress = json ? Progress.NONE : new Steps(surroundings, interrupted.size() == 1);
        List<RotationResult> results = Collections.synchronizedList(new ArrayList<>());
        workshop.sideBySide().run(interrupted, credential -> {
            for (RotationResult result : resume(workshop, credential, progress)) {
                synchronized (surroundings) {
                    results.add(result);
                    RotateCommand.report(surroundings.out(), result, json);
                }
            }
        });
        if (interrupted.isEmpty() && !json) {
            surroundings
                    .out()
                    .println("nothing to recover: no rotation " + (selection.isEmpty() ? "" : "of these ") + "is open");
        }
        chosen.stream()
                .filter(credential -> compromised.contains(credential.name()) && !isCompromised(workshop, credential))
                .forEach(credential -> reportPaused(workshop, credential));
        boolean orphans = selection.isEmpty() && reportOrphans(open, compromised, configured, surroundings);
        chosen.stream()
                .filter(credential -> compromised.contains(credential.name()))
                .forEach(credential -> reportFormerUsers(workshop, credential));
        boolean settled = results.stream().allMatch(RecoverCommand::settled);
        boolean known = interrupted.stream().anyMatch(credential -> isLeft(workshop, credential));
        return settled && !known && !orphans ? ExitStatus.DONE : ExitStatus.FAILED;
    }

    private boolean isCompromised(Workshop workshop, ManagedCredential credential) {
        Instant now = keyturn.surroundings().clock().instant();
        return workshop.journal()
                .facts(credential.name())
                .flatMap(facts -> facts.compromiseInForce(credential, now))
                .isPresent();
    }

    private void reportPaused(Workshop workshop, ManagedCredential credential) {
        workshop.journal()
                .facts(credential.name())
                .flatMap(facts -> facts.compromiseOf(credential))
                .ifPresent(word -> keyturn.surroundings()
                        .err()
                        .println(credential.name()
                                + ": others know its secret, and it was paused since: nothing replaces it"
                                + " before keyturn resume " + credential.name()));
    }

    /** A user whom the configuration doesn't name any more is none that could be rotated. */
    private void reportFormerUsers(Workshop workshop, ManagedCredential credential) {
        workshop.journal()
                .facts(credential.name())
                .flatMap(CredentialFacts::compromise)
                .filter(word -> word.left(credential) == 0)
                .ifPresent(word -> keyturn.surroundings()
                        .err()
                        .println(credential.name() + ": others know the secret of "
                                + String.join(", ", word.users())
                                + ", whom the configuration no longer names; change it on the host by hand, then run"
                                + " keyturn recover --not-compromised " + credential.name()));
    }

    /** Whether a secret that others know is in use although nobody is waited for. */
    private boolean isLeft(Workshop workshop, ManagedCredential credential) {
        boolean waits = workshop.journal()
                .open(credential.name())
                .filter(open -> open.kind() == RotationState.Kind.AWAITING_INSTALL
                        || open.kind() == RotationState.Kind.AWAITING_WITHDRAWAL)
                .isPresent();
        return !waits && isCompromised(workshop, credential);
    }

    /** Recovering asks for a settled rotation, not for a new credential: an undone one is settled too. */
    private static boolean settled(RotationResult result) {
        boolean waiting = (result.outcome() == Outcome.OVERLAP || result.outcome() == Outcome.AWAITING_INSTALL)
                && result.failure().isEmpty();
        return waiting
                || untouched(result)
                || result.outcome() == Outcome.COMPLETED
                || result.outcome() == Outcome.ROLLED_BACK;
    }

    static boolean untouched(RotationResult result) {
        return result.outcome() == Outcome.FAILED
                && result.failure().map(f -> f.kind().equals("interrupted")).orElse(false);
    }

    private static List<RotationResult> resume(Workshop workshop, ManagedCredential credential, Progress progress) {
        try {
            return workshop.aftermath().begin(credential, () -> {
                Optional<RotationResult> settled = workshop.rotator().resume(credential, progress);
                settled.ifPresent(result -> workshop.aftermath().rotated(credential, result));
                return settled.stream().toList();
            });
        } catch (BusyException e) {
            return List.of(RotateCommand.busy(credential, e));
        }
    }

    private static boolean reportOrphans(
            Set<String> open, Set<String> compromised, List<ManagedCredential> configured, Surroundings surroundings) {
        Set<String> known = configured.stream().map(ManagedCredential::name).collect(Collectors.toSet());
        Set<String> orphans = new TreeSet<>(open);
        orphans.addAll(compromised);
        orphans.removeAll(known);
        orphans.forEach(name -> surroundings
                .err()
                .println(name
                        + (open.contains(name)
                                ? ": its rotation is open"
                                : ": others know its secret, which was not replaced")
                        + ", but the configuration has no such credential any more; put it back and run keyturn"
                        + " recover"
                        + (open.contains(name)
                                ? ""
                                : "; or change it on the host by hand, then keyturn recover --not-compromised "
                                        + name)));
        return !orphans.isEmpty();
    }
}
