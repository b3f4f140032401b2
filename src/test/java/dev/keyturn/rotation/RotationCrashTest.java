package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.secret.LoginSecret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A rotation is killed before and after each call of host and Dromo, each entry in the journal and each record in the
 * audit log; then a new process recovers. Whatever the moment, Dromo logs in, nothing is lost and nothing is left behind.
 */
class RotationCrashTest {
    private static final Map<String, Supplier<World>> KINDS = Map.of(
            "key", World::withKey,
            "key with overlap", () -> World.withKey(Duration.ofHours(1)),
            "key through an administrator, never adopted", World::withUnknownKey,
            "password", World::withPassword,
            "password through an administrator", World::withPasswordOfAdministrator,
            "alternating accounts", World::withAlternatingAccounts,
            "alternating accounts through an administrator", World::withAlternatingAccountsOfAdministrator);

    private static final Map<String, Consumer<World>> PATHS = Map.of(
            "forward", world -> {},
            "rejected PUT", world -> world.dromo.before("PUT", DromoException.Fault.REJECTED, 1),
            "PUT taken although it said no", world -> world.dromo.after("PUT", DromoException.Fault.REJECTED, 1),
            "install without answer", world -> world.hosts.faults.after("install", HostException.Fault.TIMED_OUT, 4),
            "PUT without answer", world -> world.dromo.after("PUT", DromoException.Fault.NO_ANSWER, 1),
            "failed proof of Dromo", world -> world.dromo.failingTests = 2,
            "refused proof of ours", world -> world.hosts.faults.before("login", HostException.Fault.PERMISSION, 1));

    @TestFactory
    Stream<DynamicTest> survivesAKillAtEachPoint() {
        return KINDS.entrySet().stream()
                .flatMap(kind -> PATHS.entrySet().stream()
                        .flatMap(path -> points(kind.getKey(), kind.getValue(), path.getKey(), path.getValue())));
    }

    private static Stream<DynamicTest> points(
            String kind, Supplier<World> worlds, String path, Consumer<World> faults) {
        World counted = worlds.get();
        faults.accept(counted);
        CrashPoints counter = counted.crashPoints();
        counted.rotate();
        return Stream.iterate(0, n -> n + 1)
                .limit(counter.count())
                .map(n -> DynamicTest.dynamicTest(
                        kind + ", " + path + ", killed at point " + n, () -> killAndRecover(worlds.get(), faults, n)));
    }

    private static void killAndRecover(World world, Consumer<World> faults, int n) {
        faults.accept(world);
        CrashPoints points = world.crashPoints();
        points.killAt(n);
        try {
            world.rotate();
        } catch (CrashPoints.Killed killed) {
            assertThat(points.where()).isNotEmpty();
        }
        world.restart();
        world.dromo.clearFaults();
        world.hosts.faults.clear();

        world.recover();
        world.clock.advance(Duration.ofHours(2));
        world.recover();

        assertThat(world.dromo.logsIn())
                .as("Dromo logs in, killed %s", points.where())
                .isTrue();
        assertThat(world.journal.open("acme")).isEmpty();
        if (world.old instanceof LoginSecret.KeyPair) {
            assertThat(world.hosts.keys)
                    .as("no key is left behind, killed %s", points.where())
                    .containsExactly(world.dromo.stored().fingerprint().orElseThrow());
        }
        if (world.credential.alternate().isPresent()) {
            assertBothAccountsAreKnown(world, points.where());
        } else {
            assertStoreHasWhatDromoHas(world);
        }
        RotatorTest.AuditPairs.assertComplete(world.audit.events());
    }

    private static void assertBothAccountsAreKnown(World world, String where) {
        String active = world.facts().user().orElseThrow();
        assertThat(world.dromo.user()).as("the user in Dromo, killed %s", where).isEqualTo(active);
        assertThat(world.hosts.accepts(World.FIRST, world.old))
                .as("the account that Dromo used is untouched, killed %s", where)
                .isTrue();
        assertThat(logsIn(world, active)).as("the store has what Dromo has").isTrue();
        boolean changed = !World.IDLE.equals(world.hosts.passwords.get(World.SECOND));
        assertThat(!changed || logsIn(world, World.SECOND))
                .as("the other account's password is in the store, killed %s", where)
                .isTrue();

        assertThat(world.rotate().outcome()).as("the next turn").isEqualTo(Outcome.COMPLETED);
        assertThat(world.dromo.logsIn()).isTrue();
        String next = world.facts().user().orElseThrow();
        assertThat(next).isEqualTo(world.credential.alternate().orElseThrow().other(active));
        assertThat(world.journal.secretsOf("acme", next))
                .as("nothing but the new one is kept of it")
                .containsExactly(world.facts().current().orElseThrow());
    }

    private static boolean logsIn(World world, String user) {
        return world.journal.secretsOf("acme", user).stream().anyMatch(version -> {
            try (LoginSecret stored = world.journal.secret(version)) {
                return world.hosts.accepts(user, stored);
            }
        });
    }

    static void assertStoreHasWhatDromoHas(World world) {
        boolean replaced = !world.hosts.accepts(world.old);
        if (world.facts().current().isEmpty()) {
            assertThat(replaced).as("a replaced secret is in the store").isFalse();
            assertThat(world.journal.secretIds()).containsExactlyInAnyOrderElementsOf(undone(world));
            return;
        }
        SecretVersion current = world.facts().current().orElseThrow();
        List<String> expected = new ArrayList<>(undone(world));
        expected.add(current.id());
        assertThat(world.journal.secretIds()).containsExactlyInAnyOrderElementsOf(expected);
        try (LoginSecret stored = world.journal.secret(current)) {
            assertThat(world.hosts.accepts(stored)).isTrue();
        }
    }

    /** What rotations made that were undone since the last one that completed: kept, for the host may come to have it. */
    private static List<String> undone(World world) {
        return world.journal.history(Optional.of("acme"), 100).stream()
                .takeWhile(rotation -> rotation.outcome() != Outcome.COMPLETED)
                .filter(rotation -> rotation.outcome() == Outcome.ROLLED_BACK)
                .map(rotation -> rotation.id().text())
                .toList();
    }
}
