package dev.keyturn.cli;

import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.RotationState;
import dev.keyturn.rotation.SecretVersion;
import dev.keyturn.secret.PublicKey;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "show-key",
        description = "The public key, for a partner: the one a rotation wants installed, else the one in use.",
        mixinStandardHelpOptions = true)
final class ShowKeyCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private Keyturn keyturn;

    @Parameters(paramLabel = "NAME", description = "The credential.")
    @SuppressWarnings("NullAway.Init") // picocli
    private String name;

    @Override
    public Integer call() throws Exception {
        Surroundings surroundings = keyturn.surroundings();
        return keyturn.look((configuration, journal) -> {
            ManagedCredential credential = configuration.credentials().stream()
                    .filter(c -> c.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new UsageException("no credential is called '" + name + "'"));
            Optional<SecretVersion> version = journal.open(name)
                    .flatMap(RotationState::candidate)
                    .or(() -> journal.facts(name).flatMap(CredentialFacts::current));
            if (version.isEmpty()) {
                surroundings.err().println(name + ": the store has no key of it yet; adopt or rotate it first");
                return ExitStatus.FAILED;
            }
            Optional<PublicKey> key = journal.publicKey(version.get());
            if (key.isPresent()) {
                surroundings.out().println(key.get().line() + " keyturn:" + credential.name());
                return ExitStatus.DONE;
            }
            surroundings.err().println(name + ": it is a password, there is no public key to show");
            return ExitStatus.FAILED;
        });
    }
}
