package dev.keyturn.cli;

import dev.keyturn.dromo.HttpDromo;
import dev.keyturn.rotation.Connectors;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.Estate;
import dev.keyturn.rotation.Estate.Item;
import dev.keyturn.rotation.Journal;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.RemoteException;
import dev.keyturn.rotation.SecretVersion;
import dev.keyturn.secret.Fingerprint;
import java.util.List;
import java.util.Optional;

/** {@code verify --estate}: reads Dromo's lists, beside a running daemon, and changes nothing. */
final class EstateView {
    private final Keyturn keyturn;

    EstateView(Keyturn keyturn) {
        this.keyturn = keyturn;
    }

    /** @return 0 where each of Dromo's credentials is configured here and as it is here */
    int show(boolean json) throws Exception {
        Surroundings surroundings = keyturn.surroundings();
        List<Item> items;
        try {
            items = keyturn.look((configuration, journal) -> {
                try (HttpDromo dromo = Workshop.dromo(configuration, surroundings)) {
                    return Estate.of(dromo)
                            .beside(configuration.credentials(), credential -> expected(credential, journal));
                }
            });
        } catch (RemoteException e) {
            surroundings.err().println("keyturn: Dromo's estate can't be listed: " + e.withHint());
            return ExitStatus.FAILED;
        }
        if (json) {
            surroundings
                    .out()
                    .println(Json.array(items.stream().map(Json::estate).toList()));
        } else {
            print(items, surroundings);
        }
        return items.stream().allMatch(item -> item.standing() == Estate.Standing.MANAGED)
                ? ExitStatus.DONE
                : ExitStatus.FAILED;
    }

    /** In the middle of a rotation Dromo may have either key. */
    private static Optional<Fingerprint> expected(ManagedCredential credential, Journal journal) {
        return journal.open(credential.name()).isPresent()
                ? Optional.empty()
                : journal.facts(credential.name())
                        .flatMap(CredentialFacts::current)
                        .flatMap(SecretVersion::fingerprint);
    }

    private static void print(List<Item> items, Surroundings surroundings) {
        Table table = new Table("DROMO ID", "STANDING", "CREDENTIAL", "ACCOUNT", "CONNECTORS");
        for (Item item : items) {
            table.row(
                    item.dromoId(),
                    item.standing().label(),
                    item.name().orElse("-"),
                    item.record()
                            .map(it -> it.user() + "@" + it.hostname() + ":" + it.port())
                            .orElse("-"),
                    item.unused()
                            ? "none: unused"
                            : Connectors.of(item.connectors()).describe());
        }
        table.print(surroundings.out());
        items.forEach(item -> item.difference()
                .ifPresent(it -> surroundings
                        .out()
                        .println(item.name().orElse(item.dromoId()) + ": Dromo's record differs: " + it)));
    }
}
