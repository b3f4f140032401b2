package dev.keyturn.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "adopt",
        description = "Takes over the credential that is in use today, after proving it on the host and, for a key,"
                + " against Dromo's fingerprint.",
        mixinStandardHelpOptions = true)
final class AdoptCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private Keyturn keyturn;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The credential.")
    private @Nullable String name;

    @Option(names = "--private-key-file", paramLabel = "F", description = "OpenSSH or PEM, without a passphrase.")
    private @Nullable Path privateKeyFile;

    @Option(
            names = "--password-file",
            paramLabel = "F",
            description = "The password; one line feed at its end is left out.")
    private @Nullable Path passwordFile;

    @Option(
            names = "--user",
            paramLabel = "U",
            description = "Of alternating accounts: whose password it is (the one that Dromo logs in as).")
    private @Nullable String user;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description = "A CSV with the header credential,private_key_file,password_file,user, for a whole fleet.")
    private @Nullable Path from;

    @Override
    public Integer call() throws Exception {
        return new Adoptions(keyturn).of(wanted());
    }

    private List<AdoptionList.Adoption> wanted() throws java.io.IOException {
        if (from != null) {
            if (name != null || privateKeyFile != null || passwordFile != null || user != null) {
                throw new UsageException("--from stands alone: the file names credentials and their secrets");
            }
            return AdoptionList.read(from);
        }
        if (name == null || (privateKeyFile == null) == (passwordFile == null)) {
            throw new UsageException(
                    "give NAME with either --private-key-file F or --password-file F, or --from FILE for many");
        }
        return List.of(new AdoptionList.Adoption(
                name,
                Optional.ofNullable(privateKeyFile),
                Optional.ofNullable(passwordFile),
                Optional.ofNullable(user),
                ""));
    }
}
