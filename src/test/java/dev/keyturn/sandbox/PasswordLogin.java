package dev.keyturn.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.sshd.server.auth.password.PasswordAuthenticator;
import org.apache.sshd.server.auth.password.PasswordChangeRequiredException;
import org.apache.sshd.server.session.ServerSession;

/** Logins with the method password, and the change of an expired one by the SSH protocol's own means. */
final class PasswordLogin implements PasswordAuthenticator {
    static final String NAME = "password";

    private final SftpHost host;

    PasswordLogin(SftpHost host) {
        this.host = host;
    }

    @Override
    public boolean authenticate(String user, String password, ServerSession session) {
        login(session, false);
        SftpAccount account = host.account(user);
        boolean right = account != null && account.hasPassword(password);
        if (right && account.expiry() == SftpAccount.Expiry.AT_LOGIN && !account.isLocked()) {
            throw new PasswordChangeRequiredException("password expired", "Password expired. New password: ", "en");
        }
        boolean accepted = host.decide(user, NAME, right);
        host.log(user, NAME, accepted, null);
        if (accepted) {
            login(session, true);
        }
        return accepted;
    }

    private void login(ServerSession session, boolean done) {
        try {
            host.step(session, HostStep.LOGIN, done, NAME);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean handleClientPasswordChangeRequest(
            ServerSession session, String user, String oldPassword, String newPassword) {
        SftpAccount account = host.account(user);
        boolean accepted = account != null
                && host.decide(user, NAME, account.hasPassword(oldPassword))
                && account.objection(newPassword) == null
                && changed(session, account, newPassword);
        host.log(user, NAME, accepted, null);
        return accepted;
    }

    private boolean changed(ServerSession session, SftpAccount account, String newPassword) {
        try {
            host.changePassword(session, account, newPassword);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
