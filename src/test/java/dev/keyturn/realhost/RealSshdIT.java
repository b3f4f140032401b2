package dev.keyturn.realhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@RequiresSshd
class RealSshdIT {

    private static final KeyFiles KEY = KeyFiles.make("ed25519");
    private static final KeyFiles OTHER = KeyFiles.make("ed25519");

    private static RealSshd sshd;

    @BeforeAll
    static void start() {
        sshd = RealSshd.builder()
                .account(NewAccount.shell("acme").withKey(KEY.publicLine()).withPassword("Right-words-1"))
                .account(NewAccount.chrootedAboveHome("above")
                        .withKey(KEY.publicLine())
                        .withPassword("Right-words-2"))
                .account(NewAccount.chrootedAtHome("athome")
                        .withKey(KEY.publicLine())
                        .withPassword("Right-words-3"))
                .account(NewAccount.keysOutsideHome("outside").withKey(KEY.publicLine()))
                .account(NewAccount.passwordAdministrator("pwadmin").withKey(KEY.publicLine()))
                .account(NewAccount.keyAdministrator("keyadmin").withKey(OTHER.publicLine()))
                .start();
    }

    @AfterAll
    static void stop() {
        sshd.close();
    }

    @Test
    void acceptsTheInstalledKeyAndRefusesAnother() {
        sshd.add(NewAccount.shell("counted").withKey(KEY.publicLine()));

        assertThat(sshd.client().login("counted", KEY.privateKey())).isEqualTo(Login.ACCEPTED);
        assertThat(sshd.client().login("counted", OTHER.privateKey())).isEqualTo(Login.REFUSED);

        assertThat(sshd.logins("counted")).isEqualTo(new Logins(1, 0, 1));
    }

    @Test
    void acceptsTheRightPasswordAndRefusesAnother() {
        assertThat(sshd.client().login("acme", "Right-words-1")).isEqualTo(Login.ACCEPTED);
        assertThat(sshd.client().login("acme", "Wrong-words-1")).isEqualTo(Login.REFUSED);
        assertThat(sshd.client().login("outside", "")).isEqualTo(Login.REFUSED);
    }

    @Test
    void takesAKeyWrittenToTheFileFromTheTest() {
        Account late = sshd.add(NewAccount.shell("late"));
        assertThat(sshd.client().login("late", KEY.privateKey())).isEqualTo(Login.REFUSED);

        late.setKeys("# kept", KEY.publicLine());

        assertThat(sshd.client().login("late", KEY.privateKey())).isEqualTo(Login.ACCEPTED);
        assertThat(late.keys()).containsExactly("# kept", KEY.publicLine());
    }

    @Test
    void startsAChrootedSessionInTheRootWhenTheHomeIsBelowIt() {
        Finished listing = session("above", "pwd", "ls -1 /home/above/.ssh", "-ls -1 .ssh");

        assertThat(listing.output()).contains("Remote working directory: /\n", "/home/above/.ssh/authorized_keys");
        assertThat(listing.errors()).contains("Can't ls: \"/.ssh\" not found");
        assertThat(sshd.client().login("above", "Right-words-2")).isEqualTo(Login.ACCEPTED);
    }

    @Test
    void startsAChrootedSessionInTheHomeWhenThatIsTheRoot() {
        Finished listing = session("athome", "pwd", "ls -1 .ssh", "-mkdir forbidden", "mkdir uploads/allowed");

        assertThat(listing.output()).contains("Remote working directory: /\n", ".ssh/authorized_keys");
        assertThat(listing.errors()).contains("remote mkdir \"/forbidden\": Permission denied");
        assertThat(sshd.account("athome").home().resolve("uploads/allowed")).isDirectory();
        assertThat(sshd.client().login("athome", "Right-words-3")).isEqualTo(Login.ACCEPTED);
    }

