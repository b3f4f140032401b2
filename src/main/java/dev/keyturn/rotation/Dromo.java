package dev.keyturn.rotation;

import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import java.util.List;
import java.util.Optional;

/**
 * Dromo's API, as far as a rotation needs it. Thread-safe. Each attempt of a call blocks for at most the configured
 * timeout, and for the rate limit before it; an implementation may make a few where repeating is harmless.
 */
public interface Dromo {
    /** What Dromo has stored, without its secrets. Harmless to repeat. */
    StoredCredential retrieve(String id) throws DromoException;

    /**
     * Replaces what Dromo logs in with, by one PUT. It is not repeated here unless it certainly was not served: whether
     * that is harmless, the caller decides. An empty secret is refused unsent, as Dromo would silently keep what it has.
     *
     * @return what Dromo says it has stored now; not yet compared with anything
     * @throws DromoException with disposition UNCLEAR where Dromo may have applied it all the same
     */
    StoredCredential update(String id, Account account, LoginSecret secret) throws DromoException;

    /** Has Dromo itself log in to the host with what it has stored. */
    TestResult testConnection(String id) throws DromoException;

    /** All credentials of the account behind the license key, over all pages, in Dromo's order. */
    List<StoredCredential> credentials() throws DromoException;

    /** All connectors of the account behind the license key, over all pages, in Dromo's order. */
    List<Connector> connectors() throws DromoException;

    /**
     * Dromo's record of a credential.
     *
     * @param fingerprint of the stored key; empty where there is none
     */
    record StoredCredential(
            String id, String hostname, int port, String user, AuthType authType, Optional<Fingerprint> fingerprint) {}

    /**
     * The outcome of Dromo's own login.
     *
     * @param error Dromo's words; empty on success or where it gave none
     */
    record TestResult(boolean success, Optional<String> error) {}

    /**
     * An automated import.
     *
     * @param credentialId the id of the credential it logs in with
     * @param directory the directory it reads
     * @param schedule as Dromo describes it, e.g. {@code every_n_minutes 15}; opaque
     */
    record Connector(String id, String credentialId, String directory, String schedule) {}
}
