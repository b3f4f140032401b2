package dev.keyturn.rotation;

import dev.keyturn.policy.KeyAlgorithm;
import dev.keyturn.policy.PasswordRules;
import dev.keyturn.policy.PasswordRules.CharacterClass;
import dev.keyturn.policy.Policy;
import dev.keyturn.policy.RetryRule;
import dev.keyturn.policy.SecretRules;
import dev.keyturn.policy.Timing;
import dev.keyturn.policy.Verify;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PasswordGenerator;
import dev.keyturn.secret.PublicKey;
import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One credential with its host, Dromo, journal and audit log, all in memory, and a rotator that works on them. */
final class World {
    static final Account ACCOUNT = new Account("sftp.example", 22, "dromo");
    /** The users of alternating accounts. */
    static final String FIRST = "dromo_a";

    static final String SECOND = "dromo_b";
    /** What the second one's password is at first. */
    static final String IDLE = "idle-password";

    static final String DROMO_ID = "ee5d0e45-b098-47bc-8217-e93790243dfa";

    final FakeHosts hosts = new FakeHosts();
    final InMemoryJournal journal = new InMemoryJournal();
    final InMemoryAuditTrail audit = new InMemoryAuditTrail();
    final MovableClock clock = new MovableClock();
    final LoginSecret old;
    final FakeDromo dromo;
    ManagedCredential credential;
    /** The last key that was made. */
    Optional<LoginSecret> made = Optional.empty();

    private World(LoginSecret old, SecretRules rules, InstallMethod install, Duration overlap, boolean adopted) {
        this.old = old;
        hosts.faults.clear();
        if (old instanceof LoginSecret.KeyPair pair) {
            hosts.keys.add(pair.publicKey().fingerprint());
            hosts.lines.put(pair.publicKey().fingerprint(), pair.publicKey());
        } else {
            hosts.passwords.put(ACCOUNT.user(), FakeHosts.text(((LoginSecret.Password) old).value()));
        }
        dromo = new FakeDromo(hosts);
        dromo.seed(DROMO_ID, ACCOUNT, old);
        credential = new ManagedCredential(
                "acme",
                new Policy(
                        "policy",
                        rules,
                        Timing.of(Optional.empty(), RetryRule.DEFAULT),
                        overlap,
                        Optional.empty(),
                        true,
                        Optional.empty()),
                DROMO_ID,
                ACCOUNT,
                new HostKeyTrust.Pinned(Fingerprint.ofBlob(new byte[] {1})),
                install,
                Optional.of("/uploads"),
                Map.of());
        if (adopted) {
            leased(lease -> journal.adopt(
                    lease,
                    "acme",
                    new SecretVersion("adopted", old.authType(), old.fingerprint()),
                    old,
                    Optional.empty(),
                    clock.instant()));
        } else {
            journal.firstSeen(java.util.List.of("acme"), clock.instant());
        }
    }

    static World withKey() {
        return withKey(Duration.ZERO);
    }

    static World withKey(Duration overlap) {
        return new World(key("old"), sshKey(), authorizedKeys(Optional.empty()), overlap, true);
    }

    /** A key that an administrator puts onto the host. */
    static World withKeyOfAdministrator() {
        return new World(key("old"), sshKey(), authorizedKeys(Optional.of(administrator())), Duration.ZERO, true);
    }

    /** A key on the host of a partner, who changes it by hand. */
    static World withKeyAtAPartner(Duration overlap) {
        return new World(key("old"), sshKey(), new InstallMethod.Manual(), overlap, true);
    }

    /** A key that a program of the operator's changes. */
    static World withKeyByProgram() {
        InstallMethod program = new InstallMethod.LocalCommand(
                java.util.List.of("/opt/rotate"), InstallMethod.LocalCommand.DEFAULT_TIMEOUT);
        return new World(key("old"), sshKey(), program, Duration.ZERO, true);
    }

    /** A key that Keyturn never had; an administrator can replace it. */
    static World withUnknownKey() {
        return new World(key("old"), sshKey(), authorizedKeys(Optional.of(administrator())), Duration.ZERO, false);
    }

    static World withUnknownKeyAndNoAdministrator() {
        return new World(key("old"), sshKey(), authorizedKeys(Optional.empty()), Duration.ZERO, false);
    }

    static World withPassword() {
        return new World(password("old-password"), passwordRules(), new InstallMethod.Passwd(), Duration.ZERO, true);
    }

    static World withPasswordOfAdministrator() {
        return new World(password("old-password"), passwordRules(), chpasswd(), Duration.ZERO, true);
    }

