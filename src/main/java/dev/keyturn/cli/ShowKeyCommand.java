package dev.keyturn.cli;

import dev.keyturn.config.Configuration;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.Journal;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.RotationState;
import dev.keyturn.rotation.RotationState.Kind;
import dev.keyturn.rotation.SecretVersion;
import dev.keyturn.secret.PublicKey;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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

    @Option(names = "--old", description = "The key that the open rotation replaces, for a partner to take it off.")
    private boolean old;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    /** @param which one of a stable set of words, for scripts */
    record Shown(SecretVersion version, String which, String meaning) {}

    @Override
    public Integer call() throws Exception {
        Surroundings surroundings = keyturn.surroundings();
        return keyturn.look((configuration, journal) -> {
            ManagedCredential credential = named(name, configuration);
            Optional<Shown> shown = old ? replaced(journal) : wanted(journal);
            if (shown.isEmpty()) {
                surroundings
                        .err()
                        .println(name
                                + (old
                                        ? ": no open rotation of it replaces a key that the store has"
                                        : ": the store has no key of it yet; adopt or rotate it first"));
                return ExitStatus.FAILED;
            }
            Optional<PublicKey> key = journal.publicKey(shown.get().version());
            if (key.isEmpty()) {
                surroundings.err().println(name + ": it is a password, there is no public key to show");
                return ExitStatus.FAILED;
            }
            // Under which comment the old one stands on the host, only the partner knows.
            String line = key.get().line() + (old ? "" : " keyturn:" + credential.name());
            if (json) {
                surroundings.out().println(Json.line(Json.key(name, shown.get().which(), line, key.get())));
            } else {
                surroundings.out().println(line);
                surroundings
                        .err()
                        .println(name + ": " + key.get().fingerprint() + ", "
                                + shown.get().meaning());
            }
            return ExitStatus.DONE;
        });
    }

    private Optional<Shown> wanted(Journal journal) {
        return journal.open(name)
                .flatMap(open -> open.candidate().map(candidate -> new Shown(candidate, which(open), meaning(open))))
                .or(() -> journal.facts(name)
                        .flatMap(CredentialFacts::current)
                        .map(current -> new Shown(current, "in_use", "the key in use")));
    }

    private Optional<Shown> replaced(Journal journal) {
        return journal.open(name)
                .flatMap(open -> open.head()
                        .previous()
                        .map(previous -> new Shown(
                                previous,
                                "old",
                                open.kind() == Kind.AWAITING_WITHDRAWAL
                                        ? "the old key, to be taken off the host"
                                        : "the old key; it has to stay on the host for now")));
    }

    private static String which(RotationState open) {
        return switch (open.kind()) {
            case AWAITING_INSTALL -> "to_install";
            case UNDOING, RESTORING -> "to_remove";
            case CONFIRMED, OVERLAPPING, WITHDRAWING, AWAITING_WITHDRAWAL, WITHDRAWN -> "in_use";
            default -> "new";
        };
    }

    private static String meaning(RotationState open) {
        return switch (which(open)) {
            case "to_install" -> "the new key, to be installed on the host";
            case "to_remove" -> "the new key, which is given up and is to come off the host";
            case "in_use" -> "the key in use";
            default -> "the new key of a rotation that is under way";
        };
    }

    static ManagedCredential named(String name, Configuration configuration) {
        return configuration.credentials().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    static UsageException unknown(String name) {
        return new UsageException("no credential is called '" + name + "'");
    }
}
