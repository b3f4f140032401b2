package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyturn.rotation.Dromo.StoredCredential;
import java.util.Collections;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SharedRecordsTest {
    private final World world = World.withKey();
    private final SharedRecords records =
            new SharedRecords(world.dromo, new Attempts(world.clock::advance), world.clock);

    @BeforeEach
    void addAFleet() {
        for (int i = 0; i < 100; i++) {
            world.dromo.seed("id-" + i, World.ACCOUNT, world.old);
        }
    }

    @Test
    void oneListServesMany() throws RemoteException {
        for (int i = 0; i < 100; i++) {
            assertThat(find("id-" + i).id()).isEqualTo("id-" + i);
        }

        assertThat(Collections.frequency(world.dromo.calls, "GET")).isEqualTo(SharedRecords.ONE_BY_ONE);
        assertThat(Collections.frequency(world.dromo.calls, "LIST")).isEqualTo(1);
    }

    @Test
    void aFewAreAskedForOneByOne() throws RemoteException {
        for (int i = 0; i < 20; i++) {
            find("id-" + i);
            world.clock.advance(SharedRecords.FRESH.dividedBy(4));
        }

        assertThat(world.dromo.calls).doesNotContain("LIST");
    }

    @Test
    void noRecordIsOlderThanThat() throws RemoteException {
        fetchList();
        world.clock.advance(SharedRecords.FRESH.plusSeconds(1));
        world.dromo.move(new Account("other.example", 22, "dromo"));

        assertThat(find(World.DROMO_ID).hostname()).isEqualTo("other.example");
    }

    @Test
    void aRecordThatIsNotSoundIsAskedForAnew() throws RemoteException {
        fetchList();
        Account moved = new Account("other.example", 22, "dromo");
        world.dromo.move(moved);

        assertThat(records.find(World.DROMO_ID, record -> record.hostname().equals("other.example"))
                        .hostname())
                .isEqualTo("other.example");
    }

    @Test
    void oneThatIsNotInTheListIsAskedForAnew() throws RemoteException {
        fetchList();

        assertThatExceptionOfType(DromoException.class)
                .isThrownBy(() -> find("not-there"))
                .satisfies(e -> assertThat(e.fault()).isEqualTo(DromoException.Fault.NOT_FOUND));
    }

    @Test
    void withoutAListEachIsAskedForByItself() throws RemoteException {
        world.dromo.before("LIST", DromoException.Fault.REJECTED, 99);
        for (int i = 0; i < 20; i++) {
            find("id-" + i);
        }

        assertThat(Collections.frequency(world.dromo.calls, "GET")).isEqualTo(20);
        assertThat(Collections.frequency(world.dromo.calls, "LIST"))
                .as("it was clear, so it is not repeated")
                .isEqualTo(1);
    }

    private void fetchList() throws RemoteException {
        for (int i = 0; i <= SharedRecords.ONE_BY_ONE; i++) {
            find("id-" + i);
        }
        assertThat(world.dromo.calls).contains("LIST");
    }

    private StoredCredential find(String id) throws RemoteException {
        return records.find(id, record -> true);
    }
}
