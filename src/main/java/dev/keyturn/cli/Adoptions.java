package dev.keyturn.cli;

import dev.keyturn.cli.AdoptionList.Adoption;
import dev.keyturn.cli.AdoptionList.UnreadableException;
import dev.keyturn.config.Configuration;
import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Adopts credentials. Where a daemon has the state, it is asked for one after the other, and is handed each secret: the
 * files are those of who asks, and the daemon may not be able to read them. Otherwise this process does it.
 */
final class Adoptions {
    private final Keyturn keyturn;
    private final Surroundings surroundings;
    private int refused;

    Adoptions(Keyturn keyturn) {
        this.keyturn = keyturn;
        this.surroundings = keyturn.surroundings();
    }

    /** Where a secret comes from. */
    private interface Contents {
        Secret of(Adoption adoption) throws UnreadableException;
    }

    /** Adopts all of them, and returns the exit status. */
    int of(List<Adoption> wanted) throws Exception {
        if (keyturn.lent().isPresent()) {
            Secret handed = keyturn.handed()
                    .orElseThrow(() -> new UsageException("a daemon adopts only what is handed over to it"));
            return here(wanted, adoption -> handed.copy());
        }
        Optional<Configuration> valid = Asking.valid(keyturn);
        if (valid.isPresent()) {
            // Before anything is adopted; where the daemon's configuration has another opinion, it says so.
            chosen(wanted, valid.get());
        }
        for (int i = 0; i < wanted.size(); i++) {
            Optional<Integer> status = there(wanted.get(i), valid);
            if (status.isEmpty()) {
                return here(wanted.subList(i, wanted.size()), Adoption::read);
            }
            if (status.get() != ExitStatus.DONE && status.get() != ExitStatus.FAILED) {
                return status.get();
            }
        }
        return status();
    }

    /** By the daemon; empty where there is none. */
    private Optional<Integer> there(Adoption adoption, Optional<Configuration> valid) {
        try (Secret content = adoption.read()) {
            Optional<Integer> status = keyturn.handOver(adoption.sendable(), valid, content);
            if (status.equals(Optional.of(ExitStatus.DONE))) {
                warn(adoption);
            } else if (status.isPresent()) {
                refused++;
            }
            return status;
        } catch (UnreadableException e) {
            report(adoption, Optional.of(String.valueOf(e.getMessage())));
            return Optional.of(ExitStatus.FAILED);
        }
    }

    private int here(List<Adoption> wanted, Contents contents) throws Exception {
        try (Workshop workshop = keyturn.openWorkshop()) {
            Map<ManagedCredential, Adoption> chosen = chosen(wanted, workshop.configuration());
            workshop.sideBySide().run(new ArrayList<>(chosen.keySet()), credential -> {
                Adoption adoption = Objects.requireNonNull(chosen.get(credential));
                Optional<String> refusal = adopt(workshop, credential, adoption, contents);
                synchronized (surroundings) {
                    report(adoption, refusal);
                    if (refusal.isEmpty() && keyturn.lent().isEmpty()) {
                        warn(adoption);
                    }
                }
            });
        }
        return status();
    }

    private Map<ManagedCredential, Adoption> chosen(List<Adoption> wanted, Configuration configuration) {
        Map<String, ManagedCredential> configured = new LinkedHashMap<>();
        configuration.credentials().forEach(credential -> configured.put(credential.name(), credential));
        Map<ManagedCredential, Adoption> chosen = new LinkedHashMap<>();
        for (Adoption adoption : wanted) {
            ManagedCredential credential = configured.get(adoption.credential());
            if (credential == null) {
                throw new UsageException(adoption.where() + "no credential is called '" + adoption.credential()
                        + "' in " + configuration.file());
            }
            if (chosen.put(credential, adoption) != null) {
                throw new UsageException(adoption.where() + "'" + adoption.credential() + "' stands there twice");
            }
        }
        return chosen;
    }

    private Optional<String> adopt(
            Workshop workshop, ManagedCredential credential, Adoption adoption, Contents contents) {
        AuthType given = adoption.privateKeyFile().isPresent() ? AuthType.KEY : AuthType.PASSWORD;
        if (given != credential.authType()) {
            return Optional.of("its policy " + credential.policy().name() + " is for a "
                    + (given == AuthType.KEY ? "password: give --password-file" : "key: give --private-key-file"));
        }
        try (Secret content = contents.of(adoption);
                LoginSecret secret = adoption.login(workshop.keyPairs(), content)) {
            workshop.aftermath().begins();
            Optional<String> refusal =
                    workshop.adopter().adopt(credential, secret, adoption.user(), surroundings.actor());
            if (refusal.isEmpty()) {
                workshop.aftermath().changed(credential);
            }
            return refusal;
        } catch (UnreadableException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (BusyException e) {
            return Optional.of("busy: " + e.getMessage());
        }
    }

    private void report(Adoption adoption, Optional<String> refusal) {
        refused += refusal.isPresent() ? 1 : 0;
        surroundings
                .out()
                .println(adoption.credential()
                        + refusal.map(why -> ": not adopted: " + why).orElse(": adopted"));
    }

    private void warn(Adoption adoption) {
        adoption.openToOthers()
                .ifPresent(permissions -> surroundings
                        .err()
                        .println("keyturn: " + adoption.credential() + ": " + adoption.file()
                                + " may be read by others (" + permissions + "), who may know this secret;"
                                + " delete the file, and replace the secret: keyturn rotate "
                                + adoption.credential() + " --compromised"));
    }

    private int status() {
        return refused == 0 ? ExitStatus.DONE : ExitStatus.FAILED;
    }
}
