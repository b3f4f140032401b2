package dev.keyturn.rotation;

import dev.keyturn.policy.Policy;
import dev.keyturn.policy.SecretRules;
import dev.keyturn.secret.AuthType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One credential of the configuration: an account on a host that Dromo logs in to.
 *
 * @param name its name in the configuration, unique
 * @param dromoId the id of Dromo's SFTP credential
 * @param account with {@code alternate} that of the first user; see {@link #on}
 * @param probeDirectory the directory a proof lists; empty for the directories of Dromo's connectors
 * @param labels in the order of the configuration
 * @param alternate the two users that take turns; empty where there is one account
 */
public record ManagedCredential(
        String name,
        Policy policy,
        String dromoId,
        Account account,
        HostKeyTrust hostKey,
        InstallMethod install,
        Optional<String> probeDirectory,
        Map<String, String> labels,
        Optional<Alternate> alternate) {
    /** One account. */
    public ManagedCredential(
            String name,
            Policy policy,
            String dromoId,
            Account account,
            HostKeyTrust hostKey,
            InstallMethod install,
            Optional<String> probeDirectory,
            Map<String, String> labels) {
        this(name, policy, dromoId, account, hostKey, install, probeDirectory, labels, Optional.empty());
    }

    /** The same credential with {@code user}'s account on the same host. */
    public ManagedCredential on(String user) {
        Account there = new Account(account.hostname(), account.port(), user);
        return there.equals(account)
                ? this
                : new ManagedCredential(
                        name, policy, dromoId, there, hostKey, install, probeDirectory, labels, alternate);
    }

    /** Those that Dromo logs in to: one, or the two that take turns. */
    public List<Account> accounts() {
        return alternate
                .map(pair ->
                        List.of(on(pair.first()).account(), on(pair.second()).account()))
                .orElse(List.of(account));
    }

    /** {@code USER@HOSTNAME:PORT}; both users of alternating accounts. */
    public String where() {
        return alternate
                .map(pair -> new Account(account.hostname(), account.port(), pair.first() + "|" + pair.second()))
                .orElse(account)
                .toString();
    }

    /** What Dromo logs in with, by the policy. */
    public AuthType authType() {
        return policy.secret() instanceof SecretRules.SshKey ? AuthType.KEY : AuthType.PASSWORD;
    }
}
