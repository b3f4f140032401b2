package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.secret.LoginSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Passwords of two accounts that take turns. */
class AlternatingAccountsTest {
    private static final Alternate PAIR = new Alternate(World.FIRST, World.SECOND);

    @Test
    void givesTheIdleAccountANewPasswordAndSwitchesDromoToIt() {
        World world = World.withAlternatingAccounts();

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(result.gap()).as("there is no gap").isEmpty();
        assertThat(world.dromo.user()).isEqualTo(World.SECOND);
        assertThat(world.dromo.logsIn()).isTrue();
        assertThat(world.facts().user()).contains(World.SECOND);
        assertThat(world.hosts.passwords.get(World.SECOND)).isNotEqualTo(World.IDLE);
    }

    @Test
    void leavesTheOtherAccountValidAndInTheStore() {
        World world = World.withAlternatingAccounts();

        world.rotate();

        assertThat(world.hosts.accepts(World.FIRST, world.old)).isTrue();
        assertThat(world.journal.secretsOf("acme", World.FIRST)).singleElement().satisfies(version -> {
            try (LoginSecret kept = world.journal.secret(version)) {
                assertThat(kept.sameAs(world.old)).isTrue();
            }
        });
        assertThat(world.audit.events("host.withdraw")).isEmpty();
    }

    @Test
    void provesThatTheFormerPasswordOfTheChangedAccountIsRefused() {
        World world = World.withAlternatingAccounts();

        world.rotate();

        assertThat(world.audit.events("host.refuse")).singleElement().satisfies(event -> {
            assertThat(event.outcome()).contains(AuditEvent.Result.SUCCESS);
            assertThat(event.target()).contains("dromo_b@sftp.example:22");
        });
        assertThat(world.journal.secretsOf("acme", World.SECOND))
                .containsExactly(world.facts().current().orElseThrow());
    }

    @Test
    void saysSoWhereTheFormerPasswordWasNeverKnown() {
        World world = World.withAlternatingAccountsOfAdministrator();

        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);