    /** A password that Keyturn never had; an administrator can replace it. */
    static World withUnknownPassword() {
        return new World(password("old-password"), passwordRules(), chpasswd(), Duration.ZERO, false);
    }

    /** Two accounts that change their own passwords; Dromo logs in to the first, and the store knows both. */
    static World withAlternatingAccounts() {
        World world = alternating(new InstallMethod.Passwd());
        world.adopt(FIRST, world.old);
        world.adoptIdle(SECOND, IDLE);
        return world;
    }

    /** The same where an administrator changes them, and the store knows the first only. */
    static World withAlternatingAccountsOfAdministrator() {
        World world = alternating(chpasswd());
        world.adopt(FIRST, world.old);
        return world;
    }

    /** The same where the store knows neither. */
    static World withUnknownAlternatingAccounts() {
        return alternating(chpasswd());
    }

    private static World alternating(InstallMethod install) {
        World world = new World(password("old-password"), passwordRules(), install, Duration.ZERO, false);
        world.hosts.passwords.remove(ACCOUNT.user());
        world.hosts.passwords.put(FIRST, "old-password");
        world.hosts.passwords.put(SECOND, IDLE);
        world.dromo.move(new Account(ACCOUNT.hostname(), ACCOUNT.port(), FIRST));
        world.configure(Duration.ZERO, Optional.of(new Alternate(FIRST, SECOND)));
        return world;
    }

    /** Changes what the configuration says of overlap and users. */
    void configure(Duration overlap, Optional<Alternate> users) {
        Policy policy = credential.policy();
        credential = new ManagedCredential(
                credential.name(),
                new Policy(
                        policy.name(),
                        policy.secret(),
                        policy.timing(),
                        overlap,
                        policy.maxAge(),
                        policy.allowGap(),
                        policy.verify()),
                credential.dromoId(),
                credential.account(),
                credential.hostKey(),
                credential.install(),
                credential.probeDirectory(),
                credential.labels(),
                users);
    }

    /** Changes what the configuration says of Dromo's record. */
    void configure(String dromoId) {
        credential = new ManagedCredential(
                credential.name(),
                credential.policy(),
                dromoId,
                credential.account(),
                credential.hostKey(),
                credential.install(),
                credential.probeDirectory(),
                credential.labels());
    }

    /** Has the policy begin a rotation where a check finds something that one can mend. */
    void mendDrift() {
        Policy policy = credential.policy();
        credential = new ManagedCredential(
                credential.name(),
                new Policy(
                        policy.name(),
                        policy.secret(),
                        policy.timing(),
                        policy.overlap(),
                        policy.maxAge(),
                        policy.allowGap(),
                        Optional.of(new Verify(Duration.ofHours(1), Verify.OnDrift.ROTATE))),
                credential.dromoId(),
                credential.account(),
                credential.hostKey(),
                credential.install(),
                credential.probeDirectory(),
                credential.labels(),
                credential.alternate());
    }

    /** Takes the directory out of the configuration: the connectors' are probed. */
    void probeConnectors() {
        credential = new ManagedCredential(
                credential.name(),
                credential.policy(),
                credential.dromoId(),
                credential.account(),
                credential.hostKey(),
                credential.install(),
                Optional.empty(),
                credential.labels(),
                credential.alternate());
    }

    /** Hands over what is in use. */
    void adopt() {
        leased(lease -> journal.adopt(
                lease,
                "acme",
                new SecretVersion("handed-over", old.authType(), old.fingerprint()),
                old,
                Optional.empty(),
                clock.instant()));
    }

    private void adopt(String user, LoginSecret secret) {
        leased(lease ->
                journal.adopt(lease, "acme", version("adopted-" + user), secret, Optional.of(user), clock.instant()));
    }

    private void adoptIdle(String user, String password) {
        leased(lease -> journal.adoptIdle(lease, "acme", version("adopted-" + user), password(password), user));
    }

    private static SecretVersion version(String id) {
        return new SecretVersion(id, AuthType.PASSWORD, Optional.empty());
    }

    private void leased(java.util.function.Consumer<Lease> work) {
        try {
            Lease lease = journal.lease("acme", "test", clock.instant(), Duration.ofMinutes(1));
            work.accept(lease);
            journal.release(lease);
        } catch (BusyException e) {
            throw new AssertionError(e);
        }
    }

    private static InstallMethod chpasswd() {
        return new InstallMethod.Chpasswd(administrator(), InstallMethod.Chpasswd.DEFAULT_COMMAND);
    }

