package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.rotation.Dromo.Connector;
import dev.keyturn.rotation.Estate.Item;
import dev.keyturn.rotation.Estate.Standing;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EstateTest {
    private final World world = World.withKey();

    @Test
    void knowsWhatIsManagedAndWhatUsesIt() throws RemoteException {
        Connector orders = connector("c1", World.DROMO_ID);
        Connector invoices = connector("c2", World.DROMO_ID);
        world.dromo.connectors.addAll(List.of(orders, connector("c3", "other"), invoices));
        world.dromo.seed("other", World.ACCOUNT, world.old);

        List<Item> items = items();

        assertThat(items).extracting(Item::standing).containsExactly(Standing.MANAGED, Standing.UNMANAGED);
        assertThat(items.get(0).name()).contains("acme");
        assertThat(items.get(0).connectors()).containsExactly(orders, invoices);
        assertThat(items.get(0).unused()).isFalse();
        assertThat(items.get(1).name()).isEmpty();
        assertThat(world.dromo.calls).as("two lists, whatever the size").containsExactly("LIST", "CONNECTORS");
    }

    @Test
    void saysWhatNoConnectorUses() throws RemoteException {
        assertThat(items())
                .singleElement()
                .satisfies(item -> assertThat(item.unused()).isTrue());
    }

    @Test
    void saysWhereTheRecordOfAConfiguredCredentialIsGone() throws RemoteException {
        world.dromo.connectors.add(connector("c1", "deleted"));
        world.configure(World.DROMO_ID + "-gone");

        List<Item> items = items();

        assertThat(items).extracting(Item::standing).containsExactly(Standing.UNMANAGED, Standing.GONE, Standing.GONE);
        assertThat(items.get(1).name()).contains("acme");
        assertThat(items.get(2).dromoId()).isEqualTo("deleted");
        assertThat(items.get(2).connectors()).hasSize(1);
        assertThat(items.get(2).unused()).isFalse();
    }

    @Test
    void comparesTheRecordWithConfigurationAndStore() throws RemoteException {
        world.dromo.overwrite(World.key("another"));

        assertThat(items()).singleElement().satisfies(item -> {
            assertThat(item.standing()).isEqualTo(Standing.DIFFERENT);
            assertThat(item.difference().orElseThrow()).startsWith("key_fingerprint is SHA256:");
        });
    }

    @Test
    void takesEitherOfTwoAlternatingAccounts() throws RemoteException {
        World pair = World.withAlternatingAccounts();
        pair.dromo.move(new Account("sftp.example", 22, World.SECOND));

        assertThat(Estate.of(pair.dromo).beside(List.of(pair.credential), credential -> Optional.empty()))
                .extracting(Item::standing)
                .containsExactly(Standing.MANAGED);
    }

    @Test
    void describesTheFirstFewConnectors() {
        assertThat(Connectors.of(List.of()).describe()).isEqualTo("none");
        assertThat(Connectors.of(List.of(connector("c1", "x"))).describe()).isEqualTo("1: c1 (/in)");
        assertThat(Connectors.of(java.util.Collections.nCopies(9, connector("c", "x")))
                        .describe())
                .isEqualTo("9: c (/in), c (/in), c (/in), c (/in), c (/in), ...");
    }

    private List<Item> items() throws RemoteException {
        return Estate.of(world.dromo)
                .beside(
                        List.of(world.credential),
                        credential -> world.facts().current().flatMap(SecretVersion::fingerprint));
    }

    private static Connector connector(String id, String credential) {
        return new Connector(id, credential, "/in", "every_n_minutes 15");
    }
}
