package dev.keyturn.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.policy.KeyAlgorithm;
import dev.keyturn.policy.Policy;
import dev.keyturn.policy.RetryRule;
import dev.keyturn.policy.SecretRules;
import dev.keyturn.realhost.Logins;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RealSshd;
import dev.keyturn.realhost.RequiresSshd;
import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.HostKeyTrust;
import dev.keyturn.rotation.HostVisit;
import dev.keyturn.rotation.HostVisit.Verdict;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Predecessor;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@RequiresSshd
class SshHostsRealIT {
    private static final SshKeyPairs KEYS = new SshKeyPairs();
    private static RealSshd sshd;
    private static SshHosts hosts;

    @BeforeAll
    static void start() {
        sshd = RealSshd.builder().start();
        hosts = new SshHosts(SshTimeouts.DEFAULT, 4, KEYS);
    }

    @AfterAll
    static void stop() {
        hosts.close();
        sshd.close();
    }

    @Test
    void rotatesAKeyWithThreeAuthentications() throws Exception {
        LoginSecret.KeyPair old = KEYS.generate(KeyAlgorithm.ED25519, "old");
        LoginSecret.KeyPair candidate = KEYS.generate(KeyAlgorithm.ED25519, "new");
        sshd.add(NewAccount.shell("acme")
                .withKey(
                        "# before",
                        "restrict,from=\"127.0.0.1\" " + old.publicKey().line() + " old key"));
        Predecessor predecessor = Predecessor.of(old);
        try (HostVisit visit = hosts.visit(credential("acme"))) {
            visit.preflight(predecessor);
            visit.install(candidate, predecessor);
            assertThat(visit.login(candidate, List.of("uploads"))).isEqualTo(Verdict.ACCEPTED);
            visit.withdraw(predecessor, candidate);
            assertThat(visit.tryPredecessor(predecessor)).isEqualTo(Verdict.REFUSED);
        }
        assertThat(sshd.account("acme").keys())
                .containsExactly(
                        "# before",
                        "restrict,from=\"127.0.0.1\" " + candidate.publicKey().line() + " keyturn:acme");
        assertThat(sshd.logins("acme")).isEqualTo(new Logins(2, 0, 1));
    }

    private static ManagedCredential credential(String user) {
        Policy policy = new Policy(
                "p",
                new SecretRules.SshKey(KeyAlgorithm.ED25519),
                Optional.empty(),
                Duration.ZERO,
                Optional.empty(),
                new RetryRule(1, Duration.ofSeconds(1), Duration.ofSeconds(1)),
                false);
        return new ManagedCredential(
                user,
                policy,
                "id",
                new Account(sshd.host(), sshd.port(), user),
                new HostKeyTrust.Pinned(new Fingerprint(sshd.hostKeyFingerprint())),
                new InstallMethod.AuthorizedKeys(InstallMethod.AuthorizedKeys.DEFAULT_PATH, Optional.empty()),
                Optional.empty(),
                Map.of());
    }
}
