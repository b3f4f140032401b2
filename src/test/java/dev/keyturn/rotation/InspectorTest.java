package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class InspectorTest {
    @Test
    void inspectsWithoutATrace() {
        World world = World.withKey();

        assertThat(inspect(world)).isEmpty();

        assertThat(world.hosts.calls).containsExactly("preflight");
        assertThat(world.dromo.calls).containsExactly("GET");
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
        Failure failure = inspect(world).orElseThrow();

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.step()).isEqualTo(Step.PREFLIGHT);
        assertThat(failure.message()).startsWith("acme: ");
        assertThat(failure.hint()).contains(hint).endsWith("Then run: keyturn rotate acme");
        assertThat(failure.validNow()).startsWith("nothing was changed");
    }

    private static Optional<Failure> inspect(World world) {
        return new Inspector(
                        world.hosts, world.dromo, world.journal, new Rotator.Timing(world.clock, world.clock::advance))
                .inspect(world.credential);
    }
}
