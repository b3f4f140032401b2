package dev.keyturn.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClient.CopyMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SftpFaultsTest {
    private static final OpensshKeys KEYS = OpensshKeys.ed25519();

    private SftpStandIn host;
    private SftpAccount account;

    @BeforeEach
    void start() throws IOException {
        host = SftpStandIn.start();
        account = host.account("dromo").withKey(KEYS.publicLine());
    }

    @AfterEach
    void stop() throws IOException {
        host.close();
    }

    @Test
    void refusesConnectionsUntilItAcceptsThemAgain() throws IOException {
        int port = host.port();
        host.refuseConnections();
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        host.acceptConnections();
        assertThat(host.port()).isEqualTo(port);
        login().close();
    }

    @Test
    void resetsNewConnections() throws IOException {
        host.faults().onNext(SftpFault.resetOnConnect());
        try (Socket socket = connect()) {
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        login().close();
    }

    @Test
    void resetsInTheMiddleOfTheHandshake() throws IOException {
        host.faults().onNext(SftpFault.resetAfter(200));
        assertThatThrownBy(this::login).isInstanceOf(IOException.class);
        assertThat(host.loginLog()).isEmpty();
        login().close();
    }

    @Test
    void acceptsConnectionsAndSaysNothing() throws IOException {
        host.faults().onNext(SftpFault.hangOnConnect());
        try (Socket socket = connect()) {
            socket.setSoTimeout(200);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void dropsConnectionsBeyondMaxStartups() throws IOException {
        host.faults().always(SftpFault.maxStartups(1));
        try (SftpClientSession authenticated = login();
                Socket first = connect()) {
            assertThat(authenticated.hostKeyFingerprint()).isNotEmpty();
            assertThat(first.getInputStream().read()).isEqualTo('S');
            try (Socket second = connect();
                    InputStream in = second.getInputStream()) {
                assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII))
                        .isEqualTo("Exceeded MaxStartups\r\n");
            }
        }
    }

    @Test
    void acceptsAnyCredentialOfItsAccounts() throws IOException {
        host.faults().onNext(2, SftpFault.acceptAnyCredential());
        SftpClientSession.withKey(host, "dromo", OpensshKeys.ed25519()).close();
        SftpClientSession.withPassword(host, "dromo", "anything").close();
        assertThat(host.faults().pending()).isZero();
        assertThatThrownBy(() -> SftpClientSession.withPassword(host, "dromo", "anything"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void refusesEverybodyAndLocksAccounts() throws IOException {
        host.faults().always(SftpFault.lockedAccount("dromo"));
        assertThatThrownBy(this::login).isInstanceOf(IOException.class);
        host.faults().clear();
        host.faults().always(SftpFault.refuseEveryCredential());
        assertThatThrownBy(this::login).isInstanceOf(IOException.class);
        host.faults().clear();
        account.locked(true);
        assertThatThrownBy(this::login).isInstanceOf(IOException.class);
        account.locked(false);
        login().close();
    }

    @Test
    void changesItsHostKey() throws IOException {
        String before = host.hostKeyFingerprint();
        host.changeHostKey();
        try (SftpClientSession login = login()) {
            assertThat(login.hostKeyFingerprint()).isNotEqualTo(before).isEqualTo(host.hostKeyFingerprint());
        }
    }

    @Test
    void showsOneConnectionAnotherHostKey() throws IOException {
        host.faults().onNext(SftpFault.anotherKey());
        try (SftpClientSession login = login()) {
            assertThat(login.hostKeyFingerprint()).isNotEqualTo(host.hostKeyFingerprint());
        }
        assertThat(host.faults().strikes()).isEqualTo(1);
        try (SftpClientSession login = login()) {
            assertThat(login.hostKeyFingerprint()).isEqualTo(host.hostKeyFingerprint());
        }
    }

    @Test
    void demandsTwoMethods() throws IOException {
        host.faults().onNext(SftpFault.demands("publickey,keyboard-interactive"));
        assertThatThrownBy(this::login).isInstanceOf(IOException.class);
        login().close();
    }

    @Test
    void resetsAroundALogin() throws IOException {
        host.faults().onNext(SftpFault.resetBefore(HostStep.LOGIN));
        assertThatThrownBy(this::login).isInstanceOf(IOException.class);
        host.faults().onNext(SftpFault.resetAfter(HostStep.LOGIN));
        assertThatThrownBy(this::login).isInstanceOf(IOException.class);
        login().close();

        account.withPassword("some-password");
        host.faults().onNext(SftpFault.resetBefore(HostStep.LOGIN));
        assertThatThrownBy(() -> SftpClientSession.withPassword(host, "dromo", "some-password"))
                .isInstanceOf(IOException.class);
        assertThat(host.faults().strikes()).isEqualTo(3);
    }

    @Test
    void hangsInTheMiddleOfTheHandshake() throws IOException {
        host.faults().onNext(SftpFault.hangAfter(5));
        try (Socket socket = connect()) {
            socket.setSoTimeout(200);
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readNBytes(5), StandardCharsets.US_ASCII)).isEqualTo("SSH-2");
            assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void keepsAFileFromItsOwner() throws IOException {
        host.faults().onNext(SftpFault.unreadable("authorized_keys"));
        try (SftpClientSession login = login();
                SftpClient sftp = login.sftp()) {
            assertThatThrownBy(() -> SftpStandInTest.read(sftp, ".ssh/authorized_keys"))
                    .hasMessageContaining("ermission denied");
            assertThat(SftpStandInTest.read(sftp, ".ssh/authorized_keys")).isEqualTo(account.authorizedKeys());
        }
    }

    @Test
    void fillsTheDisk() throws IOException {
        try (SftpClientSession login = login();
                SftpClient sftp = login.sftp()) {
            host.faults().onNext(SftpFault.diskFull());
            assertThatThrownBy(() -> write(sftp, "file", "text")).hasMessage("General failure");
            write(sftp, "file", "text");
        }
        assertThat(account.localHome().resolve("file")).hasContent("text");
    }

    @Test
    void keepsADirectoryReadOnly() throws IOException {
        String before = account.authorizedKeys();
        host.faults().always(SftpFault.readOnly(".ssh"));
        try (SftpClientSession login = login();
                SftpClient sftp = login.sftp()) {
            write(sftp, "elsewhere", "text");
            assertThatThrownBy(() -> write(sftp, ".ssh/new", "text")).hasMessageContaining("ermission denied");
            assertThatThrownBy(() -> sftp.rename("elsewhere", ".ssh/authorized_keys", CopyMode.Overwrite))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> sftp.remove(".ssh/authorized_keys")).isInstanceOf(IOException.class);
            assertThat(SftpStandInTest.read(sftp, ".ssh/authorized_keys")).isEqualTo(before);
        }
    }

    @Test
    void lacksPosixRename() throws IOException {
        host.faults().always(SftpFault.noPosixRename());
        try (SftpClientSession login = login();
                SftpClient sftp = login.sftp()) {
            assertThat(sftp.getServerExtensions()).containsKey("fsync@openssh.com");
            assertThat(sftp.getServerExtensions()).doesNotContainKey("posix-rename@openssh.com");
        }
    }

    @Test
    void resetsBeforeOrAfterAStep() throws IOException {
        host.faults().onNext(SftpFault.resetBefore(HostStep.RENAME));
        assertThatThrownBy(this::renameKeysFile).isInstanceOf(IOException.class);
        assertThat(account.keysFile()).exists();

        host.faults().onNext(SftpFault.resetAfter(HostStep.RENAME));
        assertThatThrownBy(this::renameKeysFile).isInstanceOf(IOException.class);
        assertThat(account.keysFile()).doesNotExist();
    }

    @Test
    void hangsAtAStepUntilTheClientLeaves() throws Exception {
        host.faults().onNext(SftpFault.hangBefore(HostStep.RENAME));
        CompletableFuture<Throwable> outcome = CompletableFuture.supplyAsync(
                () -> catchThrowable(this::renameKeysFile), task -> new Thread(task).start());
        // The fault is used up when the step has begun to hang.
        await(() -> host.faults().pending() == 0);
        assertThat(account.keysFile()).exists();
        host.resetConnections();
        assertThat(outcome.get(60, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        assertThat(account.keysFile()).exists();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Test
    void strikesAtPasswordChangesToo() throws IOException {
        account.withPassword("old-password");
        host.account("admin").withKey(KEYS.publicLine()).asAdministrator();
        host.faults()
                .onNext(SftpFault.before(HostStep.PASSWORD, Trouble.failure(new IOException("no"))))
                .after(0, SftpFault.resetAfter(HostStep.PASSWORD));
        try (SftpClientSession login = SftpClientSession.withKey(host, "admin", KEYS)) {
            assertThat(login.run("sudo -n /usr/sbin/chpasswd", "dromo:new-password\n")
                            .status())
                    .isEqualTo(1);
            assertThat(account.password()).isEqualTo("old-password");
            assertThat(login.run("sudo -n /usr/sbin/chpasswd", "dromo:new-password\n")
                            .status())
                    .isNull();
        }
        assertThat(account.password()).isEqualTo("new-password");
    }

    @Test
    void letsSomebodyElseEditAFileMeanwhile() throws IOException {
        host.faults().onNext(SftpFault.meanwhile(HostStep.RENAME, () -> append("# the admin was here\n")));
        renameKeysFile();
        assertThat(account.localHome().resolve("moved")).content().contains(KEYS.publicLine(), "the admin was here");
    }

    @Test
    void resetsOpenConnections() throws IOException {
        try (SftpClientSession login = login();
                SftpClient sftp = login.sftp()) {
            host.resetConnections();
            assertThatThrownBy(() -> sftp.stat(".")).isInstanceOf(IOException.class);
        }
        login().close();
    }

    private void append(String text) {
        try {
            Files.writeString(account.keysFile(), account.authorizedKeys() + text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void renameKeysFile() throws IOException {
        try (SftpClientSession login = login();
                SftpClient sftp = login.sftp()) {
            sftp.rename(".ssh/authorized_keys", "moved", CopyMode.Overwrite);
        }
    }

    private SftpClientSession login() throws IOException {
        return SftpClientSession.withKey(host, "dromo", KEYS);
    }

    private Socket connect() throws IOException {
        return new Socket(host.hostname(), host.port());
    }

    private static void write(SftpClient sftp, String path, String text) throws IOException {
        try (OutputStream out = sftp.write(path)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
