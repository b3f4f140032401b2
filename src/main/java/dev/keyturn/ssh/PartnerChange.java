package dev.keyturn.ssh;

import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.Predecessor;
import dev.keyturn.secret.LoginSecret;

/** A partner changes the host by hand: we log in, and that is all. */
final class PartnerChange implements HostChange {
    private final Logins logins;

    PartnerChange(Logins logins) {
        this.logins = logins;
    }

    @Override
    public void preflight(Predecessor predecessor) throws HostException {
        if (predecessor.secret().isPresent()) {
            logins.as(predecessor.secret().get());
        }
    }

    @Override
    public void install(LoginSecret candidate, Predecessor predecessor) {
        throw notOurs();
    }

    @Override
    public void withdraw(Predecessor predecessor, LoginSecret successor) {
        throw notOurs();
    }

    @Override
    public void uninstall(LoginSecret candidate, Predecessor predecessor) {
        throw notOurs();
    }

    private static UnsupportedOperationException notOurs() {
        return new UnsupportedOperationException("a partner changes this host, nothing of ours does");
    }
}
