package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.rotation.AuditEvent.Result;
import dev.keyturn.rotation.Verifier.Check;
import dev.keyturn.rotation.Verifier.Verdict;
import dev.keyturn.rotation.Verifier.Verification;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VerifierTest {
    private static final Actor WHO = Actor.cli(1000, "ann");

    @Test
    void findsASoundCredentialSound() {
        World world = World.withKey();

        Verification verification = verify(world);

        assertThat(verification.sound()).isTrue();
        assertThat(verification.checks())
                .containsExactly(
                        new Check("host", Verdict.SOUND, "logs in"),
                        new Check("dromo record", Verdict.SOUND, "as configured"),
                        new Check("dromo login", Verdict.SOUND, "Dromo logs in"),
                        new Check("foreign keys", Verdict.SOUND, "none; keys of others in .ssh/authorized_keys: 0"));
        AuditEvent event = world.audit.events().get(world.audit.events().size() - 1);
        assertThat(event.event()).isEqualTo("credential.verified");
        assertThat(event.phase()).isEmpty();
        assertThat(event.actor()).contains(WHO);
        assertThat(event.outcome()).contains(Result.SUCCESS);
        assertThat(event.detail()).containsOnlyKeys("host", "dromo_record", "dromo_login", "foreign_keys");
        assertThat(world.facts().lastVerifiedAt()).contains(world.clock.instant());
        assertThat(world.facts().drift()).isEqualTo(Drift.NONE);
    }

    @Test
    void findsASoundPasswordSound() {
        assertThat(verify(World.withPassword()).sound()).isTrue();
    }

    @Test
    void looksAtTheAlternatingAccountThatDromoUses() {
        World world = World.withAlternatingAccounts();
        world.rotate();

        assertThat(verify(world).sound()).isTrue();
        assertThat(world.audit.events("credential.verified"))
                .singleElement()
                .satisfies(event -> assertThat(event.target()).contains("dromo_b@sftp.example:22"));

        world.dromo.move(new Account("sftp.example", 22, World.FIRST));
        assertThat(verify(world).drifted()).isTrue();
    }

    @Test
    void makesTheOtherChecksWhereTheHostRefuses() {
        World world = World.withKey();
        world.hosts.keys.clear();

        Verification verification = verify(world);

        assertThat(verification.checks())
                .containsExactly(
                        new Check(
                                "host",
                                Verdict.DIFFERENT,
                                "the host refuses the credential in the store; somebody changed the account"
                                        + " dromo@sftp.example:22"),
                        new Check("dromo record", Verdict.SOUND, "as configured"),
                        new Check("dromo login", Verdict.DIFFERENT, "Dromo can't log in: Authentication failed"));
        assertThat(world.audit.events("credential.drifted")).hasSize(1);
        assertThat(world.facts().drift()).isEqualTo(Drift.MENDABLE);
    }

    @Test
    void seesThatSomebodyElseChangedDromosKey() {
        World world = World.withKey();
        LoginSecret.KeyPair another = World.key("another");
        world.dromo.overwrite(another);

        assertThat(verify(world).checks().get(1).finding())
                .isEqualTo("Dromo's record differs: key_fingerprint is "
                        + another.publicKey().fingerprint() + " instead of "
                        + world.old.fingerprint().orElseThrow());
    }

    @Test
    void seesThatSomebodyMovedDromosRecord() {
        World world = World.withKey();
        world.dromo.move(new Account("other.example", 2222, "somebody"));

        assertThat(verify(world).checks().get(1).finding())
                .isEqualTo(
                        "Dromo's record differs: hostname is 'other.example' instead of 'sftp.example', port is '2222'"
                                + " instead of '22', user is 'somebody' instead of 'dromo'");
    }

    @Test
    void saysWhatToDoWhereItCannotAsk() {
        World world = World.withKey();
        world.hosts.faults.before("login", HostException.Fault.UNREACHABLE, 99);
        world.dromo.before("GET", DromoException.Fault.NOT_SENT, 99);

        Verification verification = verify(world);

        assertThat(verification.checks())
                .containsExactly(
                        new Check(
                                "host",
                                Verdict.NOT_KNOWN,
                                "injected before login. Check the host name, routing and firewalls between here and the"
                                        + " host."),
                        new Check(
                                "dromo record",
                                Verdict.NOT_KNOWN,
                                "injected before GET. Check the network, proxy and dromo.url."),
                        new Check("dromo login", Verdict.SOUND, "Dromo logs in"));
        assertThat(verification.sound()).isFalse();
        assertThat(verification.drifted()).isFalse();
        assertThat(world.audit.events("credential.drifted")).isEmpty();
        assertThat(world.audit.events("credential.verified").get(0).outcome()).contains(AuditEvent.Result.UNKNOWN);
        assertThat(world.facts().lastVerifiedAt()).isEmpty();
        assertThat(world.facts().drift()).isEqualTo(Drift.NONE);
    }

    @Test
    void doesNotLookWhileARotationIsInFlight() throws BusyException {
        World world = World.withKey();
        world.journal.lease("acme", "somebody else", world.clock.instant(), Duration.ofMinutes(1));

        assertThatThrownBy(() -> verifier(world).verify(world.credential, WHO)).isInstanceOf(BusyException.class);
        assertThat(world.audit.events()).isEmpty();
    }

    @Test
    void endsAMessageWithOneFullStop() {
        RemoteException failure = new DromoException(DromoException.Fault.NOT_FOUND, "GET x: Not found.");

        assertThat(failure.withHint()).isEqualTo("GET x: Not found. Check the credential's dromo_id.");
        assertThat(new DromoException(DromoException.Fault.NOT_FOUND, "GET x").withHint())
                .isEqualTo("GET x. Check the credential's dromo_id.");
    }

    @Test
    void asksForAdoptionWhereTheStoreHasNothing() {
        World world = World.withUnknownKeyAndNoAdministrator();

        Verification verification = verify(world);

        assertThat(verification.sound()).isFalse();
        assertThat(verification.checks().get(0).finding())
                .isEqualTo("the store has no secret for it; run: keyturn adopt acme");
        assertThat(verification.checks().get(1).sound()).isTrue();
        assertThat(world.facts().lastVerifiedAt()).isEmpty();
    }

    @Test
    void changesNothing() {
        World world = World.withKey();

        verify(world);

        assertThat(world.hosts.calls).as("one login").containsExactly("login", "keyFile");
        assertThat(world.dromo.calls).containsExactly("GET", "TEST");
    }

    @Test
    void findsAKeyThatLooksLikeOursAndIsNotInTheStore() {
        World world = World.withKey();
        LoginSecret.KeyPair stranger = World.key("a stranger's, whose end stands in the command that takes it off");
        world.hosts.strangers.add(new KeyFile.Entry(7, stranger.publicKey(), "keyturn:acme"));

        Verification verification = verify(world);

        assertThat(verification.drift()).isEqualTo(Drift.ALERT);
        assertThat(foreign(verification))
                .isEqualTo(new Check(
                        "foreign keys",
                        Verdict.DIFFERENT,
                        "line 7 of .ssh/authorized_keys lets in "
                                + stranger.publicKey().fingerprint()
                                + " (keyturn:acme), which looks like ours and isn't in the store. Does another Keyturn, with"
                                + " a store of its own, manage dromo@sftp.example:22? Else take it off there: sed -i"
                                + " '\\|[[:space:]]" + stranger.publicKey().base64()
                                + "\\([[:space:]].*\\)*$|d' '.ssh/authorized_keys'"));
        assertThat(world.audit.events("credential.drifted")).hasSize(1);
        assertThat(world.facts().drifted()).isTrue();
        assertThat(world.facts().drift()).isEqualTo(Drift.ALERT);
    }

    /** What stands in a line is up to whoever wrote it: a key cut off, or a forged one that ends as the one in use does. */
    @Test
    void theCommandTakesThatKeyOffAndNoOther(@TempDir Path home) throws Exception {
        World world = World.withKey();
        PublicKey inUse = World.key("one that is as long as keys are").publicKey();
        PublicKey cutOff = new PublicKey(inUse.type(), inUse.base64().substring(0, 8));
        PublicKey sameEnd = new PublicKey(inUse.type(), "AAAA" + inUse.base64());
        world.hosts.strangers.add(new KeyFile.Entry(2, cutOff, "keyturn:acme"));
        world.hosts.strangers.add(new KeyFile.Entry(3, sameEnd, "keyturn:acme"));
        Path file = Files.createDirectory(home.resolve(".ssh")).resolve("authorized_keys");
        String ours = "restrict " + inUse.line() + " keyturn:acme\n" + inUse.line() + "\n";
        Files.writeString(file, cutOff.line() + " keyturn:acme\r\n" + ours + sameEnd.line() + "\n");

        String finding = foreign(verify(world)).finding();
        String commands = finding.substring(finding.indexOf("sed -i"));
        Process shell = new ProcessBuilder("sh", "-c", commands)
                .directory(home.toFile())
                .inheritIO()
                .start();

        assertThat(shell.waitFor()).isZero();
        assertThat(file).hasContent(ours);
    }

    @Test
    void aRotationDoesNotTakeAForeignKeyOffSoNoneIsBegunForIt() {
        World world = World.withKey();
        world.mendDrift();
        world.journal.verified("acme", world.clock.instant(), Drift.ALERT);
        assertThat(world.facts().due(world.credential, world.clock.instant())).isEmpty();

        world.journal.verified("acme", world.clock.instant(), Drift.MENDABLE);
        assertThat(world.facts().due(world.credential, world.clock.instant())).isPresent();
    }

    @Test
    void saysOfAFormerKeyThatSomebodyPutItBack() {
        World world = World.withKey();
        world.rotate();
        world.hosts.strangers.add(new KeyFile.Entry(2, ((LoginSecret.KeyPair) world.old).publicKey(), "keyturn:acme"));

        assertThat(foreign(verify(world)).finding()).contains("isn't in the store any more", "somebody put it back");
    }

    @Test
    void keysOfOthersAreTheAccountOwnersBusiness() {
        World world = World.withKey();
        world.hosts.strangers.add(new KeyFile.Entry(2, World.key("backup").publicKey(), "backup@nas"));
        world.hosts.strangers.add(new KeyFile.Entry(3, World.key("ours?").publicKey(), "not keyturn:acme"));

        Verification verification = verify(world);

        assertThat(verification.sound()).isTrue();
        assertThat(foreign(verification).finding()).isEqualTo("none; keys of others in .ssh/authorized_keys: 2");
    }

    @Test
    void aKeyOfAnotherCredentialInTheStoreIsNotForeign() throws BusyException {
        World world = World.withKey();
        LoginSecret.KeyPair beta = World.key("beta");
        Lease lease = world.journal.lease("beta", "test", world.clock.instant(), Duration.ofMinutes(1));
        world.journal.adopt(
                lease,
                "beta",
                new SecretVersion("b", beta.authType(), beta.fingerprint()),
                beta,
                java.util.Optional.empty(),
                world.clock.instant());
        world.hosts.strangers.add(new KeyFile.Entry(2, beta.publicKey(), "keyturn:beta"));

        assertThat(verify(world).sound()).isTrue();
    }

    @Test
    void bothKeysOfAnOverlapAreOurs() {
        World world = World.withKey(Duration.ofHours(1));
        world.rotate();

        assertThat(verify(world).sound()).isTrue();
    }

    @Test
    void theKeyOfARotationThatWasUndoneIsKnownAsLongAsTheStoreHasIt() {
        World world = World.withKey();
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);
        assertThat(world.rotate().outcome()).isEqualTo(Outcome.ROLLED_BACK);
        world.hosts.strangers.add(
                new KeyFile.Entry(2, ((LoginSecret.KeyPair) world.made.orElseThrow()).publicKey(), "keyturn:acme"));

        assertThat(verify(world).sound()).isTrue();
    }

    @Test
    void whatCannotBeSeenFromHereIsNoDrift() {
        World byAdministrator = World.withKeyOfAdministrator();
        assertNotLookedAt(byAdministrator, "install.as edits the file");

        World elsewhere = World.withKey();
        elsewhere.hosts.showsAnotherFile = true;
        elsewhere.hosts.strangers.add(new KeyFile.Entry(1, World.key("x").publicKey(), "keyturn:acme"));
        assertNotLookedAt(elsewhere, "isn't the file that sshd reads");

        World chrooted = World.withKey();
        chrooted.hosts.faults.before("keyFile", HostException.Fault.NOT_FOUND, 99);
        assertNotLookedAt(chrooted, "injected before keyFile");
    }

    private static void assertNotLookedAt(World world, String why) {
        Verification verification = verify(world);
        assertThat(foreign(verification).verdict()).isEqualTo(Verdict.NOT_LOOKED_AT);
        assertThat(foreign(verification).finding()).contains(why);
        assertThat(verification.sound()).isTrue();
        assertThat(world.facts().lastVerifiedAt()).isPresent();
    }

    @Test
    void aFileThatBreaksOffIsNotKnown() {
        World world = World.withKey();
        world.hosts.faults.before("keyFile", HostException.Fault.CONNECTION_LOST, 99);

        Verification verification = verify(world);

        assertThat(verification.sound()).isFalse();
        assertThat(verification.drifted()).isFalse();
    }

    @Test
    void looksAtTheIdleAccountTooAndOnlyAlertsOfIt() {
        World world = World.withAlternatingAccounts();
        assertThat(idle(verify(world))).isEqualTo(new Check("idle account", Verdict.SOUND, "dromo_b logs in"));
        world.hosts.passwords.put(World.SECOND, "changed by somebody");

        Verification verification = verify(world);

        assertThat(verification.drift()).isEqualTo(Drift.ALERT);
        assertThat(idle(verification).finding())
                .contains("Dromo uses dromo_a and isn't affected")
                .contains("keyturn adopt acme --user dromo_b --password-file FILE");
    }

    @Test
    void sparesAnIdleAccountOfWhichItKnowsTooLittle() {
        World unknown = World.withAlternatingAccountsOfAdministrator();
        assertThat(idle(verify(unknown)).verdict()).isEqualTo(Verdict.NOT_LOOKED_AT);
        assertThat(unknown.hosts.calls).as("one login, to the other").containsExactly("login");
    }

    @Test
    void anIdleAccountThatCannotBeAskedIsNotKnown() {
        World world = World.withAlternatingAccounts();
        world.hosts.crash = new CrashPoints() {
            private int logins;

            @Override
            void reach(String point) {
                if (point.equals("before host login") && ++logins == 2) {
                    world.hosts.faults.before("login", HostException.Fault.LOGIN_BUDGET, 99);
                }
            }
        };

        Verification verification = verify(world);

        assertThat(idle(verification).verdict()).isEqualTo(Verdict.NOT_KNOWN);
        assertThat(verification.drifted()).isFalse();
    }

    private static Check foreign(Verification verification) {
        return named(verification, "foreign keys");
    }

    private static Check idle(Verification verification) {
        return named(verification, "idle account");
    }

    private static Check named(Verification verification, String name) {
        return verification.checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Verification verify(World world) {
        try {
            return verifier(world).verify(world.credential, WHO);
        } catch (BusyException e) {
            throw new AssertionError(e);
        }
    }

    private static Verifier verifier(World world) {
        return new Verifier(
                world.hosts,
                world.dromo,
                new Rotator.Records(world.journal, world.audit, "test"),
                new Rotator.Timing(world.clock, world.clock::advance));
    }

    @Test
    void takesAnOutageOfTheHostForNoDriftThoughDromoCannotLogInEither() {
        World world = World.withKey();
        world.hosts.faults.before("login", HostException.Fault.TIMED_OUT, 99);
        world.dromo.failingTests = 1;

        Verification verification = verify(world);

        assertThat(verification.drifted()).isFalse();
        assertThat(verification.checks().get(2))
                .isEqualTo(new Check("dromo login", Verdict.NOT_KNOWN, "Dromo can't log in: Authentication failed"));
    }

    @ParameterizedTest
    @EnumSource(
            value = DromoException.Fault.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NOT_FOUND"})
    void takesWhatStopsUsAloneForNoDrift(DromoException.Fault fault) {
        World world = World.withKey();
        world.dromo.before("GET", fault, 99);
        world.dromo.before("TEST", fault, 99);

        assertThat(verify(world).drifted()).isFalse();
    }

    @Test
    void aRecordThatIsGoneIsADrift() {
        World world = World.withKey();
        world.dromo.before("GET", DromoException.Fault.NOT_FOUND, 1);

        assertThat(verify(world).drifted()).isTrue();
    }
}
