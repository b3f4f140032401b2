package dev.keyturn.cli;

import dev.keyturn.store.EncryptionKey;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "init-key",
        description = "Makes a key that encrypts the state, readable by its owner alone; never overwrites a file.",
        mixinStandardHelpOptions = true)
final class InitKeyCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private Keyturn keyturn;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "Where to (${DEFAULT-VALUE}).")
    private Path file = Path.of("keyturn.key");

    @Override
    public Integer call() throws IOException {
        Surroundings surroundings = keyturn.surroundings();
        try {
            EncryptionKey.write(file);
        } catch (FileAlreadyExistsException e) {
            surroundings
                    .err()
                    .println("keyturn: " + file + " exists, and a key is never overwritten: what it encrypted would be"
                            + " lost; name another file");
            return ExitStatus.FAILED;
        } catch (NoSuchFileException e) {
            surroundings.err().println("keyturn: the directory of " + file + " doesn't exist");
            return ExitStatus.FAILED;
        }
        surroundings.out().println("made " + file + ", mode 0600. Name it in the configuration:");
        surroundings.out().println("  state: {encryption_key: {file: " + file.toAbsolutePath() + "}}");
        surroundings.out().println("Keep a copy apart from the state's backups: without it they can't be read.");
        return ExitStatus.DONE;
    }
}
