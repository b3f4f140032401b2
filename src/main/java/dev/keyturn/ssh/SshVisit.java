package dev.keyturn.ssh;

import dev.keyturn.policy.KeyAlgorithm;
import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostVisit;
import dev.keyturn.rotation.KeyFile;
import dev.keyturn.rotation.KeyPairs;
import dev.keyturn.rotation.Predecessor;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parts of a visit that are the same for every install method: logins, and the proofs made of them. */
final class SshVisit implements HostVisit {
    private final Logins logins;
    private final HostChange change;
    private final KeyPairs keyPairs;

    SshVisit(Logins logins, HostChange change, KeyPairs keyPairs) {
        this.logins = logins;
        this.change = change;
        this.keyPairs = keyPairs;
    }

    @Override
    public void preflight(Predecessor predecessor) throws HostException {
        change.preflight(predecessor);
    }

    @Override
    public void install(LoginSecret candidate, Predecessor predecessor) throws HostException {
        change.install(candidate, predecessor);
    }

    @Override
    public Verdict login(LoginSecret secret, List<String> directories) throws HostException {
        Attempt attempt = logins.anew(secret);
        if (attempt instanceof Attempt.Refused || attempt instanceof Attempt.NotOffered) {
            return Verdict.REFUSED;
        }
        logins.accepted(attempt).prove(directories);
        return Verdict.ACCEPTED;
    }

    @Override
    public Map<String, String> unlisted(LoginSecret secret, List<String> directories) throws HostException {
        Optional<SshSession> session = logins.open(secret);
        return session.isEmpty() ? Map.of() : session.get().unlisted(directories);
    }

    @Override
    public Optional<KeyFile> keyFile(LoginSecret secret) throws HostException {
        Optional<SshSession> session = logins.open(secret);
        return session.isEmpty() ? Optional.empty() : change.keyFile(session.get());
    }

    @Override
    public void withdraw(Predecessor predecessor, LoginSecret successor) throws HostException {
        change.withdraw(predecessor, successor);
    }

    @Override
    public void uninstall(LoginSecret candidate, Predecessor predecessor) throws HostException {
        change.uninstall(candidate, predecessor);
    }

    @Override
    public Verdict tryPredecessor(Predecessor predecessor) throws HostException {
        if (predecessor.secret().isPresent()) {
            return logins.aliveAfterAll(predecessor.secret().get()) ? Verdict.ACCEPTED : Verdict.REFUSED;
        }
        Optional<PublicKey> key =
                predecessor.publicKey().or(() -> predecessor.fingerprint().flatMap(change::seen));
        if (key.isEmpty()) {
            return Verdict.UNKNOWN;
        }
        try (LoginSecret.KeyPair stranger = keyPairs.generate(KeyAlgorithm.ED25519, "")) {
            return logins.offer(key.get(), stranger.publicKey());
        }
    }

    @Override
    public Optional<PublicKey> seen(Fingerprint fingerprint) {
        return change.seen(fingerprint);
    }

    @Override
    public void close() {
        logins.close();
    }
}
