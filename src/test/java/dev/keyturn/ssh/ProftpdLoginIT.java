package dev.keyturn.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.RealProftpd;
import dev.keyturn.realhost.RequiresProftpd;
import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.Budgets;
import dev.keyturn.rotation.HostKeyTrust;
import dev.keyturn.rotation.HostVisit;
import dev.keyturn.rotation.HostVisit.Verdict;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.Secret;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins at an SFTP server that shares no code with OpenSSH. */
@RequiresProftpd
class ProftpdLoginIT {
    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void acceptsTheInstalledKeyAndRefusesAnother(String algorithm) throws Exception {
        KeyFiles files = KeyFiles.make(algorithm);
        try (RealProftpd proftpd = RealProftpd.running();
                SshHosts hosts = new SshHosts(SshTimeouts.DEFAULT, 4, new SshKeyPairs(), Budgets.fresh(), Set::of);
                Secret privateKey = Secret.copyOf(files.privateKey());
                LoginSecret.KeyPair key = new SshKeyPairs().read(privateKey)) {
            proftpd.add("acme", null, files.rfc4716());
            try (HostVisit visit = visit(hosts, proftpd)) {
                assertThat(visit.login(key, List.of("uploads"))).isEqualTo(Verdict.ACCEPTED);
                assertThat(visit.login(TestCredentials.newKey(), List.of())).isEqualTo(Verdict.REFUSED);
            }
        }
    }

    @Test
    void acceptsTheRightPasswordAndRefusesAnother() throws Exception {
        try (RealProftpd proftpd = RealProftpd.running();
                SshHosts hosts = new SshHosts(SshTimeouts.DEFAULT, 4, new SshKeyPairs(), Budgets.fresh(), Set::of)) {
            proftpd.add("acme", "Right-words-1");
            try (HostVisit visit = visit(hosts, proftpd)) {
                assertThat(visit.login(TestCredentials.password("Right-words-1"), List.of("/uploads")))
                        .isEqualTo(Verdict.ACCEPTED);
                assertThat(visit.login(TestCredentials.password("Wrong-words-1"), List.of()))
                        .isEqualTo(Verdict.REFUSED);
            }
        }
    }

    private static HostVisit visit(SshHosts hosts, RealProftpd proftpd) {
        return hosts.visit(TestCredentials.key(
                new Account(proftpd.host(), proftpd.port(), "acme"),
                new HostKeyTrust.Pinned(new Fingerprint(proftpd.hostKeyFingerprint()))));
    }
}
