package dev.keyturn.config;

import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import dev.keyturn.secret.SecretUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A credential that systemd hands to the service (systemd.exec(5), LoadCredential=). */
final class CredentialSecret implements SecretSource {
    private final String name;
    private final Optional<Path> directory;

    CredentialSecret(String name, Optional<Path> directory) {
        this.name = name;
        this.directory = directory;
    }

    @Override
    public Secret load() throws SecretUnavailableException {
        if (directory.isEmpty()) {
            throw new SecretUnavailableException(
                    describe() + ": $CREDENTIALS_DIRECTORY is not set, since this process was"
                            + " not started by systemd with LoadCredential=" + name
                            + "; add that to the unit, or refer to a {file: PATH} instead");
        }
        try (InputStream in = Files.newInputStream(directory.get().resolve(name))) {
            return SecretBytes.text(SecretBytes.collect(in, describe()), describe());
        } catch (NoSuchFileException e) {
            throw new SecretUnavailableException(
                    describe() + " is not among the unit's credentials; add LoadCredential=" + name + ":/etc/keyturn/"
                            + name + " or LoadCredentialEncrypted= to it",
                    e);
        } catch (IOException e) {
            throw new SecretUnavailableException(describe() + " can't be read: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CredentialSecret that && name.equals(that.name) && directory.equals(that.directory);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, directory);
    }

    @Override
    public String describe() {
        return "credential '" + name + "'";
    }
}
