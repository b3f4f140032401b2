package dev.keyturn.ssh;

import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.rotation.HostKeyTrust;
import dev.keyturn.rotation.HostVisit.Verdict;
import dev.keyturn.rotation.LoginBudget;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import dev.keyturn.secret.Secret;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Opens SSH connections and logs in: with one credential, once, and only where the host has proved to be the host. One
 * JSch serves them all; what belongs to a connection is set on its session. Thread-safe.
 */
final class Connections implements AutoCloseable {
    private final JSch jsch = new JSch();
    private final SshTimeouts timeouts;
    private final HostGates gates;
    private final LoginBudget budget;
    private final Deadlines deadlines = new Deadlines();
    private final KnownHostsFiles knownHosts = new KnownHostsFiles();
    /** By hostname and port: the type of the host key that had the pinned fingerprint. */
    private final Map<String, String> pinnedTypes = new ConcurrentHashMap<>();
    /** Accounts whose host takes passwords by keyboard-interactive alone. */
    private final Map<Account, Boolean> interactive = new ConcurrentHashMap<>();

    Connections(SshTimeouts timeouts, int perHost, LoginBudget budget) {
        this.budget = budget;
        this.timeouts = timeouts;
        this.gates = new HostGates(perHost);
    }

    /** @see LoginBudget#refusedLately */
    boolean refusedLately(Account account) {
        return budget.refusedLately(account);
    }

    /** The exception that says what came instead of a login. */
    static HostException notAccepted(Account account, Attempt attempt) {
        Fault fault = attempt instanceof Attempt.ChangeDemanded
                ? Fault.PASSWORD_EXPIRED
                : attempt instanceof Attempt.ReplacementRejected
                        ? Fault.PASSWORD_REJECTED
                        : Fault.AUTHENTICATION_REFUSED;
        return SshFailures.failed(fault, account, attempt.detail(), null);
    }

    /** Logs in, once. Throws where the host gave no clear answer. */
    Attempt attempt(Account account, HostKeyTrust trust, LoginSecret secret) throws HostException {
        if (secret instanceof LoginSecret.KeyPair pair) {
            return attemptWithKey(account, trust, pair.privateKey());
        }
        return password(account, trust, ((LoginSecret.Password) secret).value(), Optional.empty(), budget::leave);
    }

    /** The same where the host is to refuse it. */
    Attempt attemptInVain(Account account, HostKeyTrust trust, LoginSecret secret) throws HostException {
        return secret instanceof LoginSecret.Password password
                ? password(account, trust, password.value(), Optional.empty(), budget::leaveInVain)
                : attempt(account, trust, secret);
    }

    /** Asks for leave to try a login. */
    private interface Ask {
        LoginBudget.Leave leave(Account account, AuthType what) throws HostException;
    }

    /** The same with a private key in the OpenSSH or PEM format. */
    Attempt attemptWithKey(Account account, HostKeyTrust trust, Secret privateKey) throws HostException {
        try (Authentications.Key key = new Authentications.Key(identity(account, privateKey), new Banner())) {
            return authenticate(account, trust, key);
        }
    }

    /**
     * Logs in with a password that has expired and gives the host the new one it demands.
     *
     * @return ChangeDemanded where the host demands the change only after the login, from a terminal
     */
    Attempt change(Account account, HostKeyTrust trust, Secret old, Secret replacement) throws HostException {
        return password(account, trust, old, Optional.of(replacement), budget::leave);
    }

    /**
     * Asks whether a key would log in, by its public half alone. Some servers say yes to any key, so a yes counts only
     * where a key that was made for this question gets a no.
     *
     * @param stranger a key that no host knows
     */
    Verdict offer(Account account, HostKeyTrust trust, PublicKey key, PublicKey stranger) throws HostException {
        if (!wouldDo(account, trust, key)) {
            return Verdict.REFUSED;
        }
        return wouldDo(account, trust, stranger) ? Verdict.UNKNOWN : Verdict.ACCEPTED;
    }

    @Override
    public void close() {
        deadlines.close();
    }

    private boolean wouldDo(Account account, HostKeyTrust trust, PublicKey key) throws HostException {
        PublicHalf half = new PublicHalf(key);
        try (Authentications.Offer offer = new Authentications.Offer(half, new Banner())) {
            // A yes that no signature follows is no refusal of the account's.
            Attempt attempt = authenticate(
                    account,
                    trust,
                    offer,
                    budget::leave,
                    end -> half.wanted() ? new Attempt.Partial("a signature") : end);
            if (attempt instanceof Attempt.Accepted accepted) {
                accepted.session().close();
            }
            return half.wanted();
        }
    }

