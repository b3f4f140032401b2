package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.secret.Fingerprint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code rotate --compromised}: nothing but the proofs holds it back. */
class CompromisedTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Actor OPS = Actor.cli(1000, "ops");

    @Test
    void withdrawsTheOldKeyAtOnce() {
        World world = World.withKey(DAY);

        RotationResult result = rotate(world);

        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.hosts.keys).containsExactly(result.fingerprint().orElseThrow());
        assertThat(world.audit.events()).extracting(AuditEvent::event).contains("host.prove", "dromo.confirm");
        assertThat(world.audit.events("rotation.started"))
                .extracting(AuditEvent::detail)
                .containsExactly(Map.of("reason", "leaked", "compromised", true));
    }

    @Test
    void endsAnOpenOverlapAndRotatesAgain() {
        World world = World.withKey(DAY);
        Fingerprint inOverlap = world.rotate().fingerprint().orElseThrow();

        RotationResult result = rotate(world);

        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(result.fingerprint().orElseThrow())
                .isNotEqualTo(inOverlap)
                .isNotEqualTo(world.old.fingerprint().orElseThrow());
        assertThat(world.hosts.keys).containsExactly(result.fingerprint().orElseThrow());
        assertThat(world.journal.history(Optional.empty(), 10))
                .extracting(RotationSummary::outcome)
                .containsExactly(Outcome.COMPLETED, Outcome.COMPLETED);
    }

    @Test
    void rotatesAgainAfterWhatItSettled() {
        World world = World.withKey(DAY);
        killAfterPublishing(world);

        RotationResult result = rotate(world);

        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.hosts.keys).containsExactly(result.fingerprint().orElseThrow());
        assertThat(world.journal.history(Optional.empty(), 10)).hasSize(2);
    }

    /** Which of two keys is the one that got out, nobody knows; so recovery doesn't wait for the overlap either. */
    @Test
    void leavesNoOverlapToARecovery() {
        World world = World.withKey(DAY);
        world.rotate();
        CrashPoints points = new CrashPoints() {
            @Override
            void reach(String point) {
                if (point.equals("before audit dromo.confirm")) {
                    throw new Killed(point);
                }
            }
        };
        world.arm(points);
        try {
            rotate(world);
            throw new AssertionError("it was not killed");
        } catch (CrashPoints.Killed e) {
            world.restart();
        }

        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.hosts.keys).hasSize(1);
    }

    @Test
    void leavesThePauseInPlace() {
        World world = World.withKey();
        new Pauses(new Rotator.Records(world.journal, world.audit, "test"), world.clock)
                .pause(world.credential, Optional.empty(), Optional.empty(), OPS);

        assertThat(rotate(world).outcome()).isEqualTo(Outcome.COMPLETED);

        assertThat(world.facts().pause()).isPresent();
        assertThat(world.rotate().failure().orElseThrow().kind()).isEqualTo("paused");
    }

    @Test
    void givesBothAlternatingAccountsANewPassword() {
        World world = World.withAlternatingAccounts();
        world.configure(DAY, Optional.of(new Alternate(World.FIRST, World.SECOND)));
        world.rotate();
        Set<String> before = Set.copyOf(world.hosts.passwords.values());
        assertThat(world.rotate().failure().orElseThrow().hint()).contains("keyturn rotate --compromised acme");

        assertThat(rotate(world).outcome()).isEqualTo(Outcome.COMPLETED);

        assertThat(world.hosts.passwords.keySet()).containsExactlyInAnyOrder(World.FIRST, World.SECOND);
        assertThat(world.hosts.passwords.values()).doesNotContainAnyElementsOf(before);
        assertThat(world.dromo.logsIn()).isTrue();
    }

    /** A second leak while the first one's rotation is open: what that one makes is known as well. */
    @Test
    void startsAnewAfterASecondWord() {
        World world = World.withKey();
        world.hosts.faults.before("withdraw", HostException.Fault.TIMED_OUT, 20);
        assertThat(rotate(world).succeeded()).isFalse();
        world.hosts.faults.clear();
        Fingerprint leakedToo = world.dromo.stored().fingerprint().orElseThrow();

        RotationResult result = rotate(world);

        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.hosts.keys)
                .containsExactly(result.fingerprint().orElseThrow())
                .doesNotContain(leakedToo);
        assertThat(world.facts().compromise()).isEmpty();
    }

    /** Whoever is told to hand the key over hands over the one that leaked. */
    @Test
    void isNotMetByAnAdoption() {
        World world = World.withUnknownKeyAndNoAdministrator();
        assertThat(rotate(world).succeeded()).isFalse();

        world.adopt();

        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.hosts.keys)
                .doesNotContain(world.old.fingerprint().orElseThrow())
                .hasSize(1);
    }

    @Test
    void changesTheAccountThatWasKnownThoughAnotherOneTakesTurnsWithItNow() {
        World world = World.withAlternatingAccounts();
        world.journal.compromised(
                Map.of("acme", new Compromise(world.clock.instant(), "leaked", OPS, Set.of(World.FIRST))));
        String known = world.hosts.passwords.get(World.FIRST);

        world.recover();

        assertThat(world.hosts.passwords.get(World.FIRST)).isNotEqualTo(known);
        assertThat(world.facts().compromise()).isEmpty();
    }

    @Test
    void isHeldBackByAPauseThatWasAskedForSince() {
        World world = World.withKey();
        world.compromised("leaked");
        world.clock.advance(Duration.ofMinutes(1));
        Pauses pauses = new Pauses(new Rotator.Records(world.journal, world.audit, "test"), world.clock);
        pauses.pause(world.credential, Optional.empty(), Optional.empty(), OPS);

        assertThat(world.recover()).isEmpty();
        assertThat(world.rotate().failure().orElseThrow().kind()).isEqualTo("paused");
        assertThat(world.facts().due(world.credential, world.clock.instant())).isEmpty();
        pauses.resume(world.credential, OPS);
        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void isWrittenDownWhenItIsSaidAndWhenItIsTakenBack() {
        World world = World.withKey();
        Compromises compromises = world.compromised("leaked");

        assertThat(compromises.takeBack("acme", OPS)).isTrue();
        assertThat(compromises.takeBack("acme", OPS)).isFalse();

        assertThat(world.audit.events())
                .extracting(AuditEvent::event)
                .containsExactly("credential.compromised", "credential.compromise_withdrawn");
        assertThat(world.recover()).isEmpty();
    }

    @Test
    void saysWhoAskedAndWhatForWhereverThatIsKnown() {
        World world = World.withAlternatingAccounts();
        world.compromised("leaked");

        rotate(world, "going on", Actor.cli(1001, "bob"));
        world.compromised("again");
        world.rotate();

        assertThat(world.audit.events("rotation.started"))
                .extracting(event -> event.actor().flatMap(Actor::name).orElse("schedule") + ", "
                        + event.detail().get("reason"))
                .containsExactly("bob, going on", "bob, going on", "schedule, again", "schedule, again");
    }

    /** The word outlives a failure, and so does its reason: whoever tries next does it for that, and with no overlap. */
    @Test
    void holdsUntilARotationOfItCompletes() {
        World world = World.withKey(DAY);
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);
        assertThat(rotate(world).succeeded()).isFalse();
        assertThat(world.facts().compromise()).isPresent();

        RotationResult next = world.rotate();

        assertThat(next.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.audit.events("rotation.started"))
                .extracting(event -> event.detail().get("reason"))
                .containsExactly("leaked", "leaked");
        assertThat(world.facts().compromise()).isEmpty();
        assertThat(world.rotate().outcome()).as("the one after it").isEqualTo(Outcome.OVERLAP);
    }

    /** Somebody else's rotation did it while this one waited for its turn. */
    @Test
    void doesNothingWhereAllIsReplacedAlready() throws BusyException {
        World world = World.withKey(DAY);
        world.compromised("leaked");
        RotationResult first = world.recover().orElseThrow();

        RotationResult second =
                world.rotator().rotate(world.credential, new Rotator.Request("leaked", OPS, true), Progress.NONE);

        assertThat(second.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(second.rotation()).isEqualTo(first.rotation());
        assertThat(world.journal.history(Optional.empty(), 10)).hasSize(1);
    }

    @Test
    void followsTheUserToAnotherHost() {
        World world = World.withKey();
        world.compromised("leaked");
        world.credential = new ManagedCredential(
                world.credential.name(),
                world.credential.policy(),
                world.credential.dromoId(),
                new Account("moved.example", 22, world.credential.account().user()),
                world.credential.hostKey(),
                world.credential.install(),
                world.credential.probeDirectory(),
                world.credential.labels());

        assertThat(world.facts().compromiseInForce(world.credential, world.clock.instant()))
                .isPresent();
    }

    @Test
    void leavesOutNoProof() {
        World world = World.withKey(DAY);
        world.dromo.failingTests = 1000;

        RotationResult result = rotate(world);

        assertThat(result.succeeded()).isFalse();
        assertThat(world.hosts.keys).contains(world.old.fingerprint().orElseThrow());
    }

    @Test
    void saysThatAPartnerHasToTakeTheOldKeyOffFirst() {
        World world = World.withKeyAtAPartner(Duration.ZERO);
        world.rotate();
        world.partnerDoesWhatIsAskedFor();
        world.recover();
        assertThat(world.journal.open("acme").orElseThrow().kind()).isEqualTo(RotationState.Kind.AWAITING_WITHDRAWAL);

        RotationResult result = rotate(world);

        assertThat(result.succeeded()).isFalse();
        assertThat(result.failure().orElseThrow().hint()).contains("keyturn show-key --old acme");
        assertThat(List.copyOf(world.hosts.keys)).hasSize(2);
    }

    private static void killAfterPublishing(World world) {
        world.arm(new CrashPoints() {
            @Override
            void reach(String point) {
                if (point.equals("after audit dromo.publish")) {
                    throw new Killed(point);
                }
            }
        });
        try {
            world.rotate();
            throw new AssertionError("it was not killed");
        } catch (CrashPoints.Killed e) {
            world.restart();
        }
    }

    private static RotationResult rotate(World world) {
        world.compromised("leaked");
        return rotate(world, "leaked", OPS);
    }

    private static RotationResult rotate(World world, String reason, Actor by) {
        try {
            return world.rotator().rotate(world.credential, new Rotator.Request(reason, by), Progress.NONE);
        } catch (BusyException e) {
            throw new AssertionError(e);
        }
    }
}
