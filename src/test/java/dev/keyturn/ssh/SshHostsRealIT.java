package dev.keyturn.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.policy.KeyAlgorithm;
import dev.keyturn.realhost.Account;
import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.Logins;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RealSshd;
import dev.keyturn.realhost.RequiresSshd;
import dev.keyturn.rotation.Budgets;
import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.rotation.HostKeyTrust;
import dev.keyturn.rotation.HostVisit;
import dev.keyturn.rotation.HostVisit.Verdict;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.KeyFile;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Predecessor;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The adapter against OpenSSH's own sshd, with PAM and StrictModes. */
@RequiresSshd
class SshHostsRealIT {
    private static final SshKeyPairs KEYS = new SshKeyPairs();
    private static final LoginSecret.KeyPair ADMINISTRATOR = TestCredentials.newKey();

    private static RealSshd sshd;
    private static SshHosts hosts;

    private final LoginSecret.KeyPair old = TestCredentials.newKey();
    private final LoginSecret.KeyPair candidate = TestCredentials.newKey();
    private final Predecessor predecessor = Predecessor.of(old);

    @BeforeAll
    static void start() {
        sshd = RealSshd.builder()
                .account(NewAccount.keyAdministrator("keyadmin").withKey(line(ADMINISTRATOR)))
                .account(NewAccount.passwordAdministrator("pwadmin").withKey(line(ADMINISTRATOR)))
                .start();
        hosts = new SshHosts(SshTimeouts.DEFAULT, 4, KEYS, Budgets.fresh(), Set::of);
    }

    @AfterAll
    static void stop() {
        hosts.close();
        sshd.close();
    }

    @Test
    void rotatesAKeyWithThreeAuthentications() throws Exception {
        Account account = sshd.add(NewAccount.shell("three")
                .withKey("# before", "restrict,from=\"127.0.0.1\" " + line(old) + " old key", "# after"));

        rotate(keyOf("three"), List.of("uploads"));

        assertThat(account.keys())
                .containsExactly(
                        "# before", "restrict,from=\"127.0.0.1\" " + line(candidate) + " keyturn:three", "# after");
        assertThat(sshd.logins("three")).isEqualTo(new Logins(2, 0, 1));
    }

    @ParameterizedTest
    @EnumSource(KeyAlgorithm.class)
    void logsInWithEveryAlgorithm(KeyAlgorithm algorithm) throws Exception {
        String user = "with-" + algorithm.configName();
        try (LoginSecret.KeyPair key = KEYS.generate(algorithm, "x")) {
            sshd.add(NewAccount.shell(user).withKey(line(key)));
            assertThat(login(user, key)).isEqualTo(Verdict.ACCEPTED);
        }
    }

