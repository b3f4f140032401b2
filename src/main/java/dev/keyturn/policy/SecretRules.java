package dev.keyturn.policy;

/** What a policy's new secret looks like. */
public sealed interface SecretRules {
    /** A new SSH key pair of this algorithm. */
    record SshKey(KeyAlgorithm algorithm) implements SecretRules {}

    /** A new password by these rules. */
    record Password(PasswordRules rules) implements SecretRules {}
}