    @Test
    void givesChrootedAccountsNoShell() {
        assertThat(sshd.client().ssh("athome", KEY.privateKey(), "", "id").output())
                .doesNotContain("uid=");
        assertThat(sshd.client().ssh("acme", KEY.privateKey(), "", "id").output())
                .contains("uid=");
    }

    @Test
    void ignoresTheKeysInTheHomeOfAnAccountWhoseKeysAreElsewhere() throws IOException {
        Account outside = sshd.account("outside");
        Files.write(outside.home().resolve(".ssh/authorized_keys"), List.of(OTHER.publicLine()));

        assertThat(sshd.client().login("outside", KEY.privateKey())).isEqualTo(Login.ACCEPTED);
        assertThat(sshd.client().login("outside", OTHER.privateKey())).isEqualTo(Login.REFUSED);
        Finished attempt = session("outside", "rm " + outside.keysInSession());
        assertThat(attempt.status()).isEqualTo(1);
        assertThat(outside.keys()).containsExactly(KEY.publicLine());
    }

    @Test
    void letsTheKeyAdministratorChangeOtherAccountsKeys() {
        Account target = sshd.add(NewAccount.chrootedAboveHome("target").withKey(KEY.publicLine()));
        String path = target.keysOnServer();

        Finished moved =
                sshd.client().sftp("keyadmin", OTHER.privateKey(), null, "rename " + path + " " + path + ".old\n");

        assertThat(moved.status()).isEqualTo(0);
        assertThat(target.authorizedKeys()).doesNotExist();
        assertThat(sshd.client().login("target", KEY.privateKey())).isEqualTo(Login.REFUSED);
    }

    @Test
    void changesAPasswordBySudoWithoutTouchingTheMachine() throws IOException {
        byte[] shadow = Files.readAllBytes(Path.of("/etc/shadow"));
        byte[] passwd = Files.readAllBytes(Path.of("/etc/passwd"));
        sshd.add(NewAccount.shell("changed").withPassword("Old-words-4"));
        String before = sshd.shadowLine("changed");

        Finished chpasswd = sshd.client()
                .ssh("pwadmin", KEY.privateKey(), "changed:New-words-5\n", "sudo", "-n", "/usr/sbin/chpasswd");

        assertThat(chpasswd.status()).as(chpasswd.errors()).isEqualTo(0);
        assertThat(chpasswd.errors()).isEmpty();
        assertThat(sshd.shadowLine("changed")).isNotEqualTo(before);
        assertThat(sshd.client().login("changed", "New-words-5")).isEqualTo(Login.ACCEPTED);
        assertThat(sshd.client().login("changed", "Old-words-4")).isEqualTo(Login.REFUSED);
        assertThat(Files.readAllBytes(Path.of("/etc/shadow"))).isEqualTo(shadow);
        assertThat(Files.readAllBytes(Path.of("/etc/passwd"))).isEqualTo(passwd);
    }

    @Test
    void allowsTheAdministratorNothingButChpasswd() {
        Finished cat = sshd.client().ssh("pwadmin", KEY.privateKey(), "", "sudo", "-n", "/bin/cat", "/etc/shadow");
        Finished other = sshd.client().ssh("acme", KEY.privateKey(), "", "sudo", "-n", "/usr/sbin/chpasswd");

        assertThat(cat.status()).isEqualTo(1);
        assertThat(cat.output()).isEmpty();
        assertThat(other.status()).isEqualTo(1);
    }

    @Test
    void tellsAnExpiredPasswordFromAWrongOne() {
        sshd.add(NewAccount.shell("expired")
                .withKey(KEY.publicLine())
                .withPassword("Stale-words-6")
                .withExpiredPassword());

        assertThat(sshd.client().login("expired", "Stale-words-6")).isEqualTo(Login.PASSWORD_EXPIRED);
        assertThat(sshd.client().login("expired", KEY.privateKey())).isEqualTo(Login.PASSWORD_EXPIRED);
        assertThat(sshd.client().login("expired", "Wrong-words-6")).isEqualTo(Login.REFUSED);

        sshd.add(NewAccount.chrootedAtHome("jailed-expired")
                .withKey(KEY.publicLine())
                .withPassword("Stale-words-6")
                .withExpiredPassword());
        assertThat(sshd.client().login("jailed-expired", "Stale-words-6")).isEqualTo(Login.PASSWORD_EXPIRED);
        assertThat(sshd.client().login("jailed-expired", KEY.privateKey())).isEqualTo(Login.PASSWORD_EXPIRED);
    }

