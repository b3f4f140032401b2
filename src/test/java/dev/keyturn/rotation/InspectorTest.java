package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.rotation.Inspection.Look;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InspectorTest {
    @Test
    void inspectsWithoutATrace() {
        World world = World.withKey();

        assertThat(inspect(world).ok()).isTrue();

        assertThat(world.hosts.calls).containsExactly("preflight");
        assertThat(world.dromo.calls).containsExactly("GET", "CONNECTORS");
        assertThat(world.audit.events()).isEmpty();
        assertThat(world.journal.history(Optional.empty(), 9)).isEmpty();
    }

    @Test
    void inspectionNamesEachObstacle() {
        World unadopted = World.withUnknownKeyAndNoAdministrator();
        assertObstacle(unadopted, "not_adopted", "keyturn adopt acme --private-key-file FILE");

        World moved = World.withKey();
        moved.dromo.move(new Account("other.example", 22, "dromo"));
        assertObstacle(moved, "dromo_record_differs", "Correct dromo_id or host");

        World drifted = World.withKey();
        drifted.dromo.overwrite(World.key("another"));
        assertObstacle(drifted, "drifted", "Find out who");

        World refused = World.withKey();
        refused.hosts.keys.clear();
        assertObstacle(refused, "authentication_refused", "Check the account");

        World unreachable = World.withKey();
        unreachable.hosts.faults.before("preflight", HostException.Fault.HOST_KEY_CHANGED, 99);
        assertObstacle(unreachable, "host_key_changed", "Ask the host's owner");

        World noDromo = World.withKey();
        noDromo.dromo.before("GET", DromoException.Fault.LICENSE_KEY_REFUSED, 99);
        assertObstacle(noDromo, "license_key_refused", "dromo.license_key");
    }

    private static void assertObstacle(World world, String kind, String hint) {
        Failure failure = inspect(world).failure().orElseThrow();

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.step()).isEqualTo(Step.PREFLIGHT);
        assertThat(failure.message()).startsWith("acme: ");
        assertThat(failure.hint()).contains(hint).endsWith("Then run: keyturn rotate acme");
        assertThat(failure.validNow()).startsWith("nothing was changed");
    }

    @Test
    void saysWhichPartFailed() {
        World moved = World.withKey();
        moved.dromo.move(new Account("other.example", 22, "dromo"));
        assertThat(inspect(moved)).satisfies(found -> {
            assertThat(found.record()).isEqualTo(Look.FAILED);
            assertThat(found.login()).isEqualTo(Look.NOT_LOOKED_AT);
        });

        World refused = World.withKey();
        refused.hosts.keys.clear();
        assertThat(inspect(refused)).satisfies(found -> {
            assertThat(found.record()).isEqualTo(Look.OK);
            assertThat(found.login()).isEqualTo(Look.FAILED);
            assertThat(found.connectors().none()).isTrue();
        });
    }

    @Test
    void showsWhatDependsOnTheCredential() {
        World world = World.withKey();
        world.dromo.connectors.addAll(List.of(
                new Dromo.Connector("c1", World.DROMO_ID, "/in", "every_n_minutes 15"),
                new Dromo.Connector("c2", "another", "/other", "")));

        assertThat(inspect(world).connectors().all())
                .extracting(Dromo.Connector::id)
                .containsExactly("c1");
    }

    @Test
    void oneListOfConnectorsServesAFleet() {
        World world = World.withKey();
        Inspector inspector = inspector(world);

        for (int i = 0; i < 50; i++) {
            inspector.inspect(world.credential);
        }

        assertThat(Collections.frequency(world.dromo.calls, "CONNECTORS")).isEqualTo(1);
    }

    @Test
    void aListThatIsRefusedIsNotAskedForByEachOfAFleet() {
        World world = World.withKey();
        world.probeConnectors();
        world.dromo.before("CONNECTORS", DromoException.Fault.LICENSE_KEY_REFUSED, 99);
        Inspector inspector = inspector(world);

        for (int i = 0; i < 50; i++) {
            assertThat(inspector
                            .inspect(world.credential)
                            .failure()
                            .orElseThrow()
                            .kind())
                    .isEqualTo("license_key_refused");
        }

        assertThat(Collections.frequency(world.dromo.calls, "CONNECTORS")).isEqualTo(1);
    }

    @Test
    void looksAtNothingWhileARotationIsInTheMiddle() {
        World world = World.withPassword();
        world.arm(at("after host install", () -> {
            throw new CrashPoints.Killed("here");
        }));
        assertThatThrownBy(world::rotate).isInstanceOf(CrashPoints.Killed.class);
        world.restart();
        world.hosts.calls.clear();

        Inspection found = inspect(world);

        assertThat(found.ok()).isFalse();
        assertThat(found.open()).contains(RotationState.Kind.INSTALLING);
        assertThat(found.failure()).isEmpty();
        assertThat(world.hosts.calls).as("the old password would be refused").isEmpty();
    }

    @Test
    void givesTheReasonOfARotationThatDoesNotGoOn() {
        World world = World.withKey();
        world.dromo.after("PUT", DromoException.Fault.NO_ANSWER, 99);
        world.dromo.failGetsAfterNextPut(DromoException.Fault.NOT_SENT);
        world.rotate();

        Inspection found = inspect(world);

        assertThat(found.failure().orElseThrow().hint()).contains("keyturn recover");
        assertThat(found.open()).isEmpty();
    }

    @Test
    void inspectsWhatIsInItsOverlap() {
        World world = World.withKey(Duration.ofHours(1));
        world.rotate();

        assertThat(inspect(world).ok()).isTrue();
    }

    @Test
    void takesNoFailureForOneThatARotationMadeMeanwhile() {
        World world = World.withKey();
        world.hosts.crash = at("before host preflight", () -> {
            world.restart();
            world.rotate();
            world.hosts.faults.before("preflight", HostException.Fault.AUTHENTICATION_REFUSED, 1);
        });

        Inspection found = inspect(world);

        assertThat(found.failure()).isEmpty();
        assertThat(found.open()).isPresent();
    }

    private static CrashPoints at(String moment, Runnable what) {
        return new CrashPoints() {
            @Override
            void reach(String point) {
                if (point.equals(moment)) {
                    what.run();
                }
            }
        };
    }

    private static Inspection inspect(World world) {
        return inspector(world).inspect(world.credential);
    }

    private static Inspector inspector(World world) {
        return new Inspector(
                world.hosts, world.dromo, world.journal, new Rotator.Timing(world.clock, world.clock::advance));
    }
}