    private static SecretRules sshKey() {
        return new SecretRules.SshKey(KeyAlgorithm.ED25519);
    }

    private static SecretRules passwordRules() {
        return new SecretRules.Password(
                new PasswordRules(40, EnumSet.allOf(CharacterClass.class), PasswordRules.DEFAULT_SYMBOLS, ""));
    }

    private static InstallMethod authorizedKeys(Optional<Administrator> as) {
        return new InstallMethod.AuthorizedKeys(InstallMethod.AuthorizedKeys.DEFAULT_PATH, as);
    }

    private static Administrator administrator() {
        return new Administrator("admin", AuthType.KEY, new SecretSource() {
            @Override
            public Secret load() {
                return Secret.takeOver(new byte[] {1});
            }

            @Override
            public String describe() {
                return "a test's key";
            }
        });
    }

    static LoginSecret.KeyPair key(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return new LoginSecret.KeyPair(
                Secret.copyOf(bytes),
                new PublicKey("ssh-ed25519", Base64.getEncoder().encodeToString(bytes)));
    }

    static LoginSecret.Password password(String text) {
        return new LoginSecret.Password(Secret.takeOver(text.getBytes(StandardCharsets.UTF_8)));
    }

    SecretMaker secretMaker() {
        KeyPairs keyPairs = new KeyPairs() {
            @Override
            public LoginSecret.KeyPair generate(KeyAlgorithm algorithm, String comment) {
                LoginSecret.KeyPair pair = key("new-" + java.util.UUID.randomUUID());
                made = Optional.of(pair.copy());
                return pair;
            }

            @Override
            public LoginSecret.KeyPair read(Secret privateKey) {
                throw new AssertionError("not asked for");
            }
        };
        return new SecretMaker(keyPairs, new PasswordGenerator(new SecureRandom()));
    }

    Rotator rotator() {
        return new Rotator(
                hosts,
                dromo,
                new Rotator.Records(journal, audit, "test"),
                secretMaker(),
                new Rotator.Timing(clock, clock::advance));
    }

    RotationResult rotate() {
        try {
            return rotator().rotate(credential, "a test", Actor.SCHEDULE, Progress.NONE);
        } catch (BusyException e) {
            throw new AssertionError(e);
        }
    }

    Optional<RotationResult> recover() {
        try {
            return rotator().resume(credential, Progress.NONE);
        } catch (BusyException e) {
            throw new AssertionError(e);
        }
    }

    /** A person says that others know its secrets. */
    Compromises compromised(String reason) {
        Compromises compromises = new Compromises(new Rotator.Records(journal, audit, "test"), clock);
        compromises.tell(List.of(credential), reason, Actor.cli(1000, "ops"));
        return compromises;
    }

    /** Puts crash points at every call of host, Dromo, journal and audit log. */
    CrashPoints crashPoints() {
        CrashPoints points = new CrashPoints();
        arm(points);
        return points;
    }

    /** Puts these at every call. */
    void arm(CrashPoints points) {
        hosts.crash = points;
        dromo.crash = points;
        journal.beforeWrite =
                entry -> points.reach("before journal " + entry.state().kind());
        journal.afterWrite =
                entry -> points.reach("after journal " + entry.state().kind());
        audit.beforeAppend = event -> points.reach("before audit " + event.event());
        audit.afterAppend = event -> points.reach("after audit " + event.event());
    }

    void restart() {
        hosts.crash = new CrashPoints();
        dromo.crash = new CrashPoints();
        journal.beforeWrite = entry -> {};
        journal.afterWrite = entry -> {};
        audit.beforeAppend = event -> {};
        audit.afterAppend = event -> {};
        journal.restart();
    }

    /** Does by hand what the open rotation waits for, if anything: as the partner whose host it is. */
    void partnerDoesWhatIsAskedFor() {
        RotationState open = journal.open("acme").orElse(null);
        if (open instanceof RotationState.AwaitingInstall asked) {
            hosts.keys.add(asked.secret().fingerprint().orElseThrow());
        } else if (open instanceof RotationState.AwaitingWithdrawal asked) {
            asked.head().previousFingerprint().ifPresent(hosts.keys::remove);
        } else if (open instanceof RotationState.Undoing asked) {
            asked.secret().fingerprint().ifPresent(hosts.keys::remove);
        }
    }

    CredentialFacts facts() {
        return journal.facts("acme").orElseThrow();
    }

    static final class MovableClock extends Clock {
        private Instant now = Instant.parse("2026-11-23T12:00:00Z");

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("this clock is in UTC");
        }
    }
}
