package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.policy.Policy;
import dev.keyturn.policy.RetryRule;
import dev.keyturn.policy.Schedule;
import dev.keyturn.policy.Timing;
import dev.keyturn.rotation.CredentialStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CredentialStatusTest {
    private static final Duration EVERY = Duration.ofDays(60);

    @Test
    void isUnmanagedBeforeItWasAdopted() {
        World world = World.withUnknownKeyAndNoAdministrator();

        assertThat(CredentialStatus.of(world.credential, Optional.empty(), world.clock.instant())
                        .state())
                .isEqualTo(State.UNMANAGED);
        CredentialStatus known = status(world);
        assertThat(known.state()).isEqualTo(State.UNMANAGED);
        assertThat(known.age()).isEmpty();
        assertThat(known.fingerprint()).isEmpty();
        assertThat(known.overdue()).isFalse();
    }

    /** The daemon never begins it, so there is no date to show. */
    @Test
    void showsNoDateForWhatCannotBegin() {
        assertThat(status(World.withUnknownKeyAndNoAdministrator()).nextRotationAt())
                .isEmpty();
        World withAdministrator = World.withUnknownKey();
        assertThat(status(withAdministrator).nextRotationAt())
                .contains(withAdministrator.clock.instant().plus(EVERY));
    }

    @Test
    void isCurrentFromTheAdoptionOn() {
        World world = World.withKey();
        Instant adopted = world.clock.instant();
        world.journal.scheduled(Map.of("acme", new Schedule.Every(EVERY).describe()), adopted);
        world.clock.advance(Duration.ofDays(10));

        CredentialStatus status = status(world);

        assertThat(status.state()).isEqualTo(State.CURRENT);
        assertThat(status.age()).contains(Duration.ofDays(10));
        assertThat(status.rotatedAt()).isEmpty();
        assertThat(status.nextRotationAt()).contains(adopted.plus(EVERY));
        assertThat(status.fingerprint()).isEqualTo(world.old.fingerprint());
    }

    @Test
    void countsAgeFromTheRotation() {
        World world = World.withKey();
        world.clock.advance(Duration.ofDays(10));
        RotationResult result = world.rotate();
        Instant rotated = world.clock.instant();
        world.clock.advance(Duration.ofDays(5));

        CredentialStatus status = status(world);

        assertThat(status.state()).isEqualTo(State.CURRENT);
        assertThat(status.rotatedAt()).contains(rotated);
        assertThat(status.age()).contains(Duration.ofDays(5));
        assertThat(status.fingerprint()).isEqualTo(result.fingerprint());
        assertThat(status.nextRotationAt()).contains(rotated.plus(EVERY));
        assertThat(status.lastRotation().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void isOverdueOnlyPastTheGreatestAge() {
        World world = World.withKey();
        world.clock.advance(Duration.ofDays(100));
        assertThat(status(world).overdue()).isFalse();

        world.clock.advance(Duration.ofSeconds(1));

        assertThat(status(world).overdue()).isTrue();
    }

    @Test
    void isInOverlapWhileBothKeysLogIn() {
        World world = World.withKey(Duration.ofDays(1));
        world.rotate();

        assertThat(status(world).state()).isEqualTo(State.OVERLAP);
        assertThat(status(world).nextRotationAt())
                .contains(world.clock.instant().plus(EVERY));
    }

    @Test
    void staysCurrentWhereARotationWasUndone() {
        World world = World.withKey();
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);
        world.rotate();

        CredentialStatus status = status(world);

        assertThat(status.state()).isEqualTo(State.CURRENT);
        assertThat(status.nextRotationAt())
                .hasValueSatisfying(next -> assertThat(next)
                        .isBetween(world.clock.instant(), world.clock.instant().plus(RetryRule.DEFAULT.firstDelay())));
        assertThat(status.lastRotation().orElseThrow().failure()).isPresent();
    }

    @Test
    void isFailedWhereARotationCannotBeSettled() {
        World world = World.withKey();
        world.dromo.failGetsAfterNextPut(DromoException.Fault.NO_ANSWER);
        world.dromo.after("PUT", DromoException.Fault.NO_ANSWER, 99);
        world.rotate();

        assertThat(status(world).state()).isEqualTo(State.FAILED);
    }

    /** The daemon settles it at any time of the day, paused or not, so that is the date to wait for. */
    @Test
    void showsWhenAFailedRotationIsSettledWhateverTheScheduleSays() {
        World world = World.withKey();
        world.dromo.failGetsAfterNextPut(DromoException.Fault.NO_ANSWER);
        world.dromo.after("PUT", DromoException.Fault.NO_ANSWER, 99);
        world.rotate();
        new Pauses(new Rotator.Records(world.journal, world.audit, "test"), world.clock)
                .pause(world.credential, Optional.empty(), Optional.empty(), Actor.cli(1000, "ada"));

        assertThat(status(world).nextRotationAt())
                .hasValueSatisfying(next -> assertThat(next)
                        .isBetween(world.clock.instant(), world.clock.instant().plus(RetryRule.DEFAULT.firstDelay())));
    }

    @Test
    void isRotatingWhileInterrupted() {
        World world = World.withKey();
        world.crashPoints().killAt(12);
        try {
            world.rotate();
            throw new AssertionError("it was not killed");
        } catch (CrashPoints.Killed e) {
            world.restart();
        }

        assertThat(status(world).state()).isEqualTo(State.ROTATING);
    }

    @Test
    void isDriftedUntilItIsFoundSoundAgain() {
        World world = World.withKey();
        world.journal.verified("acme", world.clock.instant(), Drift.MENDABLE);
        assertThat(status(world).state()).isEqualTo(State.DRIFTED);

        world.journal.verified("acme", world.clock.instant(), Drift.NONE);

        assertThat(status(world).state()).isEqualTo(State.CURRENT);
        assertThat(status(world).lastVerifiedAt()).contains(world.clock.instant());
    }

    private static CredentialStatus status(World world) {
        ManagedCredential like = world.credential;
        Policy policy = like.policy();
        ManagedCredential credential = new ManagedCredential(
                like.name(),
                new Policy(
                        policy.name(),
                        policy.secret(),
                        Timing.of(Optional.of(new Schedule.Every(EVERY)), policy.retry()),
                        policy.overlap(),
                        Optional.of(Duration.ofDays(100)),
                        policy.allowGap(),
                        policy.verify()),
                like.dromoId(),
                like.account(),
                like.hostKey(),
                like.install(),
                like.probeDirectory(),
                Map.of());
        return CredentialStatus.of(credential, world.journal.facts("acme"), world.clock.instant());
    }
}
