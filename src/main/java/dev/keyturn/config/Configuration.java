package dev.keyturn.config;

import dev.keyturn.policy.Policy;
import dev.keyturn.rotation.ManagedCredential;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A configuration without a single problem.
 *
 * @param version the format's, 1
 * @param policies in the order of the file, then of those it includes
 * @param credentials in the same order
 * @param secretVariables the environment variables that references to secrets name
 * @param hash SHA-256 of the bytes of the file and of those it includes, one after the other, in hex
 * @param file where it was read from
 */
public record Configuration(
        int version,
        DromoSection dromo,
        StateSection state,
        AuditSection audit,
        ControlSection control,
        Limits limits,
        NotifySection notifications,
        List<Policy> policies,
        List<ManagedCredential> credentials,
        Set<String> secretVariables,
        String hash,
        Path file) {
    public Configuration {
        policies = List.copyOf(policies);
        credentials = List.copyOf(credentials);
        secretVariables = Set.copyOf(secretVariables);
    }
}
