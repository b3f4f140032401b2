package dev.keyturn.rotation;

import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A visit whose probes are noted, so that {@code history} can show what a decision rests on. */
final class NotedVisit implements HostVisit {
    private final HostVisit visit;
    private final String login;
    private final Findings findings;
    private final SecretsInHand secrets;

    NotedVisit(HostVisit visit, ManagedCredential at, Findings findings, SecretsInHand secrets) {
        this.visit = visit;
        this.login = at.alternate().isEmpty()
                ? "login with the "
                : "login as " + at.account().user() + " with the ";
        this.findings = findings;
        this.secrets = secrets;
    }

    @Override
    public Verdict login(LoginSecret secret, List<String> directories) throws HostException {
        return noted(login + secrets.nameOf(secret), () -> visit.login(secret, directories));
    }

    @Override
    public Verdict tryPredecessor(Predecessor predecessor) throws HostException {
        return noted(login + "old credential", () -> visit.tryPredecessor(predecessor));
    }

    /** A question to the host. */
    private interface Probe {
        Verdict ask() throws HostException;
    }

    private Verdict noted(String what, Probe probe) throws HostException {
        try {
            Verdict verdict = probe.ask();
            findings.add(what, verdict.name().toLowerCase(Locale.ROOT));
            return verdict;
        } catch (HostException e) {
            findings.unanswered(what, e);
            throw e;
        }
    }

    @Override
    public Map<String, String> unlisted(LoginSecret secret, List<String> directories) throws HostException {
        return visit.unlisted(secret, directories);
    }

    @Override
    public Optional<KeyFile> keyFile(LoginSecret secret) throws HostException {
        return visit.keyFile(secret);
    }

    @Override
    public void preflight(Predecessor predecessor) throws HostException {
        visit.preflight(predecessor);
    }

    @Override
    public void install(LoginSecret candidate, Predecessor predecessor) throws HostException {
        visit.install(candidate, predecessor);
    }

    @Override
    public void withdraw(Predecessor predecessor, LoginSecret successor) throws HostException {
        visit.withdraw(predecessor, successor);
    }

    @Override
    public void uninstall(LoginSecret candidate, Predecessor predecessor) throws HostException {
        visit.uninstall(candidate, predecessor);
    }

    @Override
    public Optional<PublicKey> seen(Fingerprint fingerprint) {
        return visit.seen(fingerprint);
    }

    @Override
    public void close() {
        visit.close();
    }
}
