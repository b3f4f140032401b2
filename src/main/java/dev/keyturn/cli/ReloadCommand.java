package dev.keyturn.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "reload",
        description =
                "Has the running daemon take in its changed configuration, all of it or nothing, and says what changed.",
        mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private Keyturn keyturn;

    @Override
    public Integer call() {
        Surroundings surroundings = keyturn.surroundings();
        Optional<Lent> lent = keyturn.lent();
        if (lent.isEmpty()) {
            throw new IllegalStateException("only a daemon runs this");
        }
        Reload.Outcome outcome = lent.get().reload().run(Optional.of(surroundings.actor()));
        outcome.said()
                .forEach(
                        outcome.status() == ExitStatus.DONE
                                ? surroundings.out()::println
                                : surroundings.err()::println);
        return outcome.status();
    }
}
