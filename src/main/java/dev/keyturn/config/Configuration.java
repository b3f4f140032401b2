package dev.keyturn.config;

import dev.keyturn.policy.Policy;
import dev.keyturn.rotation.ManagedCredential;
import java.nio.file.Path;
import java.util.List;

/**
 * A configuration without a single problem.
 *
 * @param version the format's, 1
 * @param policies in the order of the file
 * @param credentials in the order of the file
 * @param hash SHA-256 of the file's bytes, in hex
 * @param file where it was read from
 */
public record Configuration(
        int version,
        DromoSection dromo,
        StateSection state,
        AuditSection audit,
        Limits limits,
        NotifySection notifications,
        List<Policy> policies,
        List<ManagedCredential> credentials,
        String hash,
        Path file) {
    public Configuration {
        policies = List.copyOf(policies);
        credentials = List.copyOf(credentials);
    }
}
