package dev.keyturn.cli;

import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Pause;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "resume",
        description = "Ends the pause of credentials; what came due meanwhile is due now.",
        mixinStandardHelpOptions = true)
final class ResumeCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private Keyturn keyturn;

    @Mixin
    private Selection selection = new Selection();

    @Override
    public Integer call() throws Exception {
        Surroundings surroundings = keyturn.surroundings();
        try (Workshop workshop = keyturn.openWorkshop()) {
            for (ManagedCredential credential :
                    selection.chosenFrom(workshop.configuration().credentials())) {
                Optional<Pause> ended = workshop.pauses().resume(credential, surroundings.actor());
                workshop.aftermath().changed(credential);
                surroundings.out().println(credential.name() + (ended.isPresent() ? ": resumed" : ": was not paused"));
            }
        }
        return ExitStatus.DONE;
    }
}
