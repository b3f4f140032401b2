package dev.keyturn.ssh;

import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.Budgets;
import dev.keyturn.rotation.HostKeyTrust;
import dev.keyturn.rotation.HostVisit;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.sandbox.SftpAccount;
import dev.keyturn.sandbox.SftpStandIn;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import java.util.Set;

/** A stand-in for an SFTP host and the product's access to it. */
final class StandInHost implements AutoCloseable {
    final SftpStandIn host;
    final SshHosts hosts;

    StandInHost() throws java.io.IOException {
        host = SftpStandIn.start();
        hosts = hosts(SshTimeouts.DEFAULT);
    }

    static SshHosts hosts(SshTimeouts timeouts) {
        return new SshHosts(timeouts, 4, new SshKeyPairs(), Budgets.fresh(), Set::of);
    }

    Account account(String user) {
        return new Account(host.hostname(), host.port(), user);
    }

    HostKeyTrust trust() {
        return new HostKeyTrust.Pinned(new Fingerprint(host.hostKeyFingerprint()));
    }

    ManagedCredential keyOf(String user) {
        return TestCredentials.key(account(user), trust());
    }

    SftpAccount with(String user, LoginSecret secret) throws Exception {
        SftpAccount account = host.account(user).withDirectory("uploads");
        return secret instanceof LoginSecret.KeyPair pair
                ? account.withKey(pair.publicKey().line())
                : account.withPassword(TestCredentials.text(secret));
    }

    HostVisit visit(ManagedCredential credential) {
        return hosts.visit(credential);
    }

    long logins(String user, boolean accepted) {
        return host.loginLog().stream()
                .filter(attempt -> attempt.user().equals(user) && attempt.accepted() == accepted)
                .count();
    }

    @Override
    public void close() throws java.io.IOException {
        hosts.close();
        host.close();
    }
}
