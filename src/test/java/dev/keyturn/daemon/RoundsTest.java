package dev.keyturn.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.policy.Verify.OnDrift;
import dev.keyturn.rotation.Actor;
import dev.keyturn.rotation.AuditException;
import dev.keyturn.rotation.DaemonWorld;
import dev.keyturn.rotation.ManagedCredential;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration YEAR = Duration.ofDays(365);

    private final DaemonWorld world = DaemonWorld.adopted().withVerify("acme", OnDrift.ALERT);
    private final List<String> drifted = new ArrayList<>();
    private final List<String> checked = new ArrayList<>();
    private final List<RuntimeException> broken = new ArrayList<>();
    private final Rounds rounds =
            new Rounds(world.credentials(), world.verifier(), world.records().journal(), world.clock(), 1, told());

    @AfterEach
    void end() {
        rounds.close();
    }

    @Test
    void checksWhatIsDueOnceAndTellsNobodyWhereItIsSound() {
        turn();
        turn();

        assertThat(events()).containsExactly("credential.verified");
        assertThat(world.actor("credential.verified")).isEqualTo(Actor.DRIFT);
        assertThat(drifted).isEmpty();
    }

    @Test
    void tellsOfADriftAndSeesThatItIsOver() {
        world.drift();
        turn();
        assertThat(world.facts("acme").drifted()).isTrue();
        world.repair();
        world.advance(Duration.ofSeconds(2));
        turn();

        assertThat(events()).containsExactly("credential.drifted", "credential.verified");
        assertThat(drifted).containsExactly("acme");
        assertThat(checked).as("told of the drift, and of its end").containsExactly("acme", "acme");
        assertThat(world.facts("acme").drifted()).isFalse();
    }

    @Test
    void waitsForItsNextTurnAfterAnOutageToo() {
        world.hostIsAway();
        turn();
        turn();

        assertThat(events()).containsExactly("credential.verified");
        assertThat(drifted).isEmpty();
        world.advance(Duration.ofSeconds(2));
        turn();
        assertThat(events()).containsExactly("credential.verified", "credential.verified");
    }

    @Test
    void checksAlsoWhereTheClockWasAheadAtTheStart() {
        world.advance(YEAR);
        try (Rounds started = new Rounds(
                world.credentials(), world.verifier(), world.records().journal(), world.clock(), 1, told())) {
            world.advance(YEAR.negated());
            started.clockWasSetBack();
            started.turn("acme");
        }

        assertThat(events()).containsExactly("credential.verified");
    }

    @Test
    void checksNothingWhoseRotationIsOpen() {
        world.interrupt("acme");
        List<String> before = events();

        turn();

        assertThat(events()).isEqualTo(before);
    }

    @Test
    void letsARotationThatIsDueInAMomentGoFirst() {
        world.advance(DAY.minusSeconds(30));
        turn();

        assertThat(events()).isEmpty();
    }

    @Test
    void checksNothingThatAnotherProcessIsAt() {
        world.leaseElsewhere("acme");
        turn();

        assertThat(events()).isEmpty();
        assertThat(broken).isEmpty();
    }

    @Test
    void tellsWhereNothingCanBeWrittenDown() {
        world.breakAuditLog();
        turn();

        assertThat(broken).singleElement().isInstanceOf(AuditException.class);
    }

    /** The one whose check runs gives back, and that wakes one alone: it has to wake the next where it takes no slot itself. */
    @Test
    void wakesTheNextOneAlsoWhereTheOneThatWasWokenIsNotChecked() throws InterruptedException {
        world.withVerify("open", OnDrift.ALERT).withVerify("last", OnDrift.ALERT);
        AtomicReference<CountDownLatch> checkedLast = new AtomicReference<>();
        AtomicBoolean first = new AtomicBoolean(true);
        try (Rounds together = new Rounds(
                world.credentials(), world.verifier(), world.records().journal(), world.clock(), 1, told())) {
            world.beforeJournalCall(method -> {
                if (method.equals("lease") && first.getAndSet(false)) {
                    together.turn("open");
                    together.turn("last");
                    world.beforeJournalCall(later -> {});
                    world.interrupt("open");
                    checkedLast.set(world.event("credential.verified", "last"));
                }
            });

            together.turn("acme");
            together.start();

            assertThat(checkedLast.get().await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void turn() {
        rounds.turn("acme");
    }

    private List<String> events() {
        return world.events(Optional.of("acme"));
    }

    private Rounds.Told told() {
        return new Rounds.Told() {
            @Override
            public void checked(ManagedCredential credential) {
                checked.add(credential.name());
            }

            @Override
            public void drifted(ManagedCredential credential) {
                drifted.add(credential.name());
            }

            @Override
            public void broken(String credential, RuntimeException why) {
                broken.add(why);
            }
        };
    }
}
