package dev.keyturn.rotation;

import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import java.util.List;

/** Dromo, with its answers noted, so that {@code history} can show what a decision rests on. */
final class NotedDromo implements Dromo {
    private final Dromo dromo;
    private final Findings findings;
    private final SecretsInHand secrets;

    NotedDromo(Dromo dromo, Findings findings, SecretsInHand secrets) {
        this.dromo = dromo;
        this.findings = findings;
        this.secrets = secrets;
    }

    @Override
    public StoredCredential retrieve(String id) throws DromoException {
        String probe = "Dromo's record";
        try {
            StoredCredential stored = dromo.retrieve(id);
            findings.add(probe, text(stored));
            return stored;
        } catch (DromoException e) {
            findings.unanswered(probe, e);
            throw e;
        }
    }

    @Override
    public StoredCredential update(String id, Account account, LoginSecret secret) throws DromoException {
        String probe = "answer to the PUT of the " + secrets.nameOf(secret);
        try {
            StoredCredential answer = dromo.update(id, account, secret);
            findings.add(probe, text(answer));
            return answer;
        } catch (DromoException e) {
            findings.unanswered(probe, e);
            throw e;
        }
    }

    @Override
    public TestResult testConnection(String id) throws DromoException {
        String probe = "Dromo's login";
        try {
            TestResult result = dromo.testConnection(id);
            findings.add(
                    probe,
                    result.success() ? "works" : "fails: " + result.error().orElse("no reason given"));
            return result;
        } catch (DromoException e) {
            findings.unanswered(probe, e);
            throw e;
        }
    }

    private static String text(StoredCredential stored) {
        return stored.fingerprint().map(Fingerprint::text).orElse("a password") + " for "
                + new Account(stored.hostname(), stored.port(), stored.user());
    }

    @Override
    public List<StoredCredential> credentials() throws DromoException {
        return dromo.credentials();
    }

    @Override
    public List<Connector> connectors() throws DromoException {
        return dromo.connectors();
    }
}
