package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.rotation.Dromo.Connector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which directories a rotation proves, and what depends on it. */
class ProbeTest {
    private final List<String> told = new ArrayList<>();

    @Test
    void listsTheDirectoriesOfAllItsConnectorsBeforeDromoGetsTheNewCredential() {
        World world = reading("/uploads", "/orders", "/orders");
        List<String> listedBeforePut = new ArrayList<>();
        world.dromo.crash = new CrashPoints() {
            @Override
            void reach(String point) {
                if (point.equals("before dromo PUT")) {
                    listedBeforePut.addAll(world.hosts.listed);
                }
            }
        };

        assertThat(rotate(world).outcome()).isEqualTo(Outcome.COMPLETED);

        assertThat(listedBeforePut).containsExactly("/uploads", "/orders");
        assertThat(told).anySatisfy(line -> assertThat(line).endsWith("listed /uploads, /orders"));
    }

    @Test
    void writesDownAndTellsWhatDependsOnTheCredential() {
        World world = reading("/uploads", "/orders");

        rotate(world);

        assertThat(told.get(0)).endsWith("ours; 2 connectors read /uploads, /orders; every 15 min");
        assertThat(world.audit.events("rotation.preflight"))
                .singleElement()
                .satisfies(event -> assertThat(event.detail())
                        .containsEntry("connectors", Map.of("count", 2, "ids", List.of("c0", "c1"))));
    }

    @Test
    void rotatesAllTheSameWhereADirectoryIsNamedAndDromoListsNoConnectors() {
        World world = World.withKey();
        world.dromo.before("CONNECTORS", DromoException.Fault.REJECTED, 99);

        assertThat(rotate(world).outcome()).isEqualTo(Outcome.COMPLETED);

        assertThat(told.get(0)).endsWith("its connectors are not known");
        assertThat(world.audit.events("rotation.preflight").get(0).detail().get("connectors"))
                .isEqualTo(Map.of("not_known", "rejected: injected before CONNECTORS"));
    }

    @Test
    void beginsNothingWhereNobodyKnowsWhatToList() {
        World world = reading();
        world.dromo.before("CONNECTORS", DromoException.Fault.REJECTED, 99);

        RotationResult result = rotate(world);

        assertThat(result.failure().orElseThrow().kind()).isEqualTo("rejected");
        assertThat(world.hosts.calls).doesNotContain("install");
    }

    @Test
    void listsSoManyAndNoMore() {
        World world = reading(
                IntStream.range(0, Probe.MOST + 7).mapToObj(i -> "/d" + i).toArray(String[]::new));

        assertThat(rotate(world).outcome()).isEqualTo(Outcome.COMPLETED);

        assertThat(world.hosts.listed).hasSize(Probe.MOST).endsWith("/d" + (Probe.MOST - 1));
        assertThat(told)
                .anySatisfy(line -> assertThat(line)
                        .contains("/d" + (Probe.MOST - 1))
                        .endsWith("; 7 more that connectors read are past the bound"));
    }

    @Test
    void aDirectoryThatTheOldCredentialCannotListEitherDoesNotKeepItFromBeingRotated() {
        World world = reading("/uploads", "/gone");
        world.hosts.missing.add("/gone");

        assertThat(rotate(world).outcome()).isEqualTo(Outcome.COMPLETED);

        assertThat(told.get(0)).endsWith("; the credential in use can't list /gone");
        assertThat(told)
                .anySatisfy(line -> assertThat(line)
                        .endsWith("listed /uploads; not /gone, which the credential in use can't list either"));
        assertThat(world.audit.events("rotation.preflight").get(0).detail())
                .containsEntry("not_listed", List.of("/gone"));
    }

    @Test
    void aDirectoryThatWasThereAMomentAgoIsMissed() {
        World world = reading("/uploads", "/gone");
        world.hosts.crash = new CrashPoints() {
            @Override
            void reach(String point) {
                if (point.equals("before host install")) {
                    world.hosts.missing.add("/gone");
                }
            }
        };

        RotationResult result = rotate(world);

        assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        Failure why = result.failure().orElseThrow();
        assertThat(why.message()).contains("the new credential logs in, but can't list /gone");
        assertThat(why.hint()).contains("probe.directory");
        assertThat(world.dromo.calls).doesNotContain("PUT");
    }

    @Test
    void nothingIsKnownOfTheOldOneWhereAnAdministratorInstalls() {
        World world = World.withKeyOfAdministrator();
        world.probeConnectors();
        world.dromo.connectors.add(new Connector("c", World.DROMO_ID, "/gone", ""));
        world.hosts.missing.add("/gone");

        assertThat(rotate(world).outcome()).as("so it is not passed over").isEqualTo(Outcome.ROLLED_BACK);
    }

    @Test
    void refusesADirectoryOfTheConfigurationThatIsNotThereBeforeAnythingIsTouched() {
        World world = World.withPassword();
        world.hosts.missing.add("/uploads");

        RotationResult result = rotate(world);

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.failure().orElseThrow().kind()).isEqualTo("directory_not_listed");
        assertThat(result.failure().orElseThrow().hint()).contains("Correct probe.directory");
        assertThat(world.hosts.calls).doesNotContain("install");
    }

    @Test
    void asksForTheConnectorsAnewAfterAWhile() throws RemoteException {
        World world = reading("/uploads");
        ProbeDirectories directories =
                new ProbeDirectories(world.dromo, new Attempts(world.clock::advance), world.clock);
        directories.connectors(world.credential);
        world.dromo.connectors.clear();

        assertThat(directories.connectors(world.credential).none()).isFalse();
        world.clock.advance(ProbeDirectories.FRESH.plus(Duration.ofSeconds(1)));
        assertThat(directories.connectors(world.credential).none()).isTrue();
    }

    private RotationResult rotate(World world) {
        try {
            return world.rotator().rotate(world.credential, "a test", Actor.SCHEDULE, new Progress() {
                @Override
                public void began(ManagedCredential credential, Step step) {}

                @Override
                public void done(ManagedCredential credential, Step step, String detail) {
                    told.add(detail);
                }

                @Override
                public void failed(ManagedCredential credential, Step step, String message) {}
            });
        } catch (BusyException e) {
            throw new AssertionError(e);
        }
    }

    private static World reading(String... directories) {
        World world = World.withKey();
        world.probeConnectors();
        for (int i = 0; i < directories.length; i++) {
            world.dromo.connectors.add(new Connector("c" + i, World.DROMO_ID, directories[i], "every_n_minutes 15"));
        }
        return world;
    }
}
