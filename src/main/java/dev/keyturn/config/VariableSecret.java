package dev.keyturn.config;

import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import dev.keyturn.secret.SecretUnavailableException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

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

    /** A process has one environment, so the name says all. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VariableSecret that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String describe() {
        return "environment variable '" + name + "'";
    }
}
