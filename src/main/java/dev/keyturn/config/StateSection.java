package dev.keyturn.config;

import dev.keyturn.secret.SecretSource;
import java.nio.file.Path;

/**
 * Where the journal and the encrypted secrets live.
 *
 * @param encryptionKey the key made by {@code keyturn init-key}
 */
public record StateSection(SecretSource encryptionKey, Path directory) {
    static final Keys KEYS = Keys.of("encryption_key", "{credential: keyturn-key}", "directory", "/var/lib/keyturn")
            .withLater("database");

    static StateSection read(Section section, References references, Environment environment) {
        return new StateSection(
                section.required("encryption_key").flatMap(references::secret).orElse(UnreadSecret.INSTANCE),
                section.value("directory").flatMap(references::path).orElseGet(environment::stateDirectory));
    }
}