    @Test
    void keepsOtherLinesByteForByteAndModeAndOwner() throws Exception {
        Account account = sshd.add(NewAccount.shell("bytes"));
        LoginSecret.KeyPair other = TestCredentials.newKey();
        String before =
                "\u00ff\u0001 not utf-8\r\n  # indented\r\ncommand=\"echo a, b\" " + line(other) + " x y  \r\n\r\n";
        write(account, before + "restrict " + line(old) + " old\r\n# no line feed at the end");
        Files.setPosixFilePermissions(account.authorizedKeys(), PosixFilePermissions.fromString("rw-r-----"));

        try (HostVisit visit = hosts.visit(keyOf("bytes"))) {
            visit.install(candidate, predecessor);
            assertThat(read(account))
                    .isEqualTo(before + "restrict " + line(old) + " old\r\nrestrict " + line(candidate)
                            + " keyturn:bytes\r\n# no line feed at the end");
            visit.withdraw(predecessor, candidate);
        }

        assertThat(read(account))
                .isEqualTo(before + "restrict " + line(candidate) + " keyturn:bytes\r\n# no line feed at the end");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(account.authorizedKeys())))
                .isEqualTo("rw-r-----");
        assertThat(Files.getAttribute(account.authorizedKeys(), "unix:uid")).isEqualTo(account.uid());
        try (var files = Files.list(account.authorizedKeys().getParent())) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void editsWhatASymbolicLinkPointsToAndKeepsTheLink() throws Exception {
        Account account = sshd.add(NewAccount.shell("linked").withKey(line(old)));
        Path real = account.authorizedKeys().resolveSibling("keys.real");
        Files.move(account.authorizedKeys(), real);
        Files.createSymbolicLink(account.authorizedKeys(), Path.of("keys.real"));

        rotate(keyOf("linked"), List.of());

        assertThat(account.authorizedKeys()).isSymbolicLink();
        assertThat(Files.readString(real)).isEqualTo(line(candidate) + " keyturn:linked\n");
    }

    @Test
    void rotatesInAChrootAboveTheHome() throws Exception {
        Account account = sshd.add(NewAccount.chrootedAboveHome("above").withKey(line(old)));
        rotate(keyOf("above", account.keysInSession(), false), List.of());
        assertThat(account.keys()).containsExactly(line(candidate) + " keyturn:above");
    }

    @Test
    void rotatesInAChrootAtTheHome() throws Exception {
        Account account = sshd.add(NewAccount.chrootedAtHome("athome").withKey(line(old)));
        rotate(keyOf("athome"), List.of("/uploads"));
        assertThat(account.keys()).containsExactly(line(candidate) + " keyturn:athome");
    }

    @Test
    void saysWhereToLookWhenSshdReadsAnotherFile() throws Exception {
        Account account = sshd.add(NewAccount.keysOutsideHome("outside").withKey(line(old)));
        Files.writeString(account.home().resolve(".ssh/authorized_keys"), "# a decoy\n");

        try (HostVisit visit = hosts.visit(keyOf("outside"))) {
            assertThatExceptionOfType(HostException.class)
                    .isThrownBy(() -> visit.preflight(predecessor))
                    .withMessageContaining("install.path")
                    .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.NOT_FOUND));
        }
    }

    @Test
    void reportsAFileThatTheAccountMayNotReplace() throws Exception {
        Account account = sshd.add(NewAccount.keysOutsideHome("readonly").withKey(line(old)));

        try (HostVisit visit = hosts.visit(keyOf("readonly", account.keysOnServer(), false))) {
            visit.preflight(predecessor);
            assertFault(Fault.PERMISSION, () -> visit.install(candidate, predecessor));
        }
        assertThat(account.keys()).containsExactly(line(old));
    }

    @Test
    void editsTheFileAsAnAdministratorAndKeepsItsOwner() throws Exception {
        Account account = sshd.add(NewAccount.chrootedAboveHome("byadmin").withKey(line(old)));
        rotate(keyOf("byadmin", account.keysOnServer(), true), List.of());

        assertThat(account.keys()).containsExactly(line(candidate) + " keyturn:byadmin");
        assertThat(Files.getAttribute(account.authorizedKeys(), "unix:uid")).isEqualTo(account.uid());
        assertThat(Files.getAttribute(account.authorizedKeys(), "unix:gid")).isEqualTo(account.uid());
        assertThat(sshd.logins("byadmin")).isEqualTo(new Logins(1, 0, 1));
    }

    @Test
    void readsTheKeysInTheSessionOfALogin() throws Exception {
        LoginSecret.KeyPair other = TestCredentials.newKey();
        sshd.add(NewAccount.shell("beside")
                .withKey(
                        "# keyturn:gone",
                        line(old) + " by hand",
                        "restrict,command=\"x y\" " + line(other) + " keyturn:gone  and words "));

        try (HostVisit visit = hosts.visit(keyOf("beside"))) {
            assertThat(visit.login(old, List.of())).isEqualTo(Verdict.ACCEPTED);

            assertThat(visit.keyFile(old).orElseThrow().entries())
                    .containsExactly(
                            new KeyFile.Entry(2, old.publicKey(), "by hand"),
                            new KeyFile.Entry(3, other.publicKey(), "keyturn:gone  and words"));
        }
        assertThat(sshd.logins("beside")).isEqualTo(new Logins(1, 0, 0));
    }

    @Test
    void saysThatAChrootedSessionDoesNotShowTheFile() throws Exception {
        sshd.add(NewAccount.chrootedAboveHome("jailed-keys").withKey(line(old)));

        try (HostVisit visit = hosts.visit(keyOf("jailed-keys"))) {
            assertThat(visit.login(old, List.of())).isEqualTo(Verdict.ACCEPTED);
            assertFault(Fault.NOT_FOUND, () -> visit.keyFile(old));
        }
    }

    @Test
    void setsUpANewAccountAsAnAdministrator() throws Exception {
        Account account = sshd.add(NewAccount.shell("fresh"));
        Files.delete(account.authorizedKeys());
        Files.delete(account.authorizedKeys().getParent());
        Predecessor nobody = new Predecessor(Optional.empty(), Optional.empty());

        try (HostVisit visit = hosts.visit(keyOf("fresh", account.keysOnServer(), true))) {
            visit.preflight(nobody);
            visit.install(candidate, nobody);
            assertThat(visit.login(candidate, List.of())).isEqualTo(Verdict.ACCEPTED);
        }
    }

    /** Cut off after {@code mkdir}: sshd refuses the keys in a directory that is the administrator's. */
    @Test
    void givesAwayADirectoryThatItCouldOnlyMakeTheLastTime() throws Exception {
        Account account = sshd.add(NewAccount.shell("cutoff"));
        Path directory = account.authorizedKeys().getParent();
        Files.delete(account.authorizedKeys());
        Files.setAttribute(directory, "unix:uid", 0);
        Files.setAttribute(directory, "unix:gid", 0);
        Predecessor nobody = new Predecessor(Optional.empty(), Optional.empty());

        try (HostVisit visit = hosts.visit(keyOf("cutoff", account.keysOnServer(), true))) {
            visit.install(candidate, nobody);
            assertThat(visit.login(candidate, List.of())).isEqualTo(Verdict.ACCEPTED);
        }

        assertThat(owners(directory)).containsExactly(account.uid(), account.uid());
        assertThat(owners(account.authorizedKeys())).containsExactly(account.uid(), account.uid());
        assertThat(Files.list(directory)).containsExactly(account.authorizedKeys());
    }

    @Test
    void leavesADirectoryOfTheAdministratorsThatIsInUse() throws Exception {
        Account account = sshd.add(NewAccount.shell("inuse"));
        Path directory = account.authorizedKeys().getParent();
        Files.delete(account.authorizedKeys());
        Files.writeString(directory.resolve("environment"), "A=b\n");
        Files.setAttribute(directory, "unix:uid", 0);
        Files.setAttribute(directory, "unix:gid", 0);

        try (HostVisit visit = hosts.visit(keyOf("inuse", account.keysOnServer(), true))) {
            visit.install(candidate, new Predecessor(Optional.empty(), Optional.empty()));
        }

        assertThat(owners(directory)).containsExactly(0, 0);
    }

    @Test
    void asksForAnOldKeyByItsPublicHalfAlone() throws Exception {
        Account account = sshd.add(NewAccount.shell("half").withKey(line(old)));
        Predecessor unadopted = new Predecessor(Optional.empty(), old.fingerprint());

        try (HostVisit visit = hosts.visit(keyOf("half", account.keysOnServer(), true))) {
            assertThat(visit.tryPredecessor(unadopted)).isEqualTo(Verdict.UNKNOWN);
            visit.preflight(unadopted);
            assertThat(visit.tryPredecessor(unadopted)).isEqualTo(Verdict.ACCEPTED);
            visit.install(candidate, unadopted);
            visit.withdraw(unadopted, candidate);
            assertThat(visit.tryPredecessor(unadopted)).isEqualTo(Verdict.REFUSED);
        }
        assertThat(sshd.logins("half").accepted()).isZero();
    }

    @Test
    void neverOffersACredentialToAHostWithAnotherKey() throws Exception {
        sshd.add(NewAccount.shell("stranger").withKey(line(old)).withPassword("Old-words-1"));
        HostKeyTrust wrong = new HostKeyTrust.Pinned(
                Fingerprint.ofBlob(TestCredentials.newKey().publicKey().blob()));
        ManagedCredential credential = TestCredentials.key(address("stranger"), wrong);

        try (HostVisit visit = hosts.visit(credential)) {
            HostException failure = catchThrowableOfType(HostException.class, () -> visit.login(old, List.of()));
            assertThat(failure.fault()).isEqualTo(Fault.HOST_KEY_CHANGED);
            assertThat(failure).hasMessageContaining(sshd.hostKeyFingerprint());
            assertFault(Fault.HOST_KEY_CHANGED, () -> visit.login(TestCredentials.password("Old-words-1"), List.of()));
        }
        assertThat(sshd.logins("stranger")).isEqualTo(new Logins(0, 0, 0));
        assertThat(sshd.log()).doesNotContain("stranger");
    }

    @Test
    void trustsKnownHostsAndNothingElse(@TempDir Path directory) throws Exception {
        sshd.add(NewAccount.shell("known").withKey(line(old)));
        Path file = directory.resolve("known_hosts");
        HostKeyTrust trust = new HostKeyTrust.KnownHosts(file);
        ManagedCredential credential = TestCredentials.key(address("known"), trust);
        String name = "[127.0.0.1]:" + sshd.port();
        String other = line(TestCredentials.newKey());

        try (HostVisit visit = hosts.visit(credential)) {
            assertFault(Fault.HOST_KEY_UNKNOWN, () -> visit.login(old, List.of()));
            Files.writeString(file, "elsewhere.example " + sshd.hostKey() + "\n");
            assertFault(Fault.HOST_KEY_UNKNOWN, () -> visit.login(old, List.of()));
            Files.writeString(file, name + " " + other + "\n");
            assertFault(Fault.HOST_KEY_CHANGED, () -> visit.login(old, List.of()));
            Files.writeString(file, "@revoked * " + sshd.hostKey() + "\n" + name + " " + sshd.hostKey() + "\n");
            assertFault(Fault.HOST_KEY_REVOKED, () -> visit.login(old, List.of()));
            assertThat(sshd.logins("known")).isEqualTo(new Logins(0, 0, 0));

            Files.writeString(file, name + " " + sshd.hostKey() + "\n");
            assertThat(visit.login(old, List.of())).isEqualTo(Verdict.ACCEPTED);
        }
    }

    @Test
    void findsThePinnedKeyAmongSeveralOfOneHost() throws Exception {
        KeyFiles rsa = KeyFiles.make("rsa");
        KeyFiles ecdsa = KeyFiles.make("ecdsa");
        try (RealSshd several = RealSshd.builder()
                .account(NewAccount.shell("acme").withKey(line(old)))
                .start()) {
            several.stop();
            Path ssh = several.etc().resolve("ssh");
            for (KeyFiles extra : List.of(rsa, ecdsa)) {
                Path file = ssh.resolve("extra_" + extra.publicLine().substring(0, 6));
                Files.write(file, extra.privateKey());
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
                Files.writeString(
                        ssh.resolve("sshd_config"),
                        "HostKey /etc/ssh/" + file.getFileName() + "\n" + Files.readString(ssh.resolve("sshd_config")));
            }
            several.start();
            for (KeyFiles pinned : List.of(rsa, ecdsa)) {
                HostKeyTrust trust = new HostKeyTrust.Pinned(
                        dev.keyturn.secret.PublicKey.parse(pinned.publicLine()).fingerprint());
                try (HostVisit visit = hosts.visit(TestCredentials.key(
                        new dev.keyturn.rotation.Account(several.host(), several.port(), "acme"), trust))) {
                    assertThat(visit.login(old, List.of())).isEqualTo(Verdict.ACCEPTED);
                }
            }
        }
    }

    @Test
    void setsAPasswordThroughSudo() throws Exception {
        sshd.add(NewAccount.shell("bysudo").withPassword("Old-words-1"));
        LoginSecret.Password first = TestCredentials.password("Old-words-1");
        LoginSecret.Password next = TestCredentials.password("New:words \u00fc'\"$-1");
        InstallMethod method = new InstallMethod.Chpasswd(
                TestCredentials.administrator("pwadmin", ADMINISTRATOR), InstallMethod.Chpasswd.DEFAULT_COMMAND);

        try (HostVisit visit = hosts.visit(passwordOf("bysudo", method))) {
            visit.preflight(Predecessor.of(first));
            visit.install(next, Predecessor.of(first));
            assertThat(visit.login(next, List.of())).isEqualTo(Verdict.ACCEPTED);
            assertThat(visit.tryPredecessor(Predecessor.of(first))).isEqualTo(Verdict.REFUSED);
            visit.uninstall(next, Predecessor.of(first));
            assertThat(visit.login(first, List.of())).isEqualTo(Verdict.ACCEPTED);
        }
        assertThat(sshd.logins("bysudo")).isEqualTo(new Logins(2, 0, 1));
    }

    @Test
    void saysThatSudoDoesNotLetTheAdministrator() throws Exception {
        sshd.add(NewAccount.shell("nobody-special").withKey(line(ADMINISTRATOR)));
        InstallMethod method = new InstallMethod.Chpasswd(
                TestCredentials.administrator("nobody-special", ADMINISTRATOR), InstallMethod.Chpasswd.DEFAULT_COMMAND);

        try (HostVisit visit = hosts.visit(passwordOf("x", method))) {
            assertFault(Fault.PERMISSION, () -> visit.preflight(new Predecessor(Optional.empty(), Optional.empty())));
        }
    }

    @Test
    void changesItsOwnPasswordWithPasswd() throws Exception {
        sshd.add(NewAccount.shell("self").withPassword("Old-words-1"));
        LoginSecret.Password first = TestCredentials.password("Old-words-1");
        LoginSecret.Password next = TestCredentials.password("Quite-New-2-words");

        try (HostVisit visit = hosts.visit(passwordOf("self", new InstallMethod.Passwd()))) {
            visit.preflight(Predecessor.of(first));
            assertFault(
                    Fault.PASSWORD_REJECTED,
                    () -> visit.install(TestCredentials.password("abc"), Predecessor.of(first)));
            visit.install(next, Predecessor.of(first));
            assertThat(visit.login(next, List.of())).isEqualTo(Verdict.ACCEPTED);
            assertThat(visit.tryPredecessor(Predecessor.of(first))).isEqualTo(Verdict.REFUSED);
        }
    }

    @Test
    void changesAnExpiredPassword() throws Exception {
        sshd.add(NewAccount.shell("expired").withPassword("Old-words-1").withExpiredPassword());
        LoginSecret.Password first = TestCredentials.password("Old-words-1");
        LoginSecret.Password next = TestCredentials.password("Quite-New-2-words");

        try (HostVisit visit = hosts.visit(passwordOf("expired", new InstallMethod.Passwd()))) {
            assertFault(Fault.PASSWORD_EXPIRED, () -> visit.login(first, List.of()));
            visit.preflight(Predecessor.of(first));
            visit.install(next, Predecessor.of(first));
            assertThat(visit.login(next, List.of())).isEqualTo(Verdict.ACCEPTED);
        }
    }

    @Test
    void changesAnExpiredPasswordByKeyboardInteractive() throws Exception {
        try (RealSshd interactive = RealSshd.builder()
                .option("PasswordAuthentication no")
                .option("KbdInteractiveAuthentication yes")
                .account(NewAccount.shell("acme").withPassword("Old-words-1").withExpiredPassword())
                .account(NewAccount.chrootedAtHome("jailed")
                        .withPassword("Old-words-1")
                        .withExpiredPassword())
                .start()) {
            for (String user : List.of("acme", "jailed")) {
                LoginSecret.Password first = TestCredentials.password("Old-words-1");
                LoginSecret.Password next = TestCredentials.password("Quite-New-2-words");
                ManagedCredential credential = TestCredentials.password(
                        new dev.keyturn.rotation.Account(interactive.host(), interactive.port(), user),
                        new HostKeyTrust.Pinned(new Fingerprint(interactive.hostKeyFingerprint())),
                        new InstallMethod.Passwd());
                try (HostVisit visit = hosts.visit(credential)) {
                    assertFault(Fault.PASSWORD_EXPIRED, () -> visit.login(first, List.of()));
                    visit.preflight(Predecessor.of(first));
                    visit.install(next, Predecessor.of(first));
                    assertThat(visit.login(next, List.of())).isEqualTo(Verdict.ACCEPTED);
                    assertThat(visit.login(first, List.of())).isEqualTo(Verdict.REFUSED);
                }
            }
        }
    }

    @Test
    void reportsAnExpiredPasswordOfAnAccountThatLogsInWithAKey() throws Exception {
        sshd.add(NewAccount.shell("keyexpired")
                .withKey(line(old))
                .withPassword("Old-words-1")
                .withExpiredPassword());

        try (HostVisit visit = hosts.visit(keyOf("keyexpired"))) {
            assertFault(Fault.PASSWORD_EXPIRED, () -> visit.login(old, List.of()));
        }
    }

    @Test
    void reportsAnAccountThatHasNoSftp() throws Exception {
        sshd.add(NewAccount.shell("nosftp").withKey("command=\"/bin/false\" " + line(old)));

        try (HostVisit visit = hosts.visit(keyOf("nosftp"))) {
            assertFault(Fault.NO_SFTP, () -> visit.login(old, List.of()));
            assertThat(visit.tryPredecessor(predecessor)).isEqualTo(Verdict.ACCEPTED);
        }
    }

    @Test
    void takesAKeyThatIsNotEnoughForNoRefusal() throws Exception {
        try (RealSshd both = RealSshd.builder()
                .option("AuthenticationMethods publickey,password")
                .account(NewAccount.shell("acme").withKey(line(old)).withPassword("Old-words-1"))
                .start()) {
            ManagedCredential credential = TestCredentials.key(
                    new dev.keyturn.rotation.Account(both.host(), both.port(), "acme"),
                    new HostKeyTrust.Pinned(new Fingerprint(both.hostKeyFingerprint())));
            try (HostVisit visit = hosts.visit(credential)) {
                assertFault(Fault.AUTHENTICATION_REFUSED, () -> visit.login(old, List.of()));
                assertThat(visit.tryPredecessor(predecessor)).isEqualTo(Verdict.ACCEPTED);
            }
        }
    }

    @Test
    void reportsAHostThatIsDown() throws Exception {
        try (RealSshd down = RealSshd.builder().start()) {
            down.stop();
            ManagedCredential credential = TestCredentials.key(
                    new dev.keyturn.rotation.Account(down.host(), down.port(), "acme"),
                    new HostKeyTrust.Pinned(new Fingerprint(down.hostKeyFingerprint())));
            try (HostVisit visit = hosts.visit(credential)) {
                assertFault(Fault.CONNECTION_REFUSED, () -> visit.login(old, List.of()));
            }
        }
    }

    private void rotate(ManagedCredential credential, List<String> directories) throws HostException {
        try (HostVisit visit = hosts.visit(credential)) {
            visit.preflight(predecessor);
            visit.install(candidate, predecessor);
            assertThat(visit.login(candidate, directories)).isEqualTo(Verdict.ACCEPTED);
            visit.withdraw(predecessor, candidate);
            assertThat(visit.tryPredecessor(predecessor)).isEqualTo(Verdict.REFUSED);
        }
    }

    private static Verdict login(String user, LoginSecret secret) throws HostException {
        try (HostVisit visit = hosts.visit(keyOf(user))) {
            return visit.login(secret, List.of());
        }
    }

    private static void assertFault(Fault fault, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.fault()).as(e.getMessage()).isEqualTo(fault));
    }

    private static ManagedCredential keyOf(String user) {
        return keyOf(user, InstallMethod.AuthorizedKeys.DEFAULT_PATH, false);
    }

    private static ManagedCredential keyOf(String user, String path, boolean administrator) {
        return TestCredentials.key(
                address(user),
                trust(),
                new InstallMethod.AuthorizedKeys(
                        path,
                        administrator
                                ? Optional.of(TestCredentials.administrator("keyadmin", ADMINISTRATOR))
                                : Optional.empty()));
    }

    private static ManagedCredential passwordOf(String user, InstallMethod method) {
        return TestCredentials.password(address(user), trust(), method);
    }

    private static dev.keyturn.rotation.Account address(String user) {
        return new dev.keyturn.rotation.Account(sshd.host(), sshd.port(), user);
    }

    private static HostKeyTrust trust() {
        return new HostKeyTrust.Pinned(new Fingerprint(sshd.hostKeyFingerprint()));
    }

    private static List<Object> owners(Path file) throws java.io.IOException {
        return List.of(Files.getAttribute(file, "unix:uid"), Files.getAttribute(file, "unix:gid"));
    }

    private static String line(LoginSecret.KeyPair pair) {
        return pair.publicKey().line();
    }

    private static String read(Account account) throws java.io.IOException {
        return Files.readString(account.authorizedKeys(), StandardCharsets.ISO_8859_1);
    }

    private static void write(Account account, String content) throws java.io.IOException {
        Files.writeString(account.authorizedKeys(), content, StandardCharsets.ISO_8859_1);
    }
}
