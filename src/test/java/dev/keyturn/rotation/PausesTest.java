package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.policy.Due;
import dev.keyturn.policy.RetryRule;
import dev.keyturn.policy.Schedule;
import dev.keyturn.policy.Timing;
import dev.keyturn.rotation.CredentialStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PausesTest {
    private static final Actor OPS = Actor.cli(1000, "ops");

    private World world = World.withKey();

    @Test
    void beginsNoRotationOfAPausedCredential() {
        pause(Optional.empty());

        RotationResult result = world.rotate();

        Failure why = result.failure().orElseThrow();
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(why.kind()).isEqualTo("paused");
        assertThat(why.message())
                .contains("by ops")
                .contains("their server moves")
                .contains("nothing was changed");
        assertThat(why.hint()).contains("keyturn resume acme");
        assertThat(world.hosts.calls).isEmpty();
        assertThat(world.journal.history(Optional.empty(), 1)).isEmpty();
    }

    @Test
    void rotatesOnceItIsResumed() {
        pause(Optional.empty());

        assertThat(pauses().resume(world.credential, OPS)).isPresent();

        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void endsByItself() {
        Instant until = world.clock.instant().plus(Duration.ofHours(1));
        pause(Optional.of(until));
        assertThat(status().state()).isEqualTo(State.PAUSED);
        assertThat(status().pause().flatMap(Pause::until)).contains(until);

        world.clock.advance(Duration.ofHours(1));

        assertThat(status().state()).isEqualTo(State.CURRENT);
        assertThat(status().pause()).isEmpty();
        assertThat(pauses().resume(world.credential, OPS)).isEmpty();
        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void settlesAnOpenRotationAllTheSame() {
        world = World.withKey(Duration.ofHours(24));
        assertThat(world.rotate().outcome()).isEqualTo(Outcome.OVERLAP);
        pause(Optional.empty());
        assertThat(status().state()).as("what is open goes first").isEqualTo(State.OVERLAP);
        assertThat(status().pause()).isPresent();

        world.clock.advance(Duration.ofHours(24));

        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(status().state()).isEqualTo(State.PAUSED);
    }

    @Test
    void writesDownWhoAskedBeforeItChangesAnything() {
        Instant until = world.clock.instant().plus(Duration.ofHours(1));
        pause(Optional.of(until));
        pauses().resume(world.credential, OPS);
        pauses().resume(world.credential, OPS);

        assertThat(world.audit.events())
                .containsExactly(
                        AuditEvent.of("credential.paused")
                                .by(OPS)
                                .ofCredential("acme")
                                .with("until", until.toString())
                                .with("reason", "their server moves"),
                        AuditEvent.of("credential.resumed").by(OPS).ofCredential("acme"));

        world.audit.breakDown();
        assertThatThrownBy(() -> pause(Optional.empty())).isInstanceOf(AuditException.class);
        assertThat(world.facts().pause()).isEmpty();
    }

    @Test
    void isDueAtThePausesEndAtTheEarliest() {
        Instant until = world.clock.instant().plus(Duration.ofDays(90));
        ManagedCredential often = every(Duration.ofDays(60));
        pause(Optional.of(until));
        assertThat(world.facts().due(often, world.clock.instant()).map(Due::at)).contains(until);

        ManagedCredential seldom = every(Duration.ofDays(100));
        assertThat(world.facts().due(seldom, world.clock.instant()).map(Due::at))
                .contains(world.clock.instant().plus(Duration.ofDays(100)));

        pause(Optional.empty());
        assertThat(world.facts().due(often, world.clock.instant())).isEmpty();
    }

    private static ManagedCredential every(Duration interval) {
        Timing timing = Timing.of(Optional.of(new Schedule.Every(interval)), RetryRule.DEFAULT);
        return TestCredential.of("acme", timing, Optional.empty(), "sftp.example");
    }

    private void pause(Optional<Instant> until) {
        pauses().pause(world.credential, until, Optional.of("their server moves"), OPS);
    }

    private Pauses pauses() {
        return new Pauses(new Rotator.Records(world.journal, world.audit, "test"), world.clock);
    }

    private CredentialStatus status() {
        return CredentialStatus.of(world.credential, Optional.of(world.facts()), world.clock.instant());
    }
}
