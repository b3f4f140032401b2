package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.policy.Shift;
import dev.keyturn.rotation.Forecast.Planned;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProspectsTest {
    private static final Actor OPS = Actor.cli(1000, "ops");

    @Test
    void replacesACompromisedSecretOnceWhatIsOpenIsSettled() {
        World world = World.withKey();
        world.dromo.failGetsAfterNextPut(DromoException.Fault.NO_ANSWER);
        world.dromo.after("PUT", DromoException.Fault.NO_ANSWER, 99);
        world.rotate();
        assertThat(reasons(world)).containsExactly("settles the rotation that is open");

        world.clock.advance(Duration.ofSeconds(1));
        world.compromised("leaked");

        assertThat(reasons(world)).containsExactly("settles the rotation that is open", "others know the secret");
        List<Planned> planned = prospects(world);
        assertThat(planned.get(1).at()).isEqualTo(planned.get(0).at().plus(Forecast.LENGTH));
        assertThat(planned.get(1).shifts()).extracting(Shift::cause).containsExactly(Shift.Cause.COMPROMISED);
    }

    @Test
    void countsTheRotationThatFollowedFromTheWordAsTheReplacement() {
        World world = World.withKey();
        world.compromised("leaked");
        world.clock.advance(Duration.ofSeconds(1));
        world.dromo.failGetsAfterNextPut(DromoException.Fault.NO_ANSWER);
        world.dromo.after("PUT", DromoException.Fault.NO_ANSWER, 99);
        world.rotate();

        assertThat(reasons(world)).containsExactly("settles the rotation that is open");
    }

    @Test
    void replacesACompromisedKeyOfAPartnersOnceThatIsDone() {
        World world = World.withKeyAtAPartner(Duration.ZERO);
        world.rotate();
        assertThat(reasons(world)).containsExactly("looks whether the partner is done");

        world.clock.advance(Duration.ofSeconds(1));
        world.compromised("leaked");

        assertThat(reasons(world))
                .containsExactly("looks whether the partner is done, and then replaces the secret that others know");
    }

    @Test
    void saysThatNothingHappensToACompromisedSecretWhileItIsPaused() {
        World world = World.withKey();
        world.compromised("leaked");
        assertThat(whyNothing(world)).isEmpty();
        world.clock.advance(Duration.ofSeconds(1));
        world.journal.pause("acme", new Pause(world.clock.instant(), Optional.empty(), Optional.empty(), OPS));

        assertThat(prospects(world)).isEmpty();
        assertThat(whyNothing(world)).contains("paused, although others know its secret; run keyturn resume acme");
    }

    @Test
    void saysWhyThereIsNoDate() {
        assertThat(whyNothing(World.withKey())).contains("policy policy has no schedule");
    }

    private static List<String> reasons(World world) {
        return prospects(world).stream()
                .map(planned -> planned.shifts().get(0).why())
                .toList();
    }

    private static List<Planned> prospects(World world) {
        Instant now = world.clock.instant();
        return Prospects.of(world.credential, world.journal.facts("acme"), now, now.plus(Duration.ofDays(30)));
    }

    private static Optional<String> whyNothing(World world) {
        return Prospects.whyNothing(world.credential, world.journal.facts("acme"), world.clock.instant());
    }
}
