package dev.keyturn.rotation;

import dev.keyturn.policy.Policy;
import dev.keyturn.policy.SecretRules;
import dev.keyturn.secret.AuthType;
import java.util.Map;
import java.util.Optional;

/**
 * One credential of the configuration: an account on a host that Dromo logs in to.
 *
 * @param name its name in the configuration, unique
 * @param dromoId the id of Dromo's SFTP credential
 * @param probeDirectory the directory a proof lists; empty for the directories of Dromo's connectors
 * @param labels in the order of the configuration
 */
public record ManagedCredential(
        String name,
        Policy policy,
        String dromoId,
        Account account,
        HostKeyTrust hostKey,
        InstallMethod install,
        Optional<String> probeDirectory,
        Map<String, String> labels) {

    /** What Dromo logs in with, by the policy. */
    public AuthType authType() {
        return policy.secret() instanceof SecretRules.SshKey ? AuthType.KEY : AuthType.PASSWORD;
    }
}