        assertThat(world.audit.events("host.refuse"))
                .singleElement()
                .satisfies(event -> assertThat(event.outcome()).contains(AuditEvent.Result.UNKNOWN));
    }

    @Test
    void takesTurns() {
        World world = World.withAlternatingAccounts();

        for (String user : new String[] {World.SECOND, World.FIRST, World.SECOND, World.FIRST}) {
            assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);
            assertThat(world.dromo.user()).isEqualTo(user);
            assertThat(world.dromo.logsIn()).isTrue();
        }
        assertThat(world.journal.secretIds()).as("one of each user").hasSize(2);
        assertThat(world.hosts.accepts(World.FIRST, world.old)).isFalse();
    }

    @Test
    void takesTheUserInUseFromDromosRecordWhereTheStoreKnowsNothing() {
        World world = World.withUnknownAlternatingAccounts();
        world.dromo.move(account(World.SECOND));
        world.dromo.overwrite(World.password(World.IDLE));

        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);

        assertThat(world.dromo.user()).isEqualTo(World.FIRST);
        assertThat(world.hosts.passwords.get(World.SECOND)).isEqualTo(World.IDLE);
    }

    @Test
    void refusesAUserOutsideOfThePair() {
        World world = World.withUnknownAlternatingAccounts();
        world.dromo.move(account("somebody"));

        Failure why = refusal(world);

        assertThat(why.kind()).isEqualTo("dromo_record_differs");
        assertThat(why.message()).contains("user is 'somebody' instead of dromo_a or dromo_b");
    }

    @Test
    void refusesWhenSomebodyElseSwitchedDromo() {
        World world = World.withAlternatingAccounts();
        world.dromo.move(account(World.SECOND));

        Failure why = refusal(world);

        assertThat(why.kind()).isEqualTo("drifted");
        assertThat(why.message()).contains("Dromo logs in as dromo_b, the store knows dromo_a");
    }

    @Test
    void refusesWhenTheUserInUseIsNoLongerOneOfThePair() {
        World world = World.withAlternatingAccounts();
        world.configure(Duration.ZERO, Optional.of(new Alternate(World.SECOND, "dromo_c")));

        assertThat(refusal(world).kind()).isEqualTo("configuration_changed");
    }

    @Test
    void switchesToTheOtherAccountWhereDromoIsStranded() {
        World world = World.withAlternatingAccounts();
        world.hosts.passwords.put(World.FIRST, "nobody told Dromo");

        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);

        assertThat(world.dromo.user()).isEqualTo(World.SECOND);
        assertThat(world.dromo.logsIn()).isTrue();
    }

    @Test
    void refusesWhenTheWayBackWouldNotWork() {
        World world = World.withAlternatingAccounts();
        world.hosts.passwords.put(World.FIRST, "theirs");
        world.dromo.overwrite(World.password("theirs"));

        Failure why = refusal(world);

        assertThat(why.kind()).isEqualTo("drifted");
        assertThat(why.message()).contains("the password that the store knows of dromo_a");
    }

    @Test
    void asksForTheIdleAccountsPasswordWhereItHasToLogInWithIt() {
        World world = World.withAlternatingAccounts();
        world.hosts.passwords.put(World.SECOND, "somebody else's");

        Failure why = refusal(world);

        assertThat(why.kind()).isEqualTo("drifted");
        assertThat(why.hint()).contains("keyturn adopt acme --user dromo_b --password-file FILE");
    }

    @Test
    void needsNoFormerPasswordWhereAnAdministratorSetsIt() {
        World world = World.withAlternatingAccountsOfAdministrator();
        world.hosts.passwords.put(World.SECOND, "somebody else's");

        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void staysWithTheAccountInUseWhenDromoRejectsThePut() {
        World world = World.withAlternatingAccounts();
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);

        RotationResult result = world.rotate();

        assertRolledBack(world, result);
        assertThat(result.failure().orElseThrow().validNow())
                .startsWith("Dromo logs in as dromo_a, whose password is untouched");
    }

    @Test
    void returnsToTheAccountInUseWhenDromoCannotLogIn() {
        World world = World.withAlternatingAccounts();
        world.dromo.failingTests = 2;

        assertRolledBack(world, world.rotate());
        assertThat(world.audit.events("dromo.publish"))
                .anySatisfy(event -> assertThat(event.detail()).containsEntry("undo", true));
    }

    @Test
    void undoesNothingOnTheHost() {
        World world = World.withAlternatingAccounts();
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);

        world.rotate();

        assertThat(world.hosts.calls).filteredOn("install"::equals).hasSize(1);
        assertThat(world.hosts.calls).doesNotContain("uninstall");
    }

    @Test
    void keepsThePasswordThatTheIdleAccountGotAndErasesTheDeadOne() {
        World world = World.withAlternatingAccounts();
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);

        RotationResult result = world.rotate();

        assertThat(world.journal.secretsOf("acme", World.SECOND))
                .extracting(SecretVersion::id)
                .containsExactly(result.rotation().orElseThrow().text());
        assertNextTurnSucceeds(world);
    }

    @Test
    void keepsBothPasswordsWhereTheIdleAccountMayStillGetTheNewOne() {
        World world = World.withAlternatingAccounts();
        world.hosts.faults.before("install", HostException.Fault.COMMAND_REFUSED, 1);

        RotationResult result = world.rotate();

        assertRolledBack(world, result);
        assertThat(world.journal.secretsOf("acme", World.SECOND)).hasSize(2);
        assertNextTurnSucceeds(world);
    }

    @Test
    void keepsBothPasswordsWhereTheIdleAccountCannotBeAsked() {
        World world = World.withAlternatingAccounts();
        world.hosts.faults.after("install", HostException.Fault.COMMAND_REFUSED, 1);
        world.hosts.crash = new CrashPoints() {
            @Override
            void reach(String point) {
                if (point.equals("before host install")) {
                    world.hosts.faults.before("login", HostException.Fault.TIMED_OUT, 100);
                }
            }
        };

        assertRolledBack(world, world.rotate());
        assertThat(world.journal.secretsOf("acme", World.SECOND)).hasSize(2);
        world.restart();
        world.hosts.faults.clear();
        assertNextTurnSucceeds(world);
    }

    @Test
    void findsTheIdleAccountsPasswordAmongMoreThanMayBeRefusedInARow() {
        World world = World.withAlternatingAccounts();
        for (int undone = 0; undone < 4; undone++) {
            world.hosts.faults.before("install", HostException.Fault.COMMAND_REFUSED, 1);
            assertRolledBack(world, world.rotate());
        }
        List<SecretVersion> known = world.journal.secretsOf("acme", World.SECOND);
        assertThat(known).hasSize(5);
        try (LoginSecret.Password late = (LoginSecret.Password) world.journal.secret(known.get(3))) {
            world.hosts.passwords.put(World.SECOND, FakeHosts.text(late.value()));
        }
        world.hosts.calls.clear();
        world.hosts.budget = Optional.of(new LoginBudget(world.journal, world.clock));

        Failure why = refusal(world);
        assertThat(why.kind()).isEqualTo("login_budget");
        assertThat(why.message())
                .contains("of the 5 passwords that the store has of dromo_b, the next try begins with those that were")
                .contains("not refused lately");
        assertThat(why.hint()).contains("keyturn adopt acme --user dromo_b --password-file FILE");
        world.restart();
        world.clock.advance(Duration.ofMinutes(16));

        assertNextTurnSucceeds(world);
    }

    @Test
    void settlesAnUnansweredPutByTheUserInDromosRecord() {
        World taken = World.withAlternatingAccounts();
        taken.dromo.after("PUT", DromoException.Fault.NO_ANSWER, 1);
        World lost = World.withAlternatingAccounts();
        lost.dromo.before("PUT", DromoException.Fault.NO_ANSWER, 1);

        assertThat(taken.rotate().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(lost.rotate().outcome()).isEqualTo(Outcome.COMPLETED);

        assertThat(taken.dromo.calls).filteredOn("PUT"::equals).hasSize(1);
        // The old user still logs in: Dromo's login alone would pass for a PUT that was taken.
        assertThat(lost.dromo.calls).filteredOn("PUT"::equals).hasSize(2);
        assertThat(lost.dromo.user()).isEqualTo(World.SECOND);
    }

    @Test
    void stopsWhereSomebodyElseMovedDromoToAThirdUser() {
        World world = World.withAlternatingAccounts();
        world.dromo.before("PUT", DromoException.Fault.NO_ANSWER, 1);
        world.dromo.crash = new CrashPoints() {
            @Override
            void reach(String point) {
                if (point.equals("before dromo PUT")) {
                    world.dromo.move(account("somebody"));
                }
            }
        };

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.failure().orElseThrow().kind()).isEqualTo("foreign_change");
        assertThat(world.journal.open("acme")).isPresent();
    }

    @Test
    void stopsWhereTheStoreNeverHadThePasswordThatDromoIsToGetBack() {
        World world = World.withUnknownAlternatingAccounts();
        world.dromo.failingTests = 2;

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.failure().orElseThrow().message()).contains("the old secret was never in the store");
        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void goesOnWithTheAccountsItBeganWithWhateverTheConfigurationSays() {
        World world = World.withAlternatingAccounts();
        CrashPoints points = world.crashPoints();
        points.killAt(killPoint("after host install"));
        killed(world);
        world.restart();
        world.configure(Duration.ZERO, Optional.of(new Alternate("dromo_c", World.FIRST)));

        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.dromo.user()).isEqualTo(World.SECOND);
        assertThat(world.dromo.logsIn()).isTrue();
    }

    @Test
    void doesNotGuessTheAccountOfARotationThatAnEarlierVersionLeftOpen() throws Exception {
        World world = World.withAlternatingAccounts();
        RotationHead head = new RotationHead(
                RotationId.random(),
                "acme",
                dev.keyturn.secret.AuthType.PASSWORD,
                "an earlier version",
                Actor.SCHEDULE,
                world.clock.instant(),
                Duration.ZERO,
                world.facts().current(),
                Optional.empty());
        Lease lease = world.journal.lease("acme", "test", world.clock.instant(), Duration.ofMinutes(1));
        SecretVersion candidate = States.candidate(head.authType());
        world.journal.write(
                lease,
                JournalEntry.of(new RotationState.Generated(head, candidate), world.clock.instant())
                        .storing(World.password("new")));
        world.journal.write(
                lease, JournalEntry.of(new RotationState.Installing(head, candidate), world.clock.instant()));
        world.journal.release(lease);

        RotationResult result = world.recover().orElseThrow();

        assertThat(result.failure().orElseThrow().kind()).isEqualTo("configuration_changed");
        assertThat(world.hosts.calls).isEmpty();
    }

    @Test
    void waitsForTheOverlapAfterTheLastSwitch() {
        World world = World.withAlternatingAccounts();
        world.configure(Duration.ofHours(4), Optional.of(PAIR));
        Instant switched = world.clock.instant();
        assertThat(world.rotate().outcome())
                .as("the first switch has none before it")
                .isEqualTo(Outcome.COMPLETED);
        world.clock.advance(Duration.ofHours(3));

        RotationResult early = world.rotate();

        assertThat(early.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(early.rotation()).as("none was begun").isEmpty();
        Failure why = early.failure().orElseThrow();
        assertThat(why.kind()).isEqualTo("in_overlap");
        assertThat(why.message())
                .contains("Dromo was switched to dromo_b at " + switched)
                .contains("dromo_a until " + switched.plus(Duration.ofHours(4)));
        assertThat(why.hint()).contains("overlap: 0s in policy policy");
        assertThat(world.hosts.accepts(World.FIRST, world.old)).isTrue();

        world.clock.advance(Duration.ofHours(1));
        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void switchesASingleAccountOverToTwo() {
        World world = World.withPasswordOfAdministrator();
        world.rotate();
        String single = World.ACCOUNT.user();
        world.configure(Duration.ZERO, Optional.of(new Alternate("other", single)));

        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);

        assertThat(world.dromo.user()).isEqualTo("other");
        assertThat(world.journal.secretsOf("acme", single)).hasSize(1);
        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.dromo.user()).isEqualTo(single);
    }

    private static void assertRolledBack(World world, RotationResult result) {
        assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(world.dromo.user()).isEqualTo(World.FIRST);
        assertThat(world.dromo.logsIn()).isTrue();
        assertThat(world.facts().user()).contains(World.FIRST);
        assertThat(world.hosts.accepts(World.FIRST, world.old)).isTrue();
        RotatorTest.AuditPairs.assertComplete(world.audit.events());
    }

    private static void assertNextTurnSucceeds(World world) {
        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.dromo.user()).isEqualTo(World.SECOND);
        assertThat(world.dromo.logsIn()).isTrue();
        assertThat(world.journal.secretsOf("acme", World.SECOND)).hasSize(1);
    }

    /** Of a rotation that was refused before anything was touched. */
    private static Failure refusal(World world) {
        RotationResult result = world.rotate();
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(world.journal.open("acme")).isEmpty();
        assertThat(world.hosts.calls).doesNotContain("install");
        return result.failure().orElseThrow();
    }

    /** The number of the point of this name in a rotation that nothing disturbs. */
    private static int killPoint(String name) {
        World world = World.withAlternatingAccounts();
        int[] found = {-1};
        CrashPoints named = new CrashPoints() {
            @Override
            void reach(String point) {
                if (point.equals(name)) {
                    found[0] = count();
                }
                super.reach(point);
            }
        };
        world.arm(named);
        world.rotate();
        return found[0];
    }

    private static void killed(World world) {
        try {
            world.rotate();
        } catch (CrashPoints.Killed killed) {
            return;
        }
        throw new AssertionError("was not killed");
    }

    private static Account account(String user) {
        return new Account(World.ACCOUNT.hostname(), World.ACCOUNT.port(), user);
    }
}
