package dev.keyturn.rotation;

import dev.keyturn.secret.LoginSecret;
import dev.keyturn.ssh.TestCredentials;

/** The fake that the engine's tests run on behaves like a host. */
class FakeHostsTest extends HostVisitContract {
    private final FakeHosts hosts = new FakeHosts();

    @Override
    protected Hosts hosts() {
        return hosts;
    }

    @Override
    protected ManagedCredential accountWith(LoginSecret current) {
        current.fingerprint().ifPresent(hosts.keys::add);
        hosts.missing.add(NOWHERE);
        return TestCredentials.key("acme");
    }

    @Override
    protected LoginSecret newSecret() {
        return TestCredentials.newKey();
    }

    @Override
    protected boolean accepts(ManagedCredential credential, LoginSecret secret) {
        return hosts.accepts(secret);
    }
}
