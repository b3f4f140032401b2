package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.secret.LoginSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a host or Dromo has that nobody put there, or that came late: found out, and put right where that can be proved. */
class ReconciliationTest {
    @Test
    void keepsWhatWasUndoneUntilARotationCompletes() {
        World world = World.withKey();
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);
        RotationResult undone = world.rotate();
        assertThat(world.journal.secretIds())
                .containsExactlyInAnyOrder(
                        "adopted", undone.rotation().orElseThrow().text());

        RotationResult completed = world.rotate();

        assertThat(completed.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.journal.secretIds())
                .containsExactly(completed.rotation().orElseThrow().text());
    }

    @Test
    void takesAKeyOffThatCameOntoTheHostAfterItWasUndone() {
        World world = World.withKey();
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);
        world.rotate();
        LoginSecret late = world.made.orElseThrow();
        world.hosts.keys.add(late.fingerprint().orElseThrow());

        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);

        assertThat(world.hosts.accepts(late)).isFalse();
        assertThat(world.hosts.keys).hasSize(1);
    }

    /** Nobody has the key in Dromo but the store, so nobody could hand it over: only a rotation puts that right. */
    @Test
    void rescuesDromoFromAKeyWhosePutCameAfterItWasUndone() {
        World world = World.withKey();
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);
        world.rotate();
        world.dromo.overwrite(world.made.orElseThrow());
        assertThat(world.dromo.logsIn()).isFalse();

        RotationResult result = world.rotate();

        assertThat(result.outcome()).as(result::toString).isEqualTo(Outcome.COMPLETED);
        assertThat(world.dromo.logsIn()).isTrue();
        assertThat(world.hosts.accepts(world.old)).isFalse();
        assertThat(world.hosts.keys).hasSize(1);
        assertThat(world.journal.secretIds())
                .containsExactly(result.rotation().orElseThrow().text());
    }

    @Test
    void aRotationThatIsTurnedBackRescuesDromoToo() {
        World world = World.withKey();
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 2);
        world.rotate();
        world.dromo.overwrite(world.made.orElseThrow());

        RotationResult result = world.rotate();

        assertThat(result.outcome()).as(result::toString).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(world.dromo.stored().sameAs(world.old)).isTrue();
        assertThat(world.dromo.logsIn()).isTrue();
    }

    @Test
    void writesTheOldKeyOnceMoreWhereThePutOfTheNewOneComesAfterTheRestoringOne() {
        World world = World.withKey();
        world.arm(lateAtTheUndo(world));

        RotationResult result = world.rotate();

        assertThat(result.outcome()).as(result::toString).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(world.dromo.stored().sameAs(world.old)).isTrue();
        assertThat(world.audit.events("dromo.publish"))
                .filteredOn(event -> event.detail().containsKey("undo"))
                .as("two restores, each announced and answered")
                .hasSize(4);
    }

    @Test
    void writesTheOldKeyOnceMoreAfterACrashToo() {
        World untouched = World.withKey();
        untouched.arm(lateAtTheUndo(untouched));
        untouched.rotate();
        int points = untouched.dromo.crash.count();
        assertThat(points).isGreaterThan(40);
        for (int point = 0; point < points; point++) {
            World world = World.withKey();
            CrashPoints late = lateAtTheUndo(world);
            late.killAt(point);
            world.arm(late);
            assertThatThrownBy(world::rotate).isInstanceOf(CrashPoints.Killed.class);
            world.restart();
            world.recover();

            assertThat(world.journal.open("acme")).as("killed %s", late.where()).isEmpty();
            assertThat(world.dromo.logsIn()).as("killed %s", late.where()).isTrue();
        }
    }

    /** Dromo can't log in with the new key; when that was taken off the host, a PUT of it arrives once more. */
    private static CrashPoints lateAtTheUndo(World world) {
        world.dromo.failingTests = 2;
        boolean[] arrived = {false};
        return new CrashPoints() {
            @Override
            void reach(String point) {
                if (point.equals("after host uninstall") && !arrived[0]) {
                    arrived[0] = true;
                    world.dromo.overwrite(world.made.orElseThrow());
                }
                super.reach(point);
            }
        };
    }

    @Test
    void provesALateKeyDeadWhateverTheInstallMethod() {
        World world = World.withKey();
        world.credential =
                installedBy(world.credential, new InstallMethod.LocalCommand(List.of("api"), Duration.ofSeconds(9)));
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);
        world.rotate();
        LoginSecret late = world.made.orElseThrow();
        world.hosts.keys.add(late.fingerprint().orElseThrow());

        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);

        assertThat(world.hosts.accepts(late)).isFalse();
        assertThat(world.hosts.keys).hasSize(1);
    }

    @Test
    void leavesNoIntentWithoutAnOutcomeWhereItIsKilledWhileItTakesALateKeyOff() {
        for (boolean after : new boolean[] {false, true}) {
            World world = World.withKey();
            world.credential = installedBy(
                    world.credential, new InstallMethod.LocalCommand(List.of("api"), Duration.ofSeconds(9)));
            world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);
            world.rotate();
            LoginSecret late = world.made.orElseThrow();
            world.hosts.keys.add(late.fingerprint().orElseThrow());
            int[] withdrawals = {0};
            world.audit.afterAppend = event -> {
                boolean begun = event.event().equals("host.withdraw")
                        && event.phase().equals(Optional.of(AuditEvent.Phase.INTENT));
                if (begun && ++withdrawals[0] == 2) {
                    if (after) {
                        world.hosts.keys.remove(late.fingerprint().orElseThrow());
                    }
                    throw new CrashPoints.Killed("after the intent");
                }
            };
            assertThatThrownBy(world::rotate).isInstanceOf(CrashPoints.Killed.class);
            world.restart();

            assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);

            assertThat(world.hosts.accepts(late)).isFalse();
            RotatorTest.AuditPairs.assertComplete(world.audit.events());
        }
    }

    @Test
    void keepsALateKeyThatCantBeTakenOff() {
        World world = World.withKey();
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);
        world.rotate();
        LoginSecret late = world.made.orElseThrow();
        world.hosts.acceptsToo = Optional.of(late);

        RotationResult result = world.rotate();

        assertThat(result.failure().orElseThrow().kind()).isEqualTo("given_up_key_alive");
        assertThat(world.journal.secretIds()).hasSize(3);
        world.hosts.acceptsToo = Optional.empty();
        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.journal.secretIds()).hasSize(1);
    }

    private static ManagedCredential installedBy(ManagedCredential credential, InstallMethod install) {
        return new ManagedCredential(
                credential.name(),
                credential.policy(),
                credential.dromoId(),
                credential.account(),
                credential.hostKey(),
                install,
                credential.probeDirectory(),
                credential.labels());
    }

    @Test
    void rescuesDromoFromAPasswordThatTookEffectAfterItWasUndone() {
        World world = World.withPassword();
        LoginSecret late = lateEffect(world);
        assertThat(world.dromo.logsIn()).isFalse();

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.dromo.logsIn()).isTrue();
        assertThat(world.hosts.accepts(late)).isFalse();
        assertThat(world.journal.secretIds())
                .containsExactly(result.rotation().orElseThrow().text());
    }

    @Test
    void triesAnotherPasswordOfThoseThatWereUndoneAtEachAttempt() {
        World world = World.withPasswordOfAdministrator();
        LoginSecret late = lateEffect(world);
        for (int undone = 0; undone < 2; undone++) {
            world.hosts.passwords.put(World.ACCOUNT.user(), "old-password");
            lateEffect(world);
        }
        world.hosts.passwords.put(World.ACCOUNT.user(), FakeHosts.text(((LoginSecret.Password) late).value()));
        world.dromo.overwrite(late);
        world.hosts.budget = Optional.of(new LoginBudget(world.journal, world.clock));

        for (int attempt = 0; attempt < 2; attempt++) {
            world.clock.advance(Duration.ofMinutes(16));
            assertThat(world.rotate().failure().orElseThrow().kind()).isEqualTo("drifted");
        }
        world.clock.advance(Duration.ofMinutes(16));

        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.dromo.logsIn()).isTrue();
    }

    @Test
    void provesAKeyDeadThatWasNeverAdoptedAlsoWhereTheProcessThatWithdrewItIsGone() {
        int points = kills(World.withUnknownKey(), Integer.MAX_VALUE);
        for (int kill = 0; kill < points; kill++) {
            World world = World.withUnknownKey();
            kills(world, kill);
            world.restart();
            boolean withdrawn =
                    world.hosts.keys.stream().noneMatch(world.old.fingerprint().orElseThrow()::equals);

            world.recover();

            if (withdrawn) {
                assertThat(world.audit.events("host.refuse"))
                        .as("killed at point %s", kill)
                        .isNotEmpty()
                        .allSatisfy(event -> assertThat(event.outcome()).contains(AuditEvent.Result.SUCCESS));
            }
        }
    }

    /** How many points a rotation reached, which is killed at one of them. */
    private static int kills(World world, int point) {
        CrashPoints points = world.crashPoints();
        points.killAt(point);
        try {
            world.rotate();
        } catch (CrashPoints.Killed killed) {
            // As asked for.
        }
        return points.count();
    }

    /**
     * An unanswered PUT may be on its way still, whatever a GET says meanwhile. So the old key is written once more before
     * the new one comes off the host, where a later PUT failed for want of a Dromo.
     */
    @Test
    void writesTheOldKeyOnceMoreWhereAnUnansweredPutMayStillCome() {
        World world = World.withKey();
        world.dromo.before("PUT", DromoException.Fault.NO_ANSWER, 1);
        world.dromo.before("PUT", DromoException.Fault.NOT_SENT, 4);
        int[] puts = {0};
        world.dromo.crash = new CrashPoints() {
            @Override
            void reach(String point) {
                if (point.equals("before dromo PUT") && ++puts[0] == 5) {
                    world.dromo.overwrite(world.made.orElseThrow());
                }
            }
        };

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(puts[0]).as("the old key too").isEqualTo(6);
        assertThat(world.dromo.stored().sameAs(world.old)).isTrue();
        assertThat(world.dromo.logsIn()).isTrue();
    }

    @Test
    void goesBackToThePasswordThatTheHostTurnedOutToHave() {
        World world = World.withPassword();
        LoginSecret late = lateEffect(world);
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);
        Optional<Instant> rotatedAt = world.facts().rotatedAt();

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(world.facts().rotatedAt()).as("nothing was rotated").isEqualTo(rotatedAt);
        assertThat(world.hosts.accepts(late)).isTrue();
        assertThat(world.dromo.logsIn()).isTrue();
        try (LoginSecret current = world.journal.secret(world.facts().current().orElseThrow())) {
            assertThat(current.sameAs(late))
                    .as("the store knows it from now on")
                    .isTrue();
        }
        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.dromo.logsIn()).isTrue();
    }

    @Test
    void doesNotGoOnWhereTheConfigurationNamesAnotherHostOrRecord() {
        World world = World.withKey();
        world.dromo.before("PUT", DromoException.Fault.NO_ANSWER, 3);
        world.dromo.failGetsAfterNextPut(DromoException.Fault.NO_ANSWER);
        assertThat(world.rotate().outcome()).isEqualTo(Outcome.FAILED);
        world.dromo.clearFaults();
        world.hosts.calls.clear();
        ManagedCredential before = world.credential;
        world.credential = new ManagedCredential(
                before.name(),
                before.policy(),
                before.dromoId(),
                new Account("elsewhere.example", 22, "dromo"),
                before.hostKey(),
                before.install(),
                before.probeDirectory(),
                before.labels());

        RotationResult result = world.recover().orElseThrow();

        assertThat(result.failure().orElseThrow().kind()).isEqualTo("configuration_changed");
        assertThat(result.failure().orElseThrow().message())
                .isEqualTo("acme: its open rotation is on sftp.example:22 with dromo_id " + World.DROMO_ID
                        + ", the configuration says elsewhere.example:22 with dromo_id " + World.DROMO_ID);
        assertThat(world.hosts.calls).isEmpty();
        world.credential = before;
        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void anAdministratorRescuesDromoFromAPasswordThatSomebodyChangedOnTheHost() {
        World world = World.withPasswordOfAdministrator();
        world.hosts.passwords.put(World.ACCOUNT.user(), "nobody-told-dromo");

        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);

        assertThat(world.dromo.logsIn()).isTrue();
    }

    @Test
    void anAdministratorLeavesAPasswordAloneThatSomebodyGaveToBoth() {
        World world = World.withPasswordOfAdministrator();
        LoginSecret foreign = World.password("theirs");
        world.hosts.passwords.put(World.ACCOUNT.user(), "theirs");
        world.dromo.overwrite(foreign);

        RotationResult result = world.rotate();

        assertThat(result.failure().orElseThrow().kind()).isEqualTo("drifted");
        assertThat(world.hosts.accepts(foreign)).isTrue();
        assertThat(world.dromo.logsIn()).isTrue();
    }

    @Test
    void withoutAnAdministratorItSaysThatSomebodyChangedThePassword() {
        World world = World.withPassword();
        world.hosts.passwords.put(World.ACCOUNT.user(), "nobody-told-dromo");

        RotationResult result = world.rotate();

        assertThat(result.failure().orElseThrow().kind()).isEqualTo("drifted");
        assertThat(world.hosts.passwords.get(World.ACCOUNT.user())).isEqualTo("nobody-told-dromo");
    }

    @Test
    void dromosLoginProvesNothingWhileTheHostTakesTheOldPasswordToo() {
        World world = World.withPassword();
        world.hosts.keepsReplacedPasswords = true;
        world.dromo.before("PUT", DromoException.Fault.NO_ANSWER, 3);

        RotationResult first = world.rotate();

        assertThat(first.succeeded()).isFalse();
        assertThat(world.dromo.stored().sameAs(world.old)).isTrue();
        world.hosts.replaced = Optional.empty();
        assertThat(world.dromo.logsIn()).isTrue();
        world.hosts.keepsReplacedPasswords = false;
        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(world.dromo.logsIn()).isTrue();
    }

    @Test
    void anAdministratorPutsTheOldKeyBackThatSomebodyTookOffMeanwhile() {
        World world = World.withKeyOfAdministrator();
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);
        world.audit.afterAppend = event -> {
            if (event.event().equals("host.prove")) {
                world.hosts.keys.remove(world.old.fingerprint().orElseThrow());
            }
        };

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(world.dromo.logsIn()).isTrue();
        assertThat(world.hosts.keys).containsExactly(world.old.fingerprint().orElseThrow());
    }

    @Test
    void saysThatNeitherPasswordLogsInAndKeepsBoth() {
        World world = World.withPassword();
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);
        world.audit.afterAppend = event -> {
            if (event.event().equals("host.prove")) {
                world.hosts.passwords.put(World.ACCOUNT.user(), "locked");
            }
        };

        RotationResult result = world.rotate();

        Failure failure = result.failure().orElseThrow();
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(failure.kind()).isEqualTo("locked_out");
        assertThat(failure.validNow())
                .isEqualTo("neither logs in on the host; the old and the new password are both in the store");
        assertThat(world.journal.secretIds()).hasSize(2);

        world.hosts.passwords.put(World.ACCOUNT.user(), "old-password");
        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(world.dromo.logsIn()).isTrue();
    }

    @Test
    void putsAKeyRightThatDromoStoredForAnotherAccount() {
        World world = World.withKey();
        world.dromo.misplaceNextPut(new Account("other.example", 22, "dromo"));

        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);

        assertThat(world.dromo.calls).containsExactly("GET", "CONNECTORS", "PUT", "GET", "PUT", "GET", "TEST");
    }

    /** A rotation that was undone, as far as anybody could see; then the host has its password all the same. */
    private static LoginSecret lateEffect(World world) {
        String[] asked = {""};
        world.audit.afterAppend = event -> {
            if (event.event().equals("host.prove")) {
                asked[0] = world.hosts.passwords.get(World.ACCOUNT.user());
            }
        };
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);
        assertThat(world.rotate().outcome()).isEqualTo(Outcome.ROLLED_BACK);
        world.audit.afterAppend = event -> {};
        world.hosts.passwords.put(World.ACCOUNT.user(), asked[0]);
        return World.password(asked[0]);
    }
}
