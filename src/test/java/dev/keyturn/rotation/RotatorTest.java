package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.rotation.AuditEvent.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RotatorTest {
    @Test
    void replacesAKeyAndProvesTheOldOneDead() {
        World world = World.withKey();

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(result.failure()).isEmpty();
        assertThat(world.dromo.logsIn()).isTrue();
        assertThat(world.hosts.keys)
                .containsExactly(world.made.orElseThrow().fingerprint().orElseThrow());
        assertThat(world.facts().current().orElseThrow().fingerprint()).isEqualTo(result.fingerprint());
        assertThat(result.previousFingerprint()).isEqualTo(world.old.fingerprint());
        assertThat(world.journal.secretIds())
                .containsExactly(result.rotation().orElseThrow().text());
    }

    @Test
    void asksDromoAfterTheLastPutThatNobodyAnswered() {
        World world = World.withKey();
        world.dromo.before("PUT", DromoException.Fault.NO_ANSWER, 2);
        world.dromo.after("PUT", DromoException.Fault.NO_ANSWER, 1);

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.dromo.logsIn()).isTrue();
    }

    @Test
    void needsNoMoreThanTheCallsOfAKeyRotation() {
        World world = World.withKey();

        world.rotate();

        assertThat(world.hosts.calls).containsExactly("preflight", "install", "login", "withdraw", "tryPredecessor");
        assertThat(world.dromo.calls).containsExactly("GET", "CONNECTORS", "PUT", "GET", "TEST");
    }

    @Test
    void remembersWhatEachStateOfARecoveryRestsOn() {
        World world = World.withPassword();
        world.audit.afterAppend = event -> {
            if (event.event().equals("dromo.publish")) {
                throw new CrashPoints.Killed("after the intent");
            }
        };
        assertThatThrownBy(world::rotate).isInstanceOf(CrashPoints.Killed.class);
        world.restart();

        world.recover();

        List<String> findings = world.journal.history(Optional.of("acme"), 1).get(0).steps().stream()
                .flatMap(step -> step.findings().stream()
                        .map(finding -> step.state() + ": " + finding.probe() + ": " + finding.found()))
                .toList();
        assertThat(findings)
                .contains("PROVED: login with the new password: accepted")
                .contains("PUBLISHED: recovery: went on from publishing")
                .contains("PUBLISHED: Dromo's login: fails: Authentication failed")
                .contains("PUBLISHED: answer to the PUT of the new password: a password for " + World.ACCOUNT)
                .contains("CONFIRMED: Dromo's login: works")
                .contains("COMPLETED: login with the old credential: refused");
    }

    @Test
    void writesIntentAndOutcomeOfEachSideEffectInOrder() {
        World world = World.withKey();

        world.rotate();

        assertThat(world.audit.events().stream().map(RotatorTest::brief))
                .containsExactly(
                        "rotation.started",
                        "rotation.preflight outcome success",
                        "secret.generated",
                        "host.install intent",
                        "host.install outcome success",
                        "host.prove outcome success",
                        "dromo.publish intent",
                        "dromo.publish outcome success",
                        "dromo.confirm outcome success",
                        "host.withdraw intent",
                        "host.withdraw outcome success",
                        "host.refuse outcome success",
                        "rotation.completed success");
    }

    @Test
    void replacesAPasswordAndProvesTheOldOneDead() {
        World world = World.withPassword();

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.dromo.logsIn()).isTrue();
        assertThat(world.hosts.accepts(world.old)).isFalse();
        assertThat(world.audit.events("host.withdraw")).isEmpty();
        assertThat(world.audit.events("host.refuse")).hasSize(1);
    }

    @Test
    void keepsTheOldKeyWhenDromoRejectsThePut() {
        World world = World.withKey();
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);

        RotationResult result = world.rotate();

        assertRolledBack(world, result);
        assertThat(result.failure().orElseThrow().step()).isEqualTo(Step.PUBLISH);
        assertThat(result.failure().orElseThrow().validNow())
                .contains("old key")
                .contains("logs in");
    }

    @Test
    void putsTheOldKeyBackWhenTheFingerprintIsWrong() {
        World world = World.withKey();
        world.dromo.claimAfterNextPut(World.key("another").fingerprint());

        RotationResult result = world.rotate();

        assertRolledBack(world, result);
        assertThat(result.failure().orElseThrow().kind()).isEqualTo("fingerprint_mismatch");
        assertThat(world.audit.events("dromo.publish"))
                .anySatisfy(event -> assertThat(event.detail()).containsEntry("undo", true));
    }

    @Test
    void putsTheOldKeyBackWhenDromoCannotLogIn() {
        World world = World.withKey();
        world.dromo.failingTests = 2;

        RotationResult result = world.rotate();

        assertRolledBack(world, result);
        assertThat(result.failure().orElseThrow().step()).isEqualTo(Step.CONFIRM);
    }

    @Test
    void goesBackOnItsOwnProofWhenDromosTestIsBroken() {
        World world = World.withKey();
        world.dromo.failingTests = 1000;

        assertRolledBack(world, world.rotate());
    }

    @Test
    void putsTheOldPasswordBackWhenDromoRejectsThePut() {
        World world = World.withPassword();
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);

        assertRolledBack(world, world.rotate());
    }

    @Test
    void putsTheOldPasswordBackWhenDromoCannotLogIn() {
        World world = World.withPasswordOfAdministrator();
        world.dromo.failingTests = 2;

        assertRolledBack(world, world.rotate());
    }

    @Test
    void takesTheKeyOffWhenTheHostIgnoresIt() {
        World world = World.withKey();
        world.hosts.ignoresNewKeys = true;

        RotationResult result = world.rotate();

        assertRolledBack(world, result);
        assertThat(result.failure().orElseThrow().message()).contains("refuses to log in");
    }

    @Test
    void goesOnAfterTransientErrorsWithTheSameCandidate() {
        World world = World.withKey();
        world.hosts.faults.before("install", HostException.Fault.CONNECTION_LIMIT, 2);
        world.hosts.faults.before("login", HostException.Fault.TIMED_OUT, 1);
        world.dromo.before("PUT", DromoException.Fault.RATE_LIMITED, 2);

        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.audit.events("secret.generated")).hasSize(1);
    }

    @Test
    void undoesWhatOutlastsTheAttempts() {
        World world = World.withKey();
        world.hosts.faults.before("login", HostException.Fault.TIMED_OUT, 4);

        assertRolledBack(world, world.rotate());
    }

    @Test
    void findsOutThatAnUnansweredPutWasTaken() {
        World world = World.withKey();
        world.dromo.after("PUT", DromoException.Fault.NO_ANSWER, 1);

        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.dromo.calls).filteredOn("PUT"::equals).hasSize(1);
    }

    @Test
    void repeatsAnUnansweredPutThatWasNotTaken() {
        World world = World.withKey();
        world.dromo.before("PUT", DromoException.Fault.NO_ANSWER, 1);

        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.dromo.calls).filteredOn("PUT"::equals).hasSize(2);
    }

    @Test
    void findsOutByDromosLoginThatAnUnansweredPasswordWasTaken() {
        World world = World.withPassword();
        world.dromo.after("PUT", DromoException.Fault.NO_ANSWER, 1);

        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.dromo.calls).filteredOn("PUT"::equals).hasSize(1);
    }

    @Test
    void keepsBothKeysWhereDromoCannotBeAsked() {
        World world = World.withKey();
        world.dromo.after("PUT", DromoException.Fault.NO_ANSWER, 1);
        world.dromo.failGetsAfterNextPut(DromoException.Fault.NOT_SENT);

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(world.hosts.keys).hasSize(2);
        assertThat(world.journal.open("acme")).isPresent();
        assertThat(result.failure().orElseThrow().hint()).contains("keyturn recover");

        world.dromo.clearFaults();
        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.dromo.logsIn()).isTrue();
    }

    @Test
    void stopsWhereSomebodyElseWroteMeanwhile() {
        World world = World.withKey();
        world.dromo.before("PUT", DromoException.Fault.NO_ANSWER, 1);
        world.dromo.overwriteAtNextPut(World.key("foreign"));

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.failure().orElseThrow().kind()).isEqualTo("foreign_change");
        assertThat(world.hosts.accepts(world.old)).isTrue();
        assertThat(world.hosts.accepts(world.made.orElseThrow())).isTrue();
    }

    @Test
    void touchesNothingWhenPreflightFails() {
        World world = World.withKey();
        world.hosts.faults.before("preflight", HostException.Fault.HOST_KEY_CHANGED, 1);

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.failure().orElseThrow().kind()).isEqualTo("host_key_changed");
        assertThat(world.journal.open("acme")).isEmpty();
        assertThat(world.made).isEmpty();
        assertThat(world.facts().failuresInARow()).isEqualTo(1);
    }

    @Test
    void refusesToRotateWhatSomebodyElseChangedInDromo() {
        World world = World.withKey();
        world.dromo.overwrite(World.key("foreign"));

        RotationResult result = world.rotate();

        assertThat(result.failure().orElseThrow().kind()).isEqualTo("drifted");
        assertThat(world.hosts.calls).isEmpty();
    }

    @Test
    void refusesToRotateAnotherAccountsCredential() {
        World world = World.withKey();
        world.dromo.move(new Account("sftp.example", 22, "somebody-else"));

        RotationResult result = world.rotate();

        assertThat(result.failure().orElseThrow().kind()).isEqualTo("dromo_record_differs");
        assertThat(result.failure().orElseThrow().message()).contains("somebody-else");
    }

    @Test
    void replacesAKeyItNeverHadThroughAnAdministrator() {
        World world = World.withUnknownKey();

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.hosts.accepts(world.old)).isFalse();
        assertThat(result.previousFingerprint()).isEqualTo(world.old.fingerprint());
    }

    @Test
    void saysThatAnUnknownKeyHasToBeAdoptedFirst() {
        World world = World.withUnknownKeyAndNoAdministrator();

        RotationResult result = world.rotate();

        assertThat(result.failure().orElseThrow().kind()).isEqualTo("not_adopted");
        assertThat(result.failure().orElseThrow().hint()).contains("keyturn adopt acme --private-key-file FILE");
    }

    /** To stop there would leave Dromo with a password that is dead, and nobody with the one that it had. */
    @Test
    void givesDromoTheOnlyPasswordThatLogsInAlsoWhereADirectoryIsMissing() {
        World world = World.withUnknownPassword();
        world.hosts.missing.add("/uploads");

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.hosts.accepts(world.dromo.stored())).isTrue();
        assertThat(world.audit.events("host.prove").get(0).detail()).containsKey("not_listed_because");
    }

    @Test
    void callsTheRefusalOfAPasswordThatNobodyHasNotKnownAndNotFailed() throws Exception {
        World world = World.withUnknownPassword();
        List<String> told = new ArrayList<>();

        world.rotator().rotate(world.credential, "a test", Actor.SCHEDULE, new Progress() {
            @Override
            public void began(ManagedCredential credential, Step step) {}

            @Override
            public void done(ManagedCredential credential, Step step, String detail) {}

            @Override
            public void failed(ManagedCredential credential, Step step, String message) {
                told.add("failed: " + step.label());
            }

            @Override
            public void notKnown(ManagedCredential credential, Step step, String message) {
                told.add("not known: " + step.label());
            }
        });

        assertThat(told).containsExactly("not known: refuse");
    }

    @Test
    void keepsBothWhereAnUnknownOldKeyCannotGoBack() {
        World world = World.withUnknownKey();
        world.dromo.failingTests = 2;

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.failure().orElseThrow().message()).startsWith("acme: Dromo can't log in");
        assertThat(world.hosts.accepts(world.old)).isTrue();
        assertThat(world.hosts.accepts(world.made.orElseThrow())).isTrue();
        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void leavesBothValidWhenWithdrawingFailsAndFinishesLater() {
        World world = World.withKey();
        world.hosts.faults.before("withdraw", HostException.Fault.PERMISSION, 1);

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.fingerprint()).isEqualTo(world.made.orElseThrow().fingerprint());
        assertThat(world.hosts.keys).hasSize(2);
        assertThat(world.dromo.logsIn()).isTrue();
        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.hosts.keys).hasSize(1);
    }

    @Test
    void doesNotWithdrawWhileDromoHoldsTheOldKeyAgain() {
        World world = World.withKey(Duration.ofHours(24));
        world.rotate();
        world.dromo.overwrite(world.old);
        world.clock.advance(Duration.ofHours(25));

        RotationResult result = world.recover().orElseThrow();

        assertThat(result.failure().orElseThrow().kind()).isEqualTo("foreign_change");
        assertThat(world.dromo.logsIn()).isTrue();
    }

    @Test
    void alertsWhenTheOldKeyStillLogsInAfterItsWithdrawal() {
        World world = World.withKey();
        world.hosts.keepsWithdrawnKeys = true;

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.failure().orElseThrow().kind()).isEqualTo("old_credential_alive");
        assertThat(world.journal.secretIds()).contains("adopted");
    }

    /** Else the way from Dromo to the host would be looked at, which is as it was. */
    @Test
    void saysThatTheHostRefusesTheNewKeyWhereAnOlderFileWasPutBackInTheOverlap() {
        World world = World.withKey(Duration.ofDays(1));
        world.rotate();
        world.hosts.keys.removeIf(key -> !world.old.fingerprint().equals(Optional.of(key)));
        world.clock.advance(Duration.ofDays(2));

        Failure why = world.recover().orElseThrow().failure().orElseThrow();

        assertThat(why.kind()).isEqualTo("new_credential_refused");
        assertThat(why.validNow()).contains("which the host refuses");
        assertThat(why.hint()).contains("keyturn show-key", "keyturn recover");
        assertThat(world.hosts.keys).hasSize(1);
        assertThat(world.journal.secretIds()).contains("adopted");
    }

    @Test
    void keepsTheOldKeyWhereAProgramTookTheNewOneOffToo() {
        World world = World.withKeyByProgram();
        world.hosts.takesEveryKeyOff = true;

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.failure().orElseThrow().kind()).isEqualTo("new_credential_refused");
        assertThat(world.journal.secretIds()).contains("adopted");
    }

    @Test
    void writesDownThatTheRefusalCouldNotBeTried() {
        World world = World.withKey();
        world.hosts.faults.before("tryPredecessor", HostException.Fault.UNREACHABLE, 4);

        assertThat(world.rotate().outcome()).isEqualTo(Outcome.FAILED);

        assertThat(world.audit.events("host.refuse"))
                .extracting(event -> event.outcome().orElseThrow())
                .containsExactly(AuditEvent.Result.UNKNOWN);
        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void alertsOnAServerThatAcceptsAnything() {
        World world = World.withKey();
        world.hosts.acceptsAnything = true;

        assertThat(world.rotate().failure().orElseThrow().kind()).isEqualTo("old_credential_alive");
    }

    @Test
    void keepsTheOldKeyThroughTheOverlapAndWithdrawsItAfterwards() {
        World world = World.withKey(Duration.ofHours(24));

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.OVERLAP);
        assertThat(result.succeeded()).isTrue();
        assertThat(world.hosts.keys).hasSize(2);
        world.clock.advance(Duration.ofHours(23));
        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.OVERLAP);
        assertThat(world.hosts.keys).hasSize(2);
        world.clock.advance(Duration.ofHours(1));
        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.hosts.keys).hasSize(1);
        assertThat(world.dromo.logsIn()).isTrue();
    }

    @Test
    void beginsNoSecondRotationInsideAnOverlap() {
        World world = World.withKey(Duration.ofHours(24));
        world.rotate();

        RotationResult second = world.rotate();

        assertThat(second.succeeded()).isFalse();
        assertThat(second.failure().orElseThrow().kind()).isEqualTo("in_overlap");
        assertThat(world.hosts.keys).hasSize(2);
    }

    @Test
    void withdrawsFirstAndThenRotatesOnceTheOverlapIsOver() {
        World world = World.withKey(Duration.ofHours(24));
        RotationResult first = world.rotate();
        world.clock.advance(Duration.ofHours(24));

        RotationResult second = world.rotate();

        assertThat(second.outcome()).isEqualTo(Outcome.OVERLAP);
        assertThat(second.rotation()).isNotEqualTo(first.rotation());
        assertThat(world.hosts.accepts(world.old)).isFalse();
    }

    @Test
    void changesNothingOnceTheAuditLogCannotBeWritten() {
        World world = World.withKey();
        world.audit.breakDown();

        assertThatThrownBy(world::rotate).isInstanceOf(AuditException.class);

        assertThat(world.hosts.calls).isEmpty();
        assertThat(world.dromo.calls).isEmpty();
    }

    @Test
    void doesNotInstallWithoutADurableIntent() {
        World world = World.withKey();
        world.audit.beforeAppend = event -> {
            if (event.event().equals("host.install")) {
                throw new AuditException("disk full");
            }
        };

        assertThatThrownBy(world::rotate).isInstanceOf(AuditException.class);

        assertThat(world.hosts.calls).containsExactly("preflight");
    }

    @Test
    void doesNotInstallWhatIsNotInTheJournal() {
        World world = World.withKey();
        world.journal.beforeWrite = entry -> {
            if (entry.state().kind() == RotationState.Kind.INSTALLING) {
                throw new JournalException("disk full");
            }
        };

        assertThatThrownBy(world::rotate).isInstanceOf(JournalException.class);

        assertThat(world.hosts.calls).containsExactly("preflight");
    }

    @Test
    void refusesASecondRotationInFlight() throws BusyException {
        World world = World.withKey();
        world.journal.lease("acme", "somebody else", world.clock.instant(), Duration.ofMinutes(1));

        assertThatThrownBy(() -> world.rotator().rotate(world.credential, "a test", Actor.SCHEDULE, Progress.NONE))
                .isInstanceOf(BusyException.class)
                .hasMessageContaining("somebody else");
    }

    @Test
    void settlesAnInterruptedRotationBeforeBeginningAnother() {
        World world = World.withKey();
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);
        world.hosts.faults.before("uninstall", HostException.Fault.PERMISSION, 1);
        RotationResult parked = world.rotate();
        assertThat(parked.outcome()).isEqualTo(Outcome.FAILED);

        RotationResult result = world.rotate();

        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(result.rotation()).isNotEqualTo(parked.rotation());
        assertThat(world.hosts.keys).hasSize(1);
    }

    /** A gateway may pass a PUT on and then say no itself. */
    @Test
    void keepsAKeyThatDromoTookAlthoughItSaidNo() {
        World world = World.withKey();
        world.dromo.after("PUT", DromoException.Fault.REJECTED, 1);

        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.dromo.logsIn()).isTrue();
    }

    @Test
    void leavesDromoWithAPasswordThatLogsInAlthoughItSaidNoAndTookIt() {
        World world = World.withPasswordOfAdministrator();
        world.dromo.after("PUT", DromoException.Fault.REJECTED, 1);

        world.rotate();

        assertThat(world.dromo.logsIn()).isTrue();
        AuditPairs.assertComplete(world.audit.events());
    }

    /** While the old password goes back, the host has the new one: Dromo's login then speaks for the wrong one. */
    @Test
    void doesNotTakeDromosLoginForAProofThatTheOldPasswordIsBack() {
        World world = World.withPasswordOfAdministrator();
        world.dromo.failingTests = 2;
        world.dromo.loseSecondPut();

        world.rotate();

        assertThat(world.dromo.logsIn()).isTrue();
    }

    @Test
    void doesNotBeginWithAPasswordThatTheStoreKnowsWrongly() {
        World world = World.withPasswordOfAdministrator();
        world.hosts.passwords.put(World.ACCOUNT.user(), "somebody else's");
        world.dromo.overwrite(World.password("somebody else's"));

        RotationResult result = world.rotate();

        assertThat(result.failure().orElseThrow().kind()).isEqualTo("drifted");
        assertThat(world.hosts.calls).doesNotContain("install");
        assertThat(world.dromo.logsIn()).isTrue();
    }

    /** The old one was refused to a recovery that was killed then; another refusal would use up the budget. */
    @Test
    void looksForTheNewPasswordFirstWhereALoginWasRefusedJustBefore() {
        World world = World.withPassword();
        world.hosts.crash = new CrashPoints() {
            @Override
            void reach(String point) {
                if (point.equals("after host install")) {
                    throw new Killed(point);
                }
            }
        };
        assertThatThrownBy(world::rotate).isInstanceOf(CrashPoints.Killed.class);
        world.restart();
        world.journal.refused(world.credential.account(), world.clock.instant(), 1);

        assertThat(world.recover().orElseThrow().outcome()).isEqualTo(Outcome.COMPLETED);

        assertThat(world.journal.history(Optional.empty(), 1).get(0).steps())
                .filteredOn(step -> step.state() == RotationState.Kind.INSTALLED)
                .flatExtracting(RotationSummary.Transition::findings)
                .extracting(Finding::found)
                .doesNotContain("refused");
    }

    @Test
    void saysWhereTheRotationStandsWhenTheAuditLogBreaks() {
        World world = World.withKey();
        world.audit.beforeAppend = event -> {
            if (event.event().equals("dromo.publish")) {
                throw new AuditException("disk full");
            }
        };

        assertThatThrownBy(world::rotate)
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("acme")
                .hasMessageContaining("disk full")
                .hasMessageContaining("publishing")
                .hasMessageContaining("keyturn recover");
    }

    private static void assertRolledBack(World world, RotationResult result) {
        assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(world.hosts.accepts(world.old)).isTrue();
        assertThat(world.dromo.logsIn()).isTrue();
        assertThat(world.dromo.stored().fingerprint()).isEqualTo(world.old.fingerprint());
        assertThat(world.hosts.keys.size() <= 1).isTrue();
        assertThat(world.journal.open("acme")).isEmpty();
        assertThat(world.journal.secretIds())
                .as("what was undone is kept until a rotation completes")
                .containsExactlyInAnyOrder(
                        "adopted", result.rotation().orElseThrow().text());
        assertThat(world.facts().current().orElseThrow().id()).isEqualTo("adopted");
        assertThat(result.failure()).isPresent();
        AuditPairs.assertComplete(world.audit.events());
    }

    static String brief(AuditEvent event) {
        return event.event()
                + event.phase().map(RotatorTest::lower).orElse("")
                + event.outcome().map(RotatorTest::lower).orElse("");
    }

    private static String lower(Enum<?> value) {
        return " " + value.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Each intent is followed by an outcome of the same side effect, and no outcome stands without one before it. */
    static final class AuditPairs {
        private AuditPairs() {}

        static void assertComplete(List<AuditEvent> events) {
            java.util.Set<String> pending = new java.util.HashSet<>();
            for (AuditEvent event : events) {
                boolean effect = List.of("host.install", "dromo.publish", "host.withdraw")
                        .contains(event.event());
                String key = event.event() + event.detail().containsKey("undo");
                if (effect && event.phase().equals(Optional.of(Phase.INTENT))) {
                    pending.add(key);
                } else if (effect && !"manual".equals(event.detail().get("method"))) {
                    assertThat(pending).as("intent before %s", event).contains(key);
                    pending.remove(key);
                }
            }
            assertThat(pending).as("intents without an outcome").isEmpty();
        }
    }
}
