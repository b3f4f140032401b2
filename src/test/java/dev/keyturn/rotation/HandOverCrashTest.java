package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A rotation at a partner's host is killed before and after each call and each durable write, through all its turns; then
 * a new process recovers, and the partner does what it is asked for. Whatever the moment, Dromo logs in all the time,
 * nothing is lost, and no key is left on the host.
 */
class HandOverCrashTest {
    private static final Map<String, Consumer<World>> PATHS = Map.of(
            "forward", world -> {},
            "rejected PUT", world -> world.dromo.before("PUT", DromoException.Fault.REJECTED, 1),
            "PUT without answer", world -> world.dromo.after("PUT", DromoException.Fault.NO_ANSWER, 1),
            "failed proof of Dromo", world -> world.dromo.failingTests = 2,
            "failed proof of ours", world -> world.hosts.faults.before("login", HostException.Fault.PERMISSION, 1));

    /** Who gives up at which turn, if anybody. */
    private static final Map<String, Integer> GIVEN_UP = Map.of("never", 99, "before the install", 1, "after it", 2);

    @TestFactory
    Stream<DynamicTest> survivesAKillAtEachPoint() {
        return Stream.of(Duration.ZERO, Duration.ofHours(1))
                .flatMap(overlap -> PATHS.keySet().stream()
                        .flatMap(
                                path -> GIVEN_UP.keySet().stream().flatMap(givenUp -> points(overlap, path, givenUp))));
    }

    private static Stream<DynamicTest> points(Duration overlap, String path, String givenUp) {
        World counted = World.withKeyAtAPartner(overlap);
        PATHS.get(path).accept(counted);
        CrashPoints counter = counted.crashPoints();
        turns(counted, GIVEN_UP.get(givenUp));
        assertThat(counted.journal.open("acme")).isEmpty();
        return Stream.iterate(0, n -> n + 1)
                .limit(counter.count())
                .map(n -> DynamicTest.dynamicTest(
                        "overlap " + overlap + ", " + path + ", given up " + givenUp + ", killed at point " + n,
                        () -> killAndRecover(overlap, path, givenUp, n)));
    }

    private static void killAndRecover(Duration overlap, String path, String givenUp, int n) {
        World world = World.withKeyAtAPartner(overlap);
        PATHS.get(path).accept(world);
        CrashPoints points = world.crashPoints();
        points.killAt(n);
        try {
            turns(world, GIVEN_UP.get(givenUp));
        } catch (CrashPoints.Killed killed) {
            assertDromoLogsIn(world, points);
        }
        world.restart();
        world.dromo.clearFaults();
        world.hosts.faults.clear();

        for (int turn = 0; turn < 4; turn++) {
            world.recover();
            assertDromoLogsIn(world, points);
            world.partnerDoesWhatIsAskedFor();
            world.clock.advance(Duration.ofHours(2));
        }
        world.recover();

        assertDromoLogsIn(world, points);
        assertThat(world.journal.open("acme")).isEmpty();
        assertThat(world.hosts.keys)
                .as("no key is left behind, killed %s", points.where())
                .containsExactly(world.dromo.stored().fingerprint().orElseThrow());
        RotationCrashTest.assertStoreHasWhatDromoHas(world);
        RotatorTest.AuditPairs.assertComplete(world.audit.events());
    }

    /** Enough turns for each path to end, with the partner at work in between. */
    private static void turns(World world, int givenUpAt) {
        world.rotate();
        for (int turn = 1; turn <= 6 && world.journal.open("acme").isPresent(); turn++) {
            if (turn == givenUpAt) {
                abandon(world);
            } else {
                world.recover();
            }
            world.partnerDoesWhatIsAskedFor();
            world.clock.advance(Duration.ofHours(2));
        }
    }

    private static void abandon(World world) {
        try {
            world.rotator().abandon(world.credential, Actor.cli(1000, "ada"), Progress.NONE);
        } catch (BusyException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertDromoLogsIn(World world, CrashPoints points) {
        assertThat(world.dromo.logsIn())
                .as("Dromo logs in, killed %s", points.where())
                .isTrue();
    }
}
