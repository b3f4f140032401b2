package dev.keyturn.rotation;

import dev.keyturn.policy.KeyAlgorithm;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.Secret;

/** Makes and reads SSH key pairs. Thread-safe. */
public interface KeyPairs {
    /**
     * A new key pair, in the OpenSSH format without passphrase.
     *
     * @param comment goes into the private key file; one line
     */
    LoginSecret.KeyPair generate(KeyAlgorithm algorithm, String comment);

    /**
     * Reads a private key a person has: OpenSSH or PEM format, without passphrase. The result is in the OpenSSH format.
     * {@code privateKey} stays the caller's.
     *
     * @throws IllegalArgumentException where it is none, or is encrypted; the message says which
     */
    LoginSecret.KeyPair read(Secret privateKey);
}
