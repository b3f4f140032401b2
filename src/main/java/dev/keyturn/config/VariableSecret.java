package dev.keyturn.config;

import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import dev.keyturn.secret.SecretUnavailableException;
import java.nio.charset.StandardCharsets;

/** An environment variable: the weakest source, since the process keeps its environment for life. */
final class VariableSecret implements SecretSource {
    private final String name;
    private final Environment environment;

    VariableSecret(String name, Environment environment) {
        this.name = name;
        this.environment = environment;
    }

    @Override
    public Secret load() throws SecretUnavailableException {
        byte[] bytes = environment
                .variable(name)
                .orElseThrow(() -> new SecretUnavailableException(describe()
                        + " is not set, or empty; set it for the process, or refer to a {file: PATH} instead"))
                .getBytes(StandardCharsets.UTF_8);
        return SecretBytes.text(Secret.takeOver(bytes), describe());
    }

    @Override
    public String describe() {
        return "environment variable '" + name + "'";
    }
}
