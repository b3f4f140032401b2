package dev.keyturn.cli;

import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Verifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "verify",
        description =
                "Checks three ways: our login on the host, Dromo's record, Dromo's own login; and looks for foreign keys.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private Keyturn keyturn;

    @Mixin
    private Selection selection = new Selection();

    @Option(
            names = "--estate",
            description = "Instead: every SFTP credential that Dromo has, and which of them nobody manages here.")
    private boolean estate;

    @Option(
            names = "--json",
            description = "Print one JSON object a line for each credential; with --estate, a JSON array.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (estate) {
            selection.requireNone("--estate is about all of Dromo's credentials");
            return new EstateView(keyturn).show(json);
        }
        try (Workshop workshop = keyturn.openWorkshop()) {
            List<ManagedCredential> chosen =
                    selection.chosenFrom(workshop.configuration().credentials());
            Surroundings surroundings = keyturn.surroundings();
            List<Verifier.Verification> all = Collections.synchronizedList(new ArrayList<>());
            workshop.sideBySide().run(chosen, credential -> {
                Verifier.Verification verification = verify(workshop, credential, surroundings);
                synchronized (surroundings) {
                    all.add(verification);
                    report(verification, surroundings);
                }
            });
            return all.stream().allMatch(Verifier.Verification::sound) ? ExitStatus.DONE : ExitStatus.FAILED;
        }
    }

    private static String mark(Verifier.Check check) {
        return switch (check.verdict()) {
            case SOUND -> "ok      ";
            case DIFFERENT -> "NOT OK  ";
            case NOT_KNOWN -> "?       ";
            case NOT_LOOKED_AT -> "-       ";
        };
    }

    private static Verifier.Verification verify(
            Workshop workshop, ManagedCredential credential, Surroundings surroundings) {
        try {
            workshop.aftermath().begins();
            Verifier.Verification found = workshop.verifier().verify(credential, surroundings.actor());
            workshop.aftermath().verified(credential, found);
            return found;
        } catch (BusyException e) {
            return new Verifier.Verification(
                    credential.name(),
                    List.of(new Verifier.Check("host", Verifier.Verdict.NOT_KNOWN, "busy: " + e.getMessage())));
        }
    }

    private void report(Verifier.Verification verification, Surroundings surroundings) {
        if (json) {
            surroundings.out().println(Json.line(Json.verification(verification)));
            return;
        }
        surroundings
                .out()
                .println(verification.credential() + ": "
                        + (verification.sound() ? "sound" : verification.drifted() ? "NOT SOUND" : "not known"));
        for (Verifier.Check check : verification.checks()) {
            surroundings
                    .out()
                    .println(verification.credential() + ":   " + mark(check) + check.name() + ": " + check.finding());
        }
    }
}
