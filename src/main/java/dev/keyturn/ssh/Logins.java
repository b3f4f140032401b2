package dev.keyturn.ssh;

import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.Administrator;
import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.rotation.HostKeyTrust;
import dev.keyturn.rotation.HostVisit.Verdict;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretUnavailableException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one visit: each credential authenticates once and its session serves every later step that may use
 * it. Not thread-safe.
 */
final class Logins implements AutoCloseable {
    /** The secret is a copy: whose it is may be closed before the visit ends. */
    private record Kept(LoginSecret secret, SshSession session) {}

    private final Connections connections;
    private final Account account;
    private final HostKeyTrust trust;
    private final List<Kept> kept = new ArrayList<>();
    private @Nullable SshSession administrator;

    Logins(Connections connections, Account account, HostKeyTrust trust) {
        this.connections = connections;
        this.account = account;
        this.trust = trust;
    }

    Account account() {
        return account;
    }

    /** Whether the host refused the account's last login, not long ago. */
    boolean refusedLately() {
        return connections.refusedLately(account);
    }

    /** Logs in with a connection of its own, whatever is open already; the session is kept. */
    Attempt anew(LoginSecret secret) throws HostException {
        drop(secret);
        Attempt attempt = connections.attempt(account, trust, secret);
        keep(secret, attempt);
        return attempt;
    }

    /** The same with what the host is to refuse; no session is kept. */
    boolean aliveAfterAll(LoginSecret secret) throws HostException {
        drop(secret);
        Attempt attempt = connections.attemptInVain(account, trust, secret);
        if (attempt instanceof Attempt.Accepted accepted) {
            accepted.session().close();
        }
        return attempt.alive();
    }

    /** A session of this credential: the kept one where it is still open. */
    Attempt with(LoginSecret secret) throws HostException {
        Optional<SshSession> session = open(secret);
        return session.isPresent() ? new Attempt.Accepted(session.get()) : anew(secret);
    }

    /** The kept session of this credential, where it is still open. */
    Optional<SshSession> open(LoginSecret secret) {
        return kept.stream()
                .filter(one -> same(one.secret(), secret) && one.session().isOpen())
                .map(Kept::session)
                .findFirst();
    }

    /** The same, where nothing but a login will do. */
    SshSession as(LoginSecret secret) throws HostException {
        return accepted(with(secret));
    }

    /** Logs in with {@code old}, which has expired, and gives the host {@code replacement}; the session is kept. */
    Attempt change(Secret old, LoginSecret.Password replacement) throws HostException {
        Attempt attempt = connections.change(account, trust, old, replacement.value());
        keep(replacement, attempt);
        return attempt;
    }

    Verdict offer(PublicKey key, PublicKey stranger) throws HostException {
        return connections.offer(account, trust, key, stranger);
    }

    /** The session of the account that changes this one; its secret is read anew for each login. */
    SshSession as(Administrator who) throws HostException {
        if (administrator != null && administrator.isOpen()) {
            return administrator;
        }
        Account other = new Account(account.hostname(), account.port(), who.user());
        try (Secret secret = who.secret().load()) {
            Attempt attempt = who.authType() == AuthType.KEY
                    ? connections.attemptWithKey(other, trust, secret)
                    : connections.attempt(other, trust, new LoginSecret.Password(secret));
            if (attempt instanceof Attempt.Accepted accepted) {
                administrator = accepted.session();
                return accepted.session();
            }
            throw Connections.notAccepted(other, attempt);
        } catch (SecretUnavailableException e) {
            throw SshFailures.failed(Fault.SECRET_UNAVAILABLE, other, "its secret: " + e.getMessage(), e);
        }
    }

    SshSession accepted(Attempt attempt) throws HostException {
        if (attempt instanceof Attempt.Accepted accepted) {
            return accepted.session();
        }
        throw Connections.notAccepted(account, attempt);
    }

    /** Ends this credential's session. */
    void drop(LoginSecret secret) {
        for (Iterator<Kept> each = kept.iterator(); each.hasNext(); ) {
            Kept one = each.next();
            if (same(one.secret(), secret)) {
                one.session().close();
                one.secret().close();
                each.remove();
            }
        }
    }

    @Override
    public void close() {
        kept.forEach(one -> {
            one.session().close();
            one.secret().close();
        });
        kept.clear();
        Optional.ofNullable(administrator).ifPresent(SshSession::close);
        administrator = null;
    }

    private void keep(LoginSecret secret, Attempt attempt) {
        if (attempt instanceof Attempt.Accepted accepted) {
            kept.add(new Kept(secret.copy(), accepted.session()));
        }
    }

    private static boolean same(LoginSecret one, LoginSecret other) {
        if (one instanceof LoginSecret.Password password) {
            return other instanceof LoginSecret.Password another
                    && password.value().sameAs(another.value());
        }
        return one.fingerprint().equals(other.fingerprint());
    }
}