    private Attempt password(
            Account account, HostKeyTrust trust, Secret password, Optional<Secret> replacement, Ask ask)
            throws HostException {
        if (!interactive.containsKey(account)) {
            PasswordDialogue dialogue = new PasswordDialogue(password, replacement);
            Attempt attempt = authenticate(
                    account, trust, new Authentications.PasswordMethod(password, dialogue), ask, dialogue::judge);
            boolean otherWay = attempt instanceof Attempt.NotOffered notOffered
                    && notOffered.methods().contains(Authentications.KEYBOARD_INTERACTIVE);
            if (!otherWay) {
                return attempt;
            }
        }
        PasswordDialogue dialogue = new PasswordDialogue(password, replacement);
        Attempt attempt = authenticate(account, trust, new Authentications.Interactive(dialogue), ask, dialogue::judge);
        if (attempt instanceof Attempt.NotOffered) {
            interactive.remove(account);
        } else {
            interactive.put(account, true);
        }
        return attempt;
    }

    private Attempt authenticate(Account account, HostKeyTrust trust, Authentication authentication)
            throws HostException {
        return authenticate(account, trust, authentication, budget::leave, attempt -> attempt);
    }

    /** @param judge says what an attempt really came to, before it is counted */
    private Attempt authenticate(
            Account account, HostKeyTrust trust, Authentication authentication, Ask ask, UnaryOperator<Attempt> judge)
            throws HostException {
        try (LoginBudget.Leave leave = ask.leave(account, authentication.authType())) {
            Attempt attempt = judge.apply(tried(account, trust, authentication));
            count(attempt, leave);
            return attempt;
        }
    }

    private static void count(Attempt attempt, LoginBudget.Leave leave) {
        try {
            if (attempt instanceof Attempt.Refused) {
                leave.refused();
            } else if (attempt.alive()) {
                leave.accepted();
            }
        } catch (RuntimeException e) {
            if (attempt instanceof Attempt.Accepted accepted) {
                accepted.session().close();
            }
            throw e;
        }
    }

    private Attempt tried(Account account, HostKeyTrust trust, Authentication authentication) throws HostException {
        Handshake handshake = new Handshake(jsch, timeouts, deadlines, gates, account, authentication);
        if (trust instanceof HostKeyTrust.KnownHosts known) {
            return handshake.run(knownHosts(account, known));
        }
        return pinned(account, ((HostKeyTrust.Pinned) trust).fingerprint(), handshake);
    }

    /** Until the pinned key is seen, the host is asked for its other keys, each in a connection that never logs in. */
    private Attempt pinned(Account account, Fingerprint pin, Handshake handshake) throws HostException {
        String host = account.hostname() + ":" + account.port();
        PinnedHostKey keys = new PinnedHostKey(pin);
        while (true) {
            int seen = keys.typesSeen().size();
            try {
                Attempt attempt = handshake.run(
                        keys, HostKeyAlgorithms.proposal(pinnedTypes.getOrDefault(host, ""), keys.typesSeen()));
                pinnedTypes.put(host, keys.matchedType());
                return attempt;
            } catch (HostException e) {
                boolean oneMore = e.fault() == Fault.HOST_KEY_CHANGED
                        && keys.typesSeen().size() > seen
                        && !HostKeyAlgorithms.proposal("", keys.typesSeen()).isEmpty();
                boolean noMore = e.fault() == Fault.HOST_KEY_CHANGED || (e.fault() == Fault.NEGOTIATION && seen > 0);
                if (!oneMore && noMore) {
                    throw SshFailures.failed(
                            Fault.HOST_KEY_CHANGED,
                            account,
                            "no key of the host is the pinned " + pin + "; it has " + keys.seen(),
                            e);
                }
                if (!oneMore) {
                    throw e;
                }
            }
        }
    }

    private HostKeyRepository knownHosts(Account account, HostKeyTrust.KnownHosts known) throws HostException {
        try {
            return knownHosts.read(known.file(), account);
        } catch (IOException e) {
            throw SshFailures.failed(
                    Fault.HOST_KEY_UNKNOWN,
                    account,
                    "the known_hosts file " + known.file() + " can't be read: " + e,
                    e);
        }
    }

    private KeyIdentity identity(Account account, Secret privateKey) throws HostException {
        try {
            return new KeyIdentity(jsch, privateKey);
        } catch (JSchException | RuntimeException e) {
            // Without the cause: what a parser says of a damaged key may quote it.
            throw SshFailures.failed(
                    Fault.SECRET_UNAVAILABLE,
                    account,
                    "the private key that is to log in can't be read: it has to be in the OpenSSH or PEM format,"
                            + " without a passphrase",
                    null);
        }
    }
}