    @Test
    void neverTakesAFailureForARefusal() {
        OpensshClient wrongPin = new OpensshClient(sshd.host(), sshd.port(), OTHER.publicLine());
        assertThatThrownBy(() -> wrongPin.login("acme", KEY.privateKey()))
                .hasMessageContaining("Host key verification failed");

        byte[] torn = "-----BEGIN OPENSSH PRIVATE KEY-----\n".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> sshd.client().login("acme", torn)).hasMessageContaining("Load key");

        try (RealSshd other = RealSshd.builder()
                .account(NewAccount.shell("acme").withKey(KEY.publicLine()))
                .start()) {
            other.stop();
            assertThatThrownBy(() -> other.client().login("acme", KEY.privateKey()))
                    .hasMessageContaining("Connection refused");
        }
    }

    @Test
    void comesBackOnTheSamePortWithTheSameKeyAndAccounts() {
        try (RealSshd other = RealSshd.builder()
                .account(NewAccount.shell("acme").withKey(KEY.publicLine()).withPassword("Right-words-7"))
                .start()) {
            OpensshClient before = other.client();
            other.stop();
            assertThatThrownBy(() -> new Socket(other.host(), other.port()).close())
                    .isInstanceOf(ConnectException.class);

            other.start();

            assertThat(before.login("acme", KEY.privateKey())).isEqualTo(Login.ACCEPTED);
            assertThat(before.login("acme", "Right-words-7")).isEqualTo(Login.ACCEPTED);
        }
    }

    @Test
    void asksForKeyAndPasswordWhereBothAreDemanded() {
        try (RealSshd both = RealSshd.builder()
                .option("AuthenticationMethods publickey,password")
                .account(NewAccount.shell("acme").withKey(KEY.publicLine()).withPassword("Right-words-8"))
                .start()) {
            assertThat(both.client().login("acme", KEY.privateKey(), "Right-words-8"))
                    .isEqualTo(Login.ACCEPTED);
            assertThat(both.client().login("acme", KEY.privateKey())).isEqualTo(Login.REFUSED);
            assertThat(both.client().login("acme", "Right-words-8")).isEqualTo(Login.REFUSED);
            assertThat(both.logins("acme")).isEqualTo(new Logins(1, 2, 0));
        }
    }

    @Test
    void obeysOptionsMatchBlocksAndHostKeyAlgorithm() {
        try (RealSshd other = RealSshd.builder()
                .option("KbdInteractiveAuthentication no")
                .option("Match User acme\n    PasswordAuthentication no")
                .hostKeyAlgorithm("ecdsa")
                .logLevel("DEBUG")
                .account(NewAccount.shell("acme").withPassword("Right-words-9"))
                .account(NewAccount.shell("other").withPassword("Right-words-9"))
                .start()) {
            assertThat(other.hostKey()).startsWith("ecdsa-sha2-nistp256 ");
            assertThat(other.client().login("acme", "Right-words-9")).isEqualTo(Login.REFUSED);
            assertThat(other.client().login("other", "Right-words-9")).isEqualTo(Login.ACCEPTED);
            assertThat(other.log()).contains("debug1:");
        }
    }

    @Test
    void takesFaultsThatOnlyTheServerSees() {
        Account frozen = sshd.add(NewAccount.shell("frozen").withKey(KEY.publicLine()));
        sshd.runInside("", "mount", "--bind", "/home/frozen", "/home/frozen");
        sshd.runInside("", "mount", "-o", "remount,bind,ro", "/home/frozen");

        Finished session = session("frozen", "rm .ssh/authorized_keys");

        assertThat(session.errors()).contains("remote delete /home/frozen/.ssh/authorized_keys: Failure");
        frozen.setKeys(OTHER.publicLine());
        assertThat(sshd.client().login("frozen", OTHER.privateKey())).isEqualTo(Login.ACCEPTED);
    }

    @Test
    void refusesThePasswordOfALockedAccount() {
        sshd.add(NewAccount.shell("locked").withKey(KEY.publicLine()).withPassword("Right-words-11"));

        sshd.runInside("", "usermod", "-L", "locked");

        assertThat(sshd.client().login("locked", "Right-words-11")).isEqualTo(Login.REFUSED);
    }

    @Test
    void delaysRefusalsOnlyOnRequest() {
        Duration delayed;
        try (RealSshd slow = RealSshd.builder()
                .delayedRefusals()
                .account(NewAccount.shell("acme").withPassword("Right-words-10"))
                .start()) {
            // PAM's delay is 2 s, give or take a quarter or half; the client tries once by each of two methods.
            delayed = timeToRefuse(slow);
            assertThat(delayed).isGreaterThan(Duration.ofSeconds(1));
        }
        // A busy machine may take as long once, but not each time.
        assertThat(Stream.generate(() -> timeToRefuse(sshd)).limit(20).anyMatch(time -> time.compareTo(delayed) < 0))
                .isTrue();
    }

    @Test
    void addsAccountsFromSeveralThreadsWhilePasswordsChange() {
        List<Login> logins = IntStream.range(0, 12)
                .parallel()
                .mapToObj(i -> {
                    String name = "thread-" + i;
                    sshd.add(NewAccount.shell(name).withPassword("Old-words-" + i));
                    Finished chpasswd = sshd.client()
                            .ssh(
                                    "pwadmin",
                                    KEY.privateKey(),
                                    name + ":New-words-" + i,
                                    "sudo",
                                    "-n",
                                    "/usr/sbin/chpasswd");
                    assertThat(chpasswd.status()).as(chpasswd.errors()).isEqualTo(0);
                    return sshd.client().login(name, "New-words-" + i);
                })
                .toList();

        assertThat(logins).hasSize(12).containsOnly(Login.ACCEPTED);
    }

    @Test
    void printsTheFingerprintThatSshKeygenPrints() {
        Finished printed = new Command(
                        "/usr/bin/ssh-keygen",
                        "-lf",
                        sshd.etc().resolve("ssh/host_key.pub").toString())
                .runOrFail();

        assertThat(printed.output().split(" ")[1]).isEqualTo(sshd.hostKeyFingerprint());
    }

    @Test
    void hasTwoHundredAccounts() {
        List<NewAccount> fleet = IntStream.range(0, 200)
                .mapToObj(i ->
                        NewAccount.shell("fleet-" + i).withKey(KEY.publicLine()).withPassword("Words-for-" + i))
                .toList();
        try (RealSshd big = RealSshd.builder().accounts(fleet).start()) {
            assertThat(big.client().login("fleet-199", KEY.privateKey())).isEqualTo(Login.ACCEPTED);
            assertThat(big.client().login("fleet-0", "Words-for-0")).isEqualTo(Login.ACCEPTED);
            assertThat(big.client().login("fleet-0", "Words-for-1")).isEqualTo(Login.REFUSED);
        }
    }

    private static Duration timeToRefuse(RealSshd server) {
        Instant begin = Instant.now();
        assertThat(server.client().login("acme", "Wrong-words-10")).isEqualTo(Login.REFUSED);
        return Duration.between(begin, Instant.now());
    }

    private static Finished session(String account, String... lines) {
        return sshd.client().sftp(account, KEY.privateKey(), null, String.join("\n", lines) + "\n");
    }
}
