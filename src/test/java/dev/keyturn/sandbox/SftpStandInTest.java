package dev.keyturn.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClient.CopyMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SftpStandInTest {
    private static final OpensshKeys KEYS = OpensshKeys.ed25519();

    private SftpStandIn host;

    @BeforeEach
    void start() throws IOException {
        host = SftpStandIn.start();
    }

    @AfterEach
    void stop() throws IOException {
        host.close();
    }

    @Test
    void logsInWithAnAuthorisedKeyAndStartsAtHome() throws IOException {
        host.account("dromo").withKey(KEYS.publicLine()).withDirectory("uploads");

        try (SftpClientSession login = SftpClientSession.withKey(host, "dromo", KEYS);
                SftpClient sftp = login.sftp()) {
            assertThat(sftp.canonicalPath(".")).isEqualTo("/home/dromo");
            assertThat(names(sftp, ".")).contains("uploads", ".ssh");
            assertThat(login.hostKeyFingerprint()).isEqualTo(host.hostKeyFingerprint());
        }
        assertThat(host.loginLog()).singleElement().satisfies(attempt -> {
            assertThat(attempt.user()).isEqualTo("dromo");
            assertThat(attempt.method()).isEqualTo("publickey");
            assertThat(attempt.accepted()).isTrue();
            assertThat(attempt.fingerprint()).isEqualTo(KEYS.fingerprint());
        });
    }

    @Test
    void takesEveryKindOfKeyThatKeyturnMakes() throws IOException {
        SftpAccount account = host.account("dromo");
        for (OpensshKeys keys : List.of(OpensshKeys.ecdsa(256), OpensshKeys.ecdsa(521), OpensshKeys.rsa(3072))) {
            account.withKey(keys.publicLine());
            SftpClientSession.withKey(host, "dromo", keys).close();
        }
    }

    @Test
    void readsAuthorisedKeysAgainAtEachLogin() throws IOException {
        SftpAccount account = host.account("dromo").withKey(KEYS.publicLine());
        SftpClientSession.withKey(host, "dromo", KEYS).close();

        Files.writeString(account.keysFile(), "# nobody\n");

        assertThatThrownBy(() -> SftpClientSession.withKey(host, "dromo", KEYS)).isInstanceOf(IOException.class);
        assertThat(host.loginLog()).extracting(LoginAttempt::accepted).containsExactly(true, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=\"10.0.0.1,127.0.0.1\",command=\"echo \\\"a b\\\"\",restrict %s",
                "no-pty,no-port-forwarding %s",
                "# comment\r\n\r\n%s\r",
                "nonsense\n  \t%s trailing words"
            })
    void findsTheKeyBehindOptionsAndBeforeCarriageReturns(String lines) throws IOException {
        SftpAccount account = host.account("dromo").withKey("");
        Files.writeString(account.keysFile(), lines.formatted(KEYS.publicLine()) + "\n");

        SftpClientSession.withKey(host, "dromo", KEYS).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"#%s", "command=\"%s\" nothing"})
    void doesNotTakeAKeyThatIsNotOnALineOfItsOwn(String line) throws IOException {
        SftpAccount account = host.account("dromo").withKey("");
        Files.writeString(account.keysFile(), line.formatted(KEYS.publicLine()) + "\n");

        assertThatThrownBy(() -> SftpClientSession.withKey(host, "dromo", KEYS)).isInstanceOf(IOException.class);
    }

    @Test
    void logsInWithTheRightPasswordOnly() throws IOException {
        host.account("dromo").withPassword("right-password");

        SftpClientSession.withPassword(host, "dromo", "right-password").close();
        assertThatThrownBy(() -> SftpClientSession.withPassword(host, "dromo", "wrong-password"))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> SftpClientSession.withPassword(host, "nobody", "right-password"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void keepsAccountsOutOfEachOthersHomes() throws IOException {
        host.account("dromo").withPassword("right-password");
        host.account("other").withDirectory("private");
        host.account("admin").withPassword("right-password").asAdministrator();

        try (SftpClientSession login = SftpClientSession.withPassword(host, "dromo", "right-password");
                SftpClient sftp = login.sftp()) {
            assertThatThrownBy(() -> names(sftp, "/home/other")).hasMessageContaining("Permission denied");
        }
        try (SftpClientSession login = SftpClientSession.withPassword(host, "admin", "right-password");
                SftpClient sftp = login.sftp()) {
            assertThat(names(sftp, "/home/other")).contains("private");
        }
    }

    @Test
    void showsAChrootedAccountItsHomeAsTheRoot() throws IOException {
        host.account("other");
        host.chrootedAccount("jailed").withKey(KEYS.publicLine());

        try (SftpClientSession login = SftpClientSession.withKey(host, "jailed", KEYS);
                SftpClient sftp = login.sftp()) {
            assertThat(sftp.canonicalPath(".")).isEqualTo("/");
            assertThat(names(sftp, "/../..")).containsExactly(".ssh");
        }
    }

    @Test
    void overwritesWithPosixRenameAndNotWithPlainRename() throws IOException {
        SftpAccount account = host.account("dromo").withKey(KEYS.publicLine());
        try (SftpClientSession login = SftpClientSession.withKey(host, "dromo", KEYS);
                SftpClient sftp = login.sftp()) {
            write(sftp, ".ssh/new", "# rewritten\n");
            assertThatThrownBy(() -> sftp.rename(".ssh/new", ".ssh/authorized_keys"))
                    .hasMessage("General failure");
            assertThat(sftp.getServerExtensions()).containsKey("posix-rename@openssh.com");
            sftp.rename(".ssh/new", ".ssh/authorized_keys", CopyMode.Atomic, CopyMode.Overwrite);
        }
        assertThat(account.authorizedKeys()).isEqualTo("# rewritten\n");
    }

    @Test
    void changesPasswordsByChpasswdForAdministratorsOnly() throws IOException {
        host.account("admin").withKey(KEYS.publicLine()).asAdministrator();
        SftpAccount account = host.account("dromo").withKey(KEYS.publicLine()).withPassword("old-password");

        try (SftpClientSession login = SftpClientSession.withKey(host, "dromo", KEYS)) {
            assertThat(login.run("sudo -n /usr/sbin/chpasswd", "dromo:stolen-password\n"))
                    .isEqualTo(new SftpClientSession.Outcome("sudo: a password is required\n", 1));
        }
        try (SftpClientSession login = SftpClientSession.withKey(host, "admin", KEYS)) {
            assertThat(login.run("sudo -n /usr/sbin/chpasswd", "dromo:new:password\n")
                            .status())
                    .isZero();
            assertThat(login.run("sudo -n /usr/sbin/chpasswd", "nobody:new-password\n"))
                    .satisfies(outcome -> {
                        assertThat(outcome.status()).isEqualTo(1);
                        assertThat(outcome.output()).contains("line 1, user nobody", "password not changed");
                    });
        }
        assertThat(account.password()).isEqualTo("new:password");
    }

    private static List<String> names(SftpClient sftp, String directory) throws IOException {
        return StreamSupport.stream(sftp.readDir(directory).spliterator(), false)
                .map(SftpClient.DirEntry::getFilename)
                .filter(name -> !name.equals(".") && !name.equals(".."))
                .toList();
    }

    private static void write(SftpClient sftp, String path, String text) throws IOException {
        try (OutputStream out = sftp.write(path)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    static String read(SftpClient sftp, String path) throws IOException {
        try (InputStream in = sftp.read(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
