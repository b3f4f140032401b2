package dev.keyturn.realhost;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RequiresProftpd
class RealProftpdIT {

    private static final KeyFiles KEY = KeyFiles.make("ed25519");
    private static final KeyFiles OTHER = KeyFiles.make("ed25519");

    private static RealProftpd proftpd;

    @BeforeAll
    static void start() {
        proftpd = RealProftpd.running();
        proftpd.add("acme", "Right-words-1", KEY.rfc4716());
    }

    @AfterAll
    static void stop() {
        proftpd.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void acceptsTheInstalledKeyAndRefusesAnother(String algorithm) {
        KeyFiles key = KeyFiles.make(algorithm);
        String user = "counted-" + algorithm;
        proftpd.add(user, null, OTHER.rfc4716(), key.rfc4716());

        assertThat(proftpd.client().login(user, key.privateKey())).isEqualTo(Login.ACCEPTED);
        assertThat(proftpd.client().login(user, KEY.privateKey())).isEqualTo(Login.REFUSED);

        assertThat(proftpd.logins(user)).isEqualTo(new Logins(1, 0, 1));
    }

    @Test
    void passesOverKeysInOpensshsFormat() {
        Account mixed = proftpd.add("mixed", null, KEY.publicLine() + "\n");
        assertThat(proftpd.client().login("mixed", KEY.privateKey())).isEqualTo(Login.REFUSED);

        mixed.setKeys(KEY.publicLine(), OTHER.rfc4716().strip());

        assertThat(proftpd.client().login("mixed", KEY.privateKey())).isEqualTo(Login.REFUSED);
        assertThat(proftpd.client().login("mixed", OTHER.privateKey())).isEqualTo(Login.ACCEPTED);
    }

    @Test
    void acceptsTheRightPasswordAndRefusesAnother() {
        proftpd.add("changing", "Old-words-2");
        assertThat(proftpd.client().login("changing", "Old-words-2")).isEqualTo(Login.ACCEPTED);

        proftpd.setPassword("changing", "New-words-3");

        assertThat(proftpd.client().login("changing", "Old-words-2")).isEqualTo(Login.REFUSED);
        assertThat(proftpd.client().login("changing", "New-words-3")).isEqualTo(Login.ACCEPTED);
        proftpd.setPassword("changing", null);
        assertThat(proftpd.client().login("changing", "New-words-3")).isEqualTo(Login.REFUSED);
    }

    @Test
    void letsTheUserReplaceTheKeyFile() {
        Account account = proftpd.add("replacing", null, KEY.rfc4716());
        String keys = account.keysInSession();

        Finished session = proftpd.client()
                .sftp("replacing", KEY.privateKey(), null, "pwd\nrename " + keys + " " + keys + ".old\n");

        assertThat(session.output()).contains("Remote working directory: /\n");
        assertThat(account.authorizedKeys()).doesNotExist();
        assertThat(proftpd.client().login("replacing", KEY.privateKey())).isEqualTo(Login.REFUSED);
    }

    @Test
    void refusesToRenameOntoAFileWithoutPosixRename() {
        try (RealProftpd strict = RealProftpd.running("SFTPExtensions -posixRename")) {
            strict.add("acme", null, KEY.rfc4716());
            proftpd.add("lenient", null, KEY.rfc4716());
            String batch = "symlink .sftp/authorized_keys uploads/a\nsymlink .sftp/authorized_keys uploads/b\n"
                    + "rename uploads/a uploads/b\n";

            assertThat(strict.client()
                            .sftp("acme", KEY.privateKey(), null, batch)
                            .errors())
                    .contains("remote rename \"/uploads/a\" to \"/uploads/b\":");
            assertThat(proftpd.client()
                            .sftp("lenient", KEY.privateKey(), null, batch)
                            .status())
                    .isEqualTo(0);
        }
    }

    @Test
    void comesBackOnTheSamePortWithTheSameKeyAndUsers() {
        try (RealProftpd other = RealProftpd.running()) {
            other.add("acme", "Right-words-4", KEY.rfc4716());
            OpensshClient before = other.client();
            other.stop();

            other.start();

            assertThat(before.login("acme", KEY.privateKey())).isEqualTo(Login.ACCEPTED);
            assertThat(before.login("acme", "Right-words-4")).isEqualTo(Login.ACCEPTED);
        }
    }
}
