package dev.keyturn.secret;

/**
 * Where a secret of the configuration is read from, each time it is needed: the configuration holds references only. Two
 * that stand for the same place are equal; their descriptions may be the same all the same.
 */
public interface SecretSource {
    /**
     * Reads the secret. The caller closes it.
     *
     * @throws SecretUnavailableException where the file, variable or program doesn't yield one
     */
    Secret load() throws SecretUnavailableException;

    /** Where it comes from, for messages, e.g. {@code credential 'keyturn-key'}; never the secret. */
    String describe();
}
