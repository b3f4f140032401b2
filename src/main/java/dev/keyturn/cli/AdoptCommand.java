package dev.keyturn.cli;

import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.LoginSecret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
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
        List<AdoptionList.Adoption> wanted = wanted();
        try (Workshop workshop = keyturn.openWorkshop()) {
            Map<String, ManagedCredential> configured = new LinkedHashMap<>();
            workshop.configuration().credentials().forEach(c -> configured.put(c.name(), c));
            Map<String, AdoptionList.Adoption> files = new LinkedHashMap<>();
            List<ManagedCredential> chosen = new ArrayList<>();
            for (AdoptionList.Adoption adoption : wanted) {
                ManagedCredential credential = configured.get(adoption.credential());
                if (credential == null) {
                    throw new UsageException(adoption.where() + "no credential is called '" + adoption.credential()
                            + "' in " + keyturn.configurationFile());
                }
                if (files.put(adoption.credential(), adoption) != null) {
                    throw new UsageException(adoption.where() + "'" + adoption.credential() + "' stands there twice");
                }
                chosen.add(credential);
            }
            AtomicInteger refused = new AtomicInteger();
            Surroundings surroundings = keyturn.surroundings();
            workshop.sideBySide().run(chosen, credential -> {
                AdoptionList.Adoption adoption = Objects.requireNonNull(files.get(credential.name()));
                Optional<String> refusal = adopt(workshop, credential, adoption);
                synchronized (surroundings) {
                    if (refusal.isPresent()) {
                        refused.incrementAndGet();
                        surroundings.out().println(credential.name() + ": not adopted: " + refusal.get());
                    } else {
                        surroundings.out().println(credential.name() + ": adopted");
                        adoption.openToOthers()
                                .ifPresent(permissions -> surroundings
                                        .err()
                                        .println("keyturn: " + credential.name() + ": " + adoption.file()
                                                + " may be read by others (" + permissions
                                                + "), who may know this secret;"
                                                + " delete the file, and replace the secret: keyturn rotate "
                                                + credential.name() + " --compromised"));
                    }
                }
            });
            return refused.get() == 0 ? ExitStatus.DONE : ExitStatus.FAILED;
        }
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

    private Optional<String> adopt(Workshop workshop, ManagedCredential credential, AdoptionList.Adoption adoption) {
        AuthType given = adoption.privateKeyFile().isPresent() ? AuthType.KEY : AuthType.PASSWORD;
        if (given != credential.authType()) {
            return Optional.of("its policy " + credential.policy().name() + " is for a "
                    + (given == AuthType.KEY ? "password: give --password-file" : "key: give --private-key-file"));
        }
        try (LoginSecret secret = adoption.load(workshop.keyPairs())) {
            return workshop.adopter()
                    .adopt(
                            credential,
                            secret,
                            adoption.user(),
                            keyturn.surroundings().actor());
        } catch (AdoptionList.UnreadableException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (BusyException e) {
            return Optional.of("busy: " + e.getMessage());
        }
    }
}
