package dev.keyturn.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.UIKeyboardInteractive;
import com.jcraft.jsch.UserInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.sshd.client.auth.keyboard.UserInteraction;
import org.apache.sshd.client.session.ClientSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SftpPasswordTest {
    private SftpStandIn host;
    private SftpAccount account;

    @BeforeEach
    void start() throws IOException {
        host = SftpStandIn.start();
        account = host.account("dromo").withPassword("old-password");
    }

    @AfterEach
    void stop() throws IOException {
        host.close();
    }

    @Test
    void changesAPasswordByPasswdOnATerminal() throws IOException {
        try (SftpClientSession login = login();
                TerminalDialogue passwd = new TerminalDialogue(login, "LC_ALL=C passwd")) {
            passwd.answer("Current password: ", "old-password")
                    .answer("New password: ", "short")
                    .answer("Retype new password: ", "short")
                    .answer("New password: ", "new-password")
                    .answer("Retype new password: ", "new-password");
            assertThat(passwd.exitStatus()).isZero();
            assertThat(passwd.transcript())
                    .contains("You must choose a longer password.\r\nNew password: ")
                    .endsWith("passwd: password updated successfully\r\n")
                    .doesNotContain("new-password", "old-password");
        }
        assertThat(account.password()).isEqualTo("new-password");
    }

    @Test
    void leavesThePasswordAloneWhereTheDialogueFails() throws IOException {
        try (SftpClientSession login = login()) {
            try (TerminalDialogue passwd = new TerminalDialogue(login, "passwd")) {
                passwd.answer("Current password: ", "wrong-password");
                assertThat(passwd.exitStatus()).isEqualTo(10);
                assertThat(passwd.transcript())
                        .contains("Authentication token manipulation error", "password unchanged");
            }
            try (TerminalDialogue passwd = new TerminalDialogue(login, "passwd")) {
                passwd.answer("Current password: ", "old-password");
                for (int i = 0; i < 3; i++) {
                    passwd.answer("New password: ", "short").answer("Retype new password: ", "short");
                }
                assertThat(passwd.exitStatus()).isEqualTo(10);
                assertThat(passwd.transcript()).contains("exhausted maximum number of retries");
            }
            try (TerminalDialogue passwd = new TerminalDialogue(login, "passwd")) {
                passwd.answer("Current password: ", "old-password")
                        .answer("New password: ", "new-password")
                        .answer("Retype new password: ", "newer-password");
                assertThat(passwd.exitStatus()).isEqualTo(10);
                assertThat(passwd.transcript()).contains("Sorry, passwords do not match.");
            }
        }
        assertThat(account.password()).isEqualTo("old-password");
    }

    @Test
    void offersPasswdInAShellToo() throws IOException {
        try (SftpClientSession login = login();
                TerminalDialogue shell = new TerminalDialogue(login.shell())) {
            shell.answer("$ ", "passwd")
                    .answer("Current password: ", "old-password")
                    .answer("New password: ", "new-password")
                    .answer("Retype new password: ", "new-password")
                    .answer("$ ", "exit");
            assertThat(shell.exitStatus()).isZero();
        }
        assertThat(account.password()).isEqualTo("new-password");
    }

    @Test
    void logsInAndChangesAnExpiredPasswordByKeyboardInteractive() throws IOException {
        account.withExpiredPassword(SftpAccount.Expiry.AT_LOGIN);
        Answers answers = new Answers("old-password", "old-password", "new-password", "new-password");

        SftpClientSession.withoutCredential(host, "dromo", answers).close();

        assertThat(answers.prompts)
                .containsExactly("Password: ", "Current password: ", "New password: ", "Retype new password: ");
        assertThat(account.password()).isEqualTo("new-password");
        assertThat(host.loginLog()).singleElement().satisfies(attempt -> {
            assertThat(attempt.method()).isEqualTo("keyboard-interactive");
            assertThat(attempt.accepted()).isTrue();
        });
    }

    @Test
    void changesAnExpiredPasswordByTheProtocolsOwnRequest() throws Exception {
        account.withExpiredPassword(SftpAccount.Expiry.AT_LOGIN);
        // JSch, because MINA's client answers the request with the new password in place of the old one.
        Session session = new JSch().getSession("dromo", host.hostname(), host.port());
        session.setConfig("StrictHostKeyChecking", "no");
        session.setConfig("PreferredAuthentications", "password");
        session.setPassword("old-password".getBytes(StandardCharsets.UTF_8));
        session.setUserInfo(new NewPassword("new-password"));

        session.connect(60_000);

        session.disconnect();
        assertThat(account.password()).isEqualTo("new-password");
        login().close();
    }

    @Test
    void letsAnExpiredPasswordInAndThenRefusesEverythingButPasswd() throws IOException {
        account.withExpiredPassword(SftpAccount.Expiry.AFTER_LOGIN);

        try (SftpClientSession login =
                SftpClientSession.withOnlyPassword(host, "dromo", "old-password", new Answers())) {
            assertThatThrownBy(login::sftp).isInstanceOf(IOException.class);
            assertThat(login.run("true", "").output()).contains("no TTY available");
            try (TerminalDialogue forced = new TerminalDialogue(login, "true")) {
                forced.answer("Current password: ", "old-password")
                        .answer("New password: ", "new-password")
                        .answer("Retype new password: ", "new-password");
                assertThat(forced.exitStatus()).isZero();
            }
            login.sftp().close();
        }
        assertThat(account.password()).isEqualTo("new-password");
    }

    @Test
    void runsNoCommandForAnAccountThatIsForSftpOnly() throws IOException {
        account.sftpOnly();
        try (SftpClientSession login = login()) {
            assertThat(login.run("passwd", "").output()).contains("sftp connections only");
            login.sftp().close();
        }
    }

    private SftpClientSession login() throws IOException {
        return SftpClientSession.withPassword(host, "dromo", account.password());
    }

    /** Answers one question after the other. */
    private static final class Answers implements UserInteraction {
        private final Iterator<String> answers;
        private final List<String> prompts = new ArrayList<>();

        private Answers(String... answers) {
            this.answers = List.of(answers).iterator();
        }

        @Override
        public String[] interactive(
                ClientSession session, String name, String instruction, String lang, String[] prompt, boolean[] echo) {
            prompts.addAll(List.of(prompt));
            return new String[] {answers.next()};
        }

        @Override
        public String getUpdatedPassword(ClientSession session, String prompt, String lang) {
            throw new IllegalStateException("asked " + prompt);
        }
    }

    private record NewPassword(String text) implements UserInfo, UIKeyboardInteractive {
        @Override
        public String[] promptKeyboardInteractive(
                String destination, String name, String instruction, String[] prompt, boolean[] echo) {
            return new String[] {text};
        }

        @Override
        public String getPassphrase() {
            return "";
        }

        @Override
        public String getPassword() {
            return "";
        }

        @Override
        public boolean promptPassword(String message) {
            return false;
        }

        @Override
        public boolean promptPassphrase(String message) {
            return false;
        }

        @Override
        public boolean promptYesNo(String message) {
            return false;
        }

        @Override
        public void showMessage(String message) {}
    }
}
