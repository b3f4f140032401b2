package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.rotation.RotationState.Kind;
import dev.keyturn.rotation.RotationSummary.Transition;
import dev.keyturn.secret.AuthType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GapTest {
    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void lastsFromTheHostsChangeToDromosConfirmation() {
        assertThat(gap(Kind.STARTED, Kind.GENERATED, Kind.INSTALLING, Kind.INSTALLED, Kind.PUBLISHING, Kind.PUBLISHED))
                .contains(Duration.ofSeconds(3));
    }

    @Test
    void countsFromTheFirstTimeAnInstallWasTried() {
        assertThat(gap(Kind.INSTALLING, Kind.INSTALLING, Kind.PUBLISHING, Kind.PUBLISHED, Kind.PUBLISHED))
                .contains(Duration.ofSeconds(3));
    }

    @Test
    void isNotOverBeforeTheOldPasswordIsBack() {
        assertThat(gap(Kind.INSTALLING, Kind.PUBLISHING, Kind.PUBLISHED, Kind.RESTORING))
                .isEmpty();
        assertThat(gap(Kind.INSTALLING, Kind.UNDOING)).isEmpty();
        assertThat(gap(Kind.INSTALLING, Kind.PUBLISHED, Kind.RESTORING, Kind.UNDOING, Kind.ROLLED_BACK))
                .contains(Duration.ofSeconds(4));
    }

    @Test
    void isThereOnlyWhereTheHostWasTouched() {
        assertThat(gap(Kind.STARTED, Kind.GENERATED, Kind.ABANDONED)).isEmpty();
    }

    @Test
    void isNeverThereForKeysAndAlternatingAccounts() {
        List<Transition> steps = steps(Kind.INSTALLING, Kind.PUBLISHED);

        assertThat(Gap.of(AuthType.KEY, false, steps)).isEmpty();
        assertThat(Gap.of(AuthType.PASSWORD, true, steps)).isEmpty();
    }

    @Test
    void isNotNegativeWhereTheClockWasSetBack() {
        List<Transition> steps = List.of(
                new Transition(Kind.INSTALLING, START, Optional.empty(), List.of()),
                new Transition(Kind.PUBLISHED, START.minusSeconds(60), Optional.empty(), List.of()));

        assertThat(Gap.of(AuthType.PASSWORD, false, steps)).contains(Duration.ZERO);
    }

    @Test
    void isReportedAlikeInResultHistoryAndAuditLog() {
        World world = World.withPassword();
        takeSecondsForEachCall(world);

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        // Before and after install, login and PUT, and before the GET.
        assertThat(result.gap()).contains(Duration.ofSeconds(7));
        assertReported(world, result, "rotation.completed");
    }

    @Test
    void isReportedForARotationThatWasUndone() {
        World world = World.withPassword();
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);
        takeSecondsForEachCall(world);

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(result.gap().orElseThrow()).isGreaterThan(Duration.ofSeconds(8));
        assertReported(world, result, "rotation.rolled_back");
    }

    @Test
    void spansACrashAndItsRecovery() {
        World world = World.withPassword();
        world.hosts.crash = new CrashPoints() {
            @Override
            void reach(String point) {
                if (point.equals("after host install")) {
                    throw new Killed(point);
                }
            }
        };
        try {
            world.rotate();
            throw new AssertionError("was not killed");
        } catch (CrashPoints.Killed killed) {
            world.restart();
        }
        world.clock.advance(Duration.ofHours(1));

        RotationResult result = world.recover().orElseThrow();

        assertThat(result.gap().orElseThrow()).isGreaterThanOrEqualTo(Duration.ofHours(1));
        assertThat(result.duration()).isLessThan(Duration.ofMinutes(1));
        assertReported(world, result, "rotation.completed");
    }

    @Test
    void isNotReportedForKeysAndAlternatingAccounts() {
        for (World world : List.of(World.withKey(), World.withAlternatingAccounts())) {
            takeSecondsForEachCall(world);

            assertThat(world.rotate().gap()).isEmpty();
            assertThat(world.audit.events("rotation.completed"))
                    .singleElement()
                    .satisfies(event -> assertThat(event.detail()).doesNotContainKey("gap_ms"));
        }
    }

    private static void takeSecondsForEachCall(World world) {
        CrashPoints seconds = new CrashPoints() {
            @Override
            void reach(String point) {
                world.clock.advance(Duration.ofSeconds(1));
            }
        };
        world.hosts.crash = seconds;
        world.dromo.crash = seconds;
    }

    private static void assertReported(World world, RotationResult result, String event) {
        Duration gap = result.gap().orElseThrow();
        assertThat(world.facts().lastRotation().orElseThrow().gap()).contains(gap);
        assertThat(world.audit.events(event))
                .singleElement()
                .satisfies(written -> assertThat(written.detail()).containsEntry("gap_ms", gap.toMillis()));
    }

    private static Optional<Duration> gap(Kind... kinds) {
        return Gap.of(AuthType.PASSWORD, false, steps(kinds));
    }

    /** A second apart. */
    private static List<Transition> steps(Kind... kinds) {
        List<Transition> steps = new ArrayList<>();
        for (Kind kind : kinds) {
            steps.add(new Transition(kind, START.plusSeconds(steps.size()), Optional.empty(), List.of()));
        }
        return steps;
    }
}
