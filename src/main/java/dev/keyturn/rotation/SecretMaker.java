package dev.keyturn.rotation;

import dev.keyturn.policy.SecretRules;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PasswordGenerator;

/** Makes a credential's next secret by its policy's rules. Thread-safe. */
public record SecretMaker(KeyPairs keyPairs, PasswordGenerator passwords) {
    /** The caller closes it. */
    LoginSecret make(ManagedCredential credential) {
        SecretRules rules = credential.policy().secret();
        if (rules instanceof SecretRules.SshKey key) {
            return keyPairs.generate(key.algorithm(), "keyturn:" + credential.name());
        }
        return new LoginSecret.Password(passwords.generate(((SecretRules.Password) rules).rules()));
    }
}
