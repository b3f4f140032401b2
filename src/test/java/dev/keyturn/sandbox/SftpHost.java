package dev.keyturn.sandbox;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.apache.sshd.common.session.Session;
import org.jspecify.annotations.Nullable;

/** What all parts of the SFTP stand-in share: the accounts, the faults, the log of logins. Thread-safe. */
final class SftpHost {
    private final Map<String, SftpAccount> accounts = new ConcurrentHashMap<>();
    private final List<LoginAttempt> attempts = Collections.synchronizedList(new ArrayList<>());
    private final SftpFaults faults = new SftpFaults();
    private volatile IntFunction<@Nullable GateConnection> connections = port -> null;

    SftpFaults faults() {
        return faults;
    }

    void connectionsBy(IntFunction<@Nullable GateConnection> lookup) {
        connections = lookup;
    }

    void add(SftpAccount account) {
        accounts.put(account.user(), account);
    }

    /** Null where there is none. */
    @Nullable
    SftpAccount account(String user) {
        return accounts.get(user);
    }

    List<LoginAttempt> attempts() {
        synchronized (attempts) {
            return List.copyOf(attempts);
        }
    }

    /** Decides on a login: a fault may overrule the honest decision, and a locked account is closed to all. */
    boolean decide(String user, String method, boolean honest) {
        return verdict(user, honest, faults.login(user, method));
    }

    /** What {@link #decide} would say, without using up a fault. */
    boolean expect(String user, String method, boolean honest) {
        return verdict(user, honest, faults.expectedLogin(user, method));
    }

    private boolean verdict(String user, boolean honest, @Nullable Boolean overruled) {
        if (overruled != null) {
            return overruled && account(user) != null;
        }
        SftpAccount account = account(user);
        return honest && account != null && !account.isLocked();
    }

    void log(String user, String method, boolean accepted, @Nullable String fingerprint) {
        attempts.add(new LoginAttempt(EventOrder.next(), user, method, accepted, fingerprint));
    }

    /** Changes a password where nothing strikes. */
    void changePassword(Session session, SftpAccount account, String newPassword) throws IOException {
        step(session, HostStep.PASSWORD, false, account.user());
        account.changePassword(newPassword);
        step(session, HostStep.PASSWORD, true, account.user());
    }

    /** @throws IOException where trouble lets the step fail */
    void step(Session session, HostStep step, boolean done, String path) throws IOException {
        Trouble trouble = faults.during(new HostEvent(step, done, String.valueOf(session.getUsername()), path));
        GateConnection connection = connection(session);
        if (trouble != null && connection != null) {
            trouble.strike(connection);
        }
    }

    @Nullable
    GateConnection connection(Session session) {
        return session.getRemoteAddress() instanceof InetSocketAddress address
                ? connections.apply(address.getPort())
                : null;
    }
}
