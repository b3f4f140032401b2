package dev.keyturn.ssh;

import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.ssh.Deadlines.Deadline;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection from TCP to the end of the login: host key first, then one credential, once. */
final class Handshake {
    private static final Pattern REMAINING = Pattern.compile("for methods '([^']*)'");
    /** Leaves the proposal to JSch, which puts the types first that known_hosts has for the host. */
    private static final String BY_KNOWN_HOSTS = "";

    /**
     * JSch's own order, less what this Java can't do. JSch would find that out for each session anew, by exceptions.
     */
    private static final String KEY_EXCHANGES = (Runtime.version().feature() >= 24 ? "mlkem768x25519-sha256," : "")
            + "curve25519-sha256,curve25519-sha256@libssh.org,"
            + "ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,"
            + "diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group14-sha256";

    private static final List<String> CHECKS = List.of("CheckKexes", "CheckCiphers", "CheckMacs", "CheckSignatures");

    private final JSch jsch;
    private final SshTimeouts timeouts;
    private final Deadlines deadlines;
    private final HostGates gates;
    private final Account account;
    private final Authentication authentication;

    Handshake(
            JSch jsch,
            SshTimeouts timeouts,
            Deadlines deadlines,
            HostGates gates,
            Account account,
            Authentication authentication) {
        this.jsch = jsch;
        this.timeouts = timeouts;
        this.deadlines = deadlines;
        this.gates = gates;
        this.account = account;
        this.authentication = authentication;
    }

    Attempt run(HostKeyRepository hostKeys) throws HostException {
        return run(hostKeys, BY_KNOWN_HOSTS);
    }

    /**
     * @param hostKeyAlgorithms the host key algorithms to propose, in order
     * @throws HostException where the host gave no clear answer to the credential, or never got to see it
     */
    Attempt run(HostKeyRepository hostKeys, String hostKeyAlgorithms) throws HostException {
        ConnectionWatch watch = new ConnectionWatch();
        HostSockets sockets = new HostSockets(timeouts.connect());
        Session session = session(hostKeys, hostKeyAlgorithms, watch, sockets);
        Semaphore gate = gates.gate(account.hostname(), account.port());
        try {
            gate.acquire();
        } catch (InterruptedException e) {
            throw SshFailures.connecting(account, e, sockets.heard());
        }
        try (Deadline deadline = deadlines.in(timeouts.answer(), sockets::hangUp)) {
            try {
                session.connect(Math.toIntExact(timeouts.connect().toMillis()));
            } catch (JSchException | RuntimeException e) {
                end(session, sockets);
                if (deadline.passed()) {
                    throw SshFailures.failed(Fault.TIMED_OUT, account, "no login within " + timeouts.answer(), e);
                }
                return refusal(e, watch, sockets);
            }
        } finally {
            gate.release();
        }
        if (!watch.offered()) {
            end(session, sockets);
            throw SshFailures.failed(
                    Fault.PROTOCOL, account, "the host lets everybody in without any credential", null);
        }
        return new Attempt.Accepted(
                new SshSession(account, session, sockets, authentication.banner(), timeouts.answer(), deadlines));
    }

    private static void end(Session session, HostSockets sockets) {
        sockets.hangUp();
        session.disconnect();
    }

    private Session session(
            HostKeyRepository hostKeys, String hostKeyAlgorithms, ConnectionWatch watch, HostSockets sockets)
            throws HostException {
        try {
            Session session = jsch.getSession(account.user(), account.hostname(), account.port());
            session.setLogger(watch);
            session.setSocketFactory(sockets);
            session.setDaemonThread(true);
            session.setHostKeyRepository(hostKeys);
            session.setConfig("StrictHostKeyChecking", "yes");
            session.setConfig("PreferredAuthentications", authentication.method());
            session.setConfig("MaxAuthTries", "1");
            session.setConfig("kex", KEY_EXCHANGES);
            CHECKS.forEach(check -> session.setConfig(check, ""));
            if (!hostKeyAlgorithms.isEmpty()) {
                session.setConfig("server_host_key", hostKeyAlgorithms);
            }
            session.setUserInfo(authentication.banner());
            authentication.prepare(session);
            return session;
        } catch (JSchException e) {
            throw SshFailures.failed(Fault.PROTOCOL, account, "no SSH session could be prepared", e);
        }
    }

    private Attempt refusal(Exception failure, ConnectionWatch watch, HostSockets sockets) throws HostException {
        if (watch.swallowed().isPresent()) {
            String said = authentication.banner().said();
            if (SshFailures.saysExpired(said)) {
                throw SshFailures.failed(
                        Fault.AUTHENTICATION_REFUSED, account, "the host hung up and says '" + said + "'", failure);
            }
            throw SshFailures.connecting(account, watch.swallowed().get(), sockets.heard());
        }
        if (!(failure instanceof JSchException refusal && SshFailures.isRefusal(refusal))) {
            throw SshFailures.connecting(account, failure, sockets.heard());
        }
        Matcher remaining = REMAINING.matcher(String.valueOf(failure.getMessage()));
        String methods = remaining.find() ? remaining.group(1) : "";
        if (!watch.offered()) {
            return new Attempt.NotOffered(methods);
        }
        // The list shrinks only when the host took the credential and wants another method too (RFC 4252, section 5.1).
        boolean partial = !methods.isEmpty() && !List.of(methods.split(",")).contains(authentication.method());
        return partial ? new Attempt.Partial(methods) : new Attempt.Refused();
    }
}
