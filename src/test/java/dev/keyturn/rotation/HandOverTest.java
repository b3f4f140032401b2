package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.rotation.RotationState.Kind;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Rotations of a key on the host of a partner, who changes it by hand. */
class HandOverTest {
    private final World world = World.withKeyAtAPartner(Duration.ZERO);

    @Test
    void asksThePartnerAndTouchesNothing() {
        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.AWAITING_INSTALL);
        assertThat(result.failure()).isEmpty();
        assertThat(result.succeeded()).isTrue();
        assertThat(result.fingerprint()).isEqualTo(world.old.fingerprint());
        assertThat(world.hosts.keys).containsExactly(world.old.fingerprint().orElseThrow());
        assertThat(world.dromo.calls).doesNotContain("PUT");
        assertThat(world.journal.secretIds())
                .contains(result.rotation().orElseThrow().text());
    }

    @Test
    void doesNotTryTheKeyBeforeAnybodyCanHaveInstalledIt() {
        world.rotate();

        assertThat(world.hosts.calls).containsExactly("preflight");
    }

    @Test
    void triesTheKeyOnceATurnAndKeepsWaiting() {
        world.rotate();
        world.hosts.calls.clear();

        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.AWAITING_INSTALL);
        assertThat(world.hosts.calls)
                .as("one that is accepted, one that is refused")
                .containsExactly("login", "login");
        assertThat(world.rotate().outcome()).isEqualTo(Outcome.AWAITING_INSTALL);
        assertThat(world.hosts.calls).hasSize(4);
        assertThat(world.audit.events("secret.generated")).hasSize(1);
    }

    @Test
    void goesOnOnceTheKeyIsInstalledAndWaitsForTheOldOneToBeTakenOff() {
        world.rotate();
        world.partnerDoesWhatIsAskedFor();

        RotationResult result = world.recover().orElseThrow();

        assertThat(result.outcome()).isEqualTo(Outcome.OVERLAP);
        assertThat(result.failure()).isEmpty();
        assertThat(world.dromo.stored().fingerprint()).isEqualTo(candidate().fingerprint());
        assertThat(world.dromo.logsIn()).isTrue();
        assertThat(world.journal.open("acme").orElseThrow().kind()).isEqualTo(Kind.AWAITING_WITHDRAWAL);
        assertThat(world.journal.secretIds()).contains("adopted");
    }

    @Test
    void completesOnceTheOldKeyIsRefused() {
        world.rotate();
        world.partnerDoesWhatIsAskedFor();
        world.recover();
        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.OVERLAP);
        world.partnerDoesWhatIsAskedFor();
        world.hosts.calls.clear();

        RotationResult result = world.recover().orElseThrow();

        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.hosts.calls).as("one refused login, not two").containsExactly("login", "tryPredecessor");
        assertThat(world.journal.secretIds())
                .containsExactly(result.rotation().orElseThrow().text());
    }

    @Test
    void tellsAnAuditorWhatThePartnerDidAndAnnouncesNothingThatIsNotOurs() {
        toTheEnd();

        assertThat(world.audit.events().stream().map(RotatorTest::brief))
                .containsExactly(
                        "rotation.started",
                        "rotation.preflight outcome success",
                        "secret.generated",
                        "host.install outcome success",
                        "host.prove outcome success",
                        "dromo.publish intent",
                        "dromo.publish outcome success",
                        "dromo.confirm outcome success",
                        "host.withdraw outcome success",
                        "host.refuse outcome success",
                        "rotation.completed success");
        assertThat(world.audit.events("host.install").get(0).detail()).containsEntry("method", "manual");
        assertThat(world.audit.events("host.withdraw").get(0).detail()).containsEntry("method", "manual");
    }

    @Test
    void asksForTheWithdrawalOnlyAfterTheOverlapAndANewProof() {
        World slow = World.withKeyAtAPartner(Duration.ofHours(24));
        slow.rotate();
        slow.partnerDoesWhatIsAskedFor();
        assertThat(slow.recover().orElseThrow().outcome()).isEqualTo(Outcome.OVERLAP);
        assertThat(slow.journal.open("acme").orElseThrow().kind()).isEqualTo(Kind.OVERLAPPING);

        slow.clock.advance(Duration.ofHours(24));
        slow.dromo.failingTests = 2;
        RotationResult parked = slow.recover().orElseThrow();
        assertThat(parked.failure().orElseThrow().kind()).isEqualTo("dromo_login_failed");
        assertThat(slow.journal.open("acme").orElseThrow().kind()).isEqualTo(Kind.OVERLAPPING);

        assertThat(slow.recover().orElseThrow().outcome()).isEqualTo(Outcome.OVERLAP);
        assertThat(slow.journal.open("acme").orElseThrow().kind()).isEqualTo(Kind.AWAITING_WITHDRAWAL);
    }

    @Test
    void beginsNothingNewWhileThePartnerHasNotTakenTheOldKeyOff() {
        world.rotate();
        world.partnerDoesWhatIsAskedFor();
        world.recover();

        RotationResult asked = world.rotate();
        assertThat(asked.outcome()).isEqualTo(Outcome.OVERLAP);
        assertThat(asked.failure())
                .as("a rotation was asked for, and none came of it")
                .hasValueSatisfying(why -> {
                    assertThat(why.kind()).isEqualTo("in_overlap");
                    assertThat(why.message()).contains("waits for the partner to take the old key off");
                    assertThat(why.hint()).contains("keyturn show-key --old acme");
                });
        world.partnerDoesWhatIsAskedFor();
        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.audit.events("rotation.started")).hasSize(1);
    }

    @Test
    void overwritesNoKeyThatSomebodyElseGaveDromoMeanwhile() {
        world.rotate();
        world.partnerDoesWhatIsAskedFor();
        world.dromo.seed(World.DROMO_ID, World.ACCOUNT, World.key("a third one"));

        RotationResult result = world.recover().orElseThrow();

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.failure().orElseThrow().kind()).isEqualTo("foreign_change");
        assertThat(world.dromo.calls).doesNotContain("PUT");
    }

    @Test
    void keepsWhatThePartnerInstalledWhereDromoRejectsThePut() {
        world.rotate();
        world.partnerDoesWhatIsAskedFor();
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);

        RotationResult parked = world.recover().orElseThrow();

        assertThat(parked.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(parked.failure().orElseThrow().validNow())
                .contains("new key")
                .contains("on the host too");
        assertThat(world.journal.open("acme").orElseThrow().kind()).isEqualTo(Kind.INSTALLED);
        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.OVERLAP);
        assertThat(world.audit.events("secret.generated")).hasSize(1);
    }

    @Test
    void givesDromoTheOldKeyBackAndWaitsForTheNewOneToBeTakenOffWhereDromoCannotLogIn() {
        world.rotate();
        world.partnerDoesWhatIsAskedFor();
        world.dromo.failingTests = 2;

        RotationResult parked = world.recover().orElseThrow();

        assertThat(parked.failure().orElseThrow().kind()).isEqualTo("awaiting_removal");
        assertThat(world.dromo.stored().fingerprint()).isEqualTo(world.old.fingerprint());
        assertThat(world.journal.open("acme").orElseThrow().kind()).isEqualTo(Kind.UNDOING);
        world.partnerDoesWhatIsAskedFor();
        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.ROLLED_BACK);
        RotatorTest.AuditPairs.assertComplete(world.audit.events());
    }

    @Test
    void saysThatAHostCannotBeAskedAndWaitsOn() {
        world.rotate();
        world.hosts.faults.before("login", HostException.Fault.TIMED_OUT, 4);

        RotationResult parked = world.recover().orElseThrow();

        assertThat(parked.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(world.journal.open("acme").orElseThrow().kind()).isEqualTo(Kind.AWAITING_INSTALL);
        world.partnerDoesWhatIsAskedFor();
        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.OVERLAP);
    }

    @Test
    void goesOnAtOnceWhereThePartnerHasReplacedTheOldKey() {
        world.rotate();
        world.partnerDoesWhatIsAskedFor();
        world.hosts.keys.remove(world.old.fingerprint().orElseThrow());

        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.dromo.logsIn()).isTrue();
    }

    @Test
    void saysThatThePartnerHasTakenTheOldKeyOffTooEarly() {
        world.rotate();
        world.hosts.keys.clear();

        RotationResult result = world.recover().orElseThrow();

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.failure().orElseThrow().kind()).isEqualTo("locked_out");
        assertThat(result.failure().orElseThrow().validNow())
                .isEqualTo("neither logs in on the host; the old and the new key are both in the store");
        assertThat(world.journal.secretIds()).hasSize(2);
    }

    @Test
    void saysThatThePartnerHasTakenOffTheWrongKey() {
        world.rotate();
        world.partnerDoesWhatIsAskedFor();
        world.recover();
        world.hosts.keys.remove(candidate().fingerprint().orElseThrow());

        RotationResult result = world.recover().orElseThrow();

        assertThat(result.failure().orElseThrow().kind()).isEqualTo("new_credential_refused");
        assertThat(world.journal.secretIds()).hasSize(2);
    }

    @Test
    void needsTheOldKeyForTheProofThatItIsDead() {
        World unadopted = World.withUnknownKeyAndNoAdministrator();
        unadopted.credential = installing(unadopted.credential, new InstallMethod.Manual());

        RotationResult result = unadopted.rotate();

        assertThat(result.failure().orElseThrow().kind()).isEqualTo("not_adopted");
        assertThat(result.failure().orElseThrow().hint()).doesNotContain("install.as");
    }

    @Test
    void isGivenUpOnceTheHostRefusesTheNewKey() throws Exception {
        world.rotate();

        RotationResult result = abandon();

        assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(result.failure().orElseThrow().message()).contains("given up by ada (uid 1000)");
        assertThat(world.journal.open("acme")).isEmpty();
    }

    @Test
    void findsAKeyThatThePartnerInstalledAfterItWasGivenUp() throws Exception {
        world.rotate();
        SecretVersion givenUp = candidate();
        abandon();
        world.hosts.keys.add(givenUp.fingerprint().orElseThrow());
        world.rotate();
        for (int i = 0; i < 2; i++) {
            world.partnerDoesWhatIsAskedFor();
            world.recover();
        }

        RotationResult parked = world.recover().orElseThrow();
        assertThat(parked.failure().orElseThrow().kind()).isEqualTo("given_up_key_alive");
        assertThat(parked.failure().orElseThrow().message())
                .contains(givenUp.fingerprint().orElseThrow().text());
        assertThat(world.journal.secretIds()).contains(givenUp.id());

        world.hosts.keys.remove(givenUp.fingerprint().orElseThrow());
        RotationResult result = world.recover().orElseThrow();
        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.journal.secretIds())
                .containsExactly(result.rotation().orElseThrow().text());
    }

    @Test
    void isNotForgottenWhereThePartnerHasInstalledTheKeyThatIsGivenUp() throws Exception {
        world.rotate();
        world.partnerDoesWhatIsAskedFor();

        RotationResult result = abandon();

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.failure().orElseThrow().kind()).isEqualTo("awaiting_removal");
        assertThat(result.failure().orElseThrow().hint()).contains("keyturn show-key acme");
        assertThat(world.journal.secretIds()).contains(candidate().id());
        world.recover();
        assertThat(world.dromo.calls).as("it never goes forward again").doesNotContain("PUT");
        world.partnerDoesWhatIsAskedFor();
        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.ROLLED_BACK);
    }

    @Test
    void isNotGivenUpOnceDromoHasLoggedInWithTheNewKey() throws Exception {
        world.rotate();
        world.partnerDoesWhatIsAskedFor();
        world.recover();

        RotationResult result = abandon();

        assertThat(result.failure().orElseThrow().kind()).isEqualTo("not_abandoned");
        assertThat(world.journal.open("acme").orElseThrow().kind()).isEqualTo(Kind.AWAITING_WITHDRAWAL);
        assertThat(world.hosts.keys).hasSize(2);
    }

    @Test
    void takesBackWhatDromoMayHoldWhenItIsGivenUp() throws Exception {
        world.rotate();
        world.partnerDoesWhatIsAskedFor();
        world.dromo.after("PUT", DromoException.Fault.NO_ANSWER, 1);
        world.dromo.failGetsAfterNextPut(DromoException.Fault.NOT_SENT);
        world.recover();
        assertThat(world.journal.open("acme").orElseThrow().kind()).isEqualTo(Kind.PUBLISHING);
        world.dromo.clearFaults();

        assertThat(abandon().failure().orElseThrow().kind()).isEqualTo("awaiting_removal");

        assertThat(world.dromo.stored().fingerprint()).isEqualTo(world.old.fingerprint());
        world.partnerDoesWhatIsAskedFor();
        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.ROLLED_BACK);
    }

    @Test
    void givesUpOnlyWhatWaitsForAPartner() throws Exception {
        World ours = World.withKey(Duration.ofHours(1));
        ours.rotate();

        RotationResult result = ours.rotator()
                .abandon(ours.credential, Actor.cli(1000, "ada"), Progress.NONE)
                .orElseThrow();

        assertThat(result.failure().orElseThrow().kind()).isEqualTo("not_abandoned");
        assertThat(ours.journal.open("acme").orElseThrow().kind()).isEqualTo(Kind.OVERLAPPING);
    }

    @Test
    void installsTheSameKeyItselfOnceTheMethodIsChanged() {
        world.rotate();
        SecretVersion handedOver = candidate();
        world.credential =
                installing(world.credential, World.withKey().credential.install());

        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.hosts.keys).containsExactly(handedOver.fingerprint().orElseThrow());
    }

    @Test
    void withdrawsTheOldKeyItselfOnceTheMethodIsChanged() {
        world.rotate();
        world.partnerDoesWhatIsAskedFor();
        world.recover();
        world.credential =
                installing(world.credential, World.withKey().credential.install());

        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.hosts.keys).hasSize(1);
    }

    @Test
    void handsOverWhatWasInterruptedOnceTheMethodIsChanged() {
        World ours = World.withKey();
        ours.journal.afterWrite = entry -> {
            if (entry.state().kind() == Kind.INSTALLING) {
                throw new CrashPoints.Killed("after journal INSTALLING");
            }
        };
        try {
            ours.rotate();
        } catch (CrashPoints.Killed expected) {
            ours.restart();
        }
        ours.credential = installing(ours.credential, new InstallMethod.Manual());

        assertThat(ours.recover().orElseThrow().outcome()).isEqualTo(Outcome.AWAITING_INSTALL);
        ours.partnerDoesWhatIsAskedFor();
        assertThat(ours.recover().orElseThrow().outcome()).isEqualTo(Outcome.OVERLAP);
    }

    @Test
    void saysSinceWhenItWaitsAndWhenItLooksNext() {
        Instant asked = world.clock.instant();
        world.rotate();

        Waiting first = waiting();
        assertThat(first.what()).isEqualTo(Waiting.What.INSTALL);
        assertThat(first.key()).isEqualTo(candidate().fingerprint());
        assertThat(first.since()).isEqualTo(asked);
        assertThat(first.nextTry()).isEqualTo(asked.plus(Duration.ofMinutes(15)));

        world.clock.advance(Duration.ofMinutes(15));
        world.recover();
        assertThat(waiting().since()).isEqualTo(asked);
        assertThat(waiting().nextTry()).isEqualTo(asked.plus(Duration.ofMinutes(15 + 30)));
    }

    @Test
    void looksNoLessThanEverySixHours() {
        world.rotate();
        for (int i = 0; i < 20; i++) {
            world.recover();
        }

        assertThat(waiting().nextTry()).isEqualTo(world.clock.instant().plus(Duration.ofHours(6)));
    }

    @Test
    void waitsAnewForTheWithdrawal() {
        world.rotate();
        world.clock.advance(Duration.ofDays(3));
        world.partnerDoesWhatIsAskedFor();
        world.recover();

        assertThat(waiting().what()).isEqualTo(Waiting.What.WITHDRAWAL);
        assertThat(waiting().key()).isEqualTo(world.old.fingerprint());
        assertThat(waiting().since()).isEqualTo(world.clock.instant());
    }

    @Test
    void isShownAsAwaitingInstallAndThenAsOverlap() {
        world.rotate();
        assertThat(status().state()).isEqualTo(CredentialStatus.State.AWAITING_INSTALL);
        assertThat(status().nextRotationAt()).contains(waiting().nextTry());

        world.partnerDoesWhatIsAskedFor();
        world.recover();
        assertThat(status().state()).isEqualTo(CredentialStatus.State.OVERLAP);

        world.partnerDoesWhatIsAskedFor();
        world.recover();
        assertThat(status().state()).isEqualTo(CredentialStatus.State.CURRENT);
        assertThat(status().waiting()).isEmpty();
    }

    private void toTheEnd() {
        world.rotate();
        for (int i = 0; i < 2; i++) {
            world.partnerDoesWhatIsAskedFor();
            world.recover();
        }
    }

    private RotationResult abandon() throws BusyException {
        return world.rotator()
                .abandon(world.credential, Actor.cli(1000, "ada"), Progress.NONE)
                .orElseThrow();
    }

    private SecretVersion candidate() {
        return world.journal.open("acme").orElseThrow().candidate().orElseThrow();
    }

    private Waiting waiting() {
        return status().waiting().orElseThrow();
    }

    private CredentialStatus status() {
        return CredentialStatus.of(world.credential, world.journal.facts("acme"), world.clock.instant());
    }

    static ManagedCredential installing(ManagedCredential like, InstallMethod method) {
        return new ManagedCredential(
                like.name(),
                like.policy(),
                like.dromoId(),
                like.account(),
                like.hostKey(),
                method,
                like.probeDirectory(),
                like.labels());
    }
}
