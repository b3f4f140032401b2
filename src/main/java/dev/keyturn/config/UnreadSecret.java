package dev.keyturn.config;

import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import dev.keyturn.secret.SecretUnavailableException;

/** Stands where a reference has a problem; a configuration that holds it never leaves the loader. */
enum UnreadSecret implements SecretSource {
    INSTANCE;

    @Override
    public Secret load() throws SecretUnavailableException {
        throw new SecretUnavailableException(describe());
    }

    @Override
    public String describe() {
        return "a reference that could not be read";
    }
}
