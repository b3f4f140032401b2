package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.secret.Fingerprint;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * {@code rotate --compromised} is killed at each point. Once the store has the person's word, no secret stays that was
 * known when it was given, whoever goes on and whatever for.
 */
class CompromisedCrashTest {
    private static final Map<String, Supplier<World>> KINDS = Map.of(
            "key", World::withKey,
            "key in its overlap", CompromisedCrashTest::keyInItsOverlap,
            "password", World::withPassword,
            "alternating accounts", World::withAlternatingAccounts,
            "alternating accounts in their overlap", CompromisedCrashTest::alternatingInTheirOverlap,
            "alternating accounts through an administrator", World::withAlternatingAccountsOfAdministrator);

    private static final Map<String, Consumer<World>> NEXT = Map.of(
            "recover", World::recover,
            "the schedule's turn", World::rotate,
            "the same command", CompromisedCrashTest::rotateCompromised);

    private static World keyInItsOverlap() {
        World world = World.withKey(Duration.ofDays(1));
        world.rotate();
        return world;
    }

    private static World alternatingInTheirOverlap() {
        World world = World.withAlternatingAccounts();
        world.configure(Duration.ofDays(1), Optional.of(new Alternate(World.FIRST, World.SECOND)));
        world.rotate();
        return world;
    }

    @TestFactory
    Stream<DynamicTest> replacesAllThatIsKnownWhereverItIsKilled() {
        return KINDS.entrySet().stream()
                .flatMap(kind -> NEXT.entrySet().stream()
                        .flatMap(next -> points(kind.getKey(), kind.getValue(), next.getKey(), next.getValue())));
    }

    private static Stream<DynamicTest> points(String kind, Supplier<World> worlds, String name, Consumer<World> next) {
        World counted = worlds.get();
        CrashPoints counter = counted.crashPoints();
        rotateCompromised(counted);
        return Stream.iterate(0, n -> n + 1)
                .limit(counter.count())
                .map(n -> DynamicTest.dynamicTest(
                        kind + ", killed at point " + n + ", then " + name, () -> kill(worlds.get(), n, next)));
    }

    private static void kill(World world, int n, Consumer<World> next) {
        Set<Object> known = secrets(world);
        CrashPoints points = world.crashPoints();
        points.killAt(n);
        try {
            rotateCompromised(world);
            throw new AssertionError("not killed");
        } catch (CrashPoints.Killed killed) {
            assertThat(points.where()).isNotEmpty();
        }
        world.restart();
        if (points.where().endsWith("audit credential.compromised")) {
            // The process did not come to give the store its word.
            assertThat(secrets(world)).isEqualTo(known);
            return;
        }

        next.accept(world);
        world.clock.advance(Duration.ofDays(2));
        world.recover();

        assertThat(secrets(world))
                .as("nobody logs in with what was known, killed %s", points.where())
                .isNotEmpty()
                .doesNotContainAnyElementsOf(known);
        assertThat(world.dromo.logsIn()).as("killed %s", points.where()).isTrue();
        assertThat(world.journal.open("acme")).isEmpty();
        assertThat(world.journal.compromised()).isEmpty();
        RotatorTest.AuditPairs.assertComplete(world.audit.events());
    }

    /** What the host accepts: fingerprints of keys, passwords with their users. */
    private static Set<Object> secrets(World world) {
        Set<Object> secrets = new HashSet<>();
        for (Fingerprint key : world.hosts.keys) {
            secrets.add(key);
        }
        secrets.addAll(world.hosts.passwords.entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
                .toList());
        return secrets;
    }

    private static void rotateCompromised(World world) {
        world.compromised("leaked");
        world.rotate();
    }
}
