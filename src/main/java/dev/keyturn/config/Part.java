package dev.keyturn.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One file of a configuration.
 *
 * @param section its policies and credentials; of the file that includes the others, everything else too
 * @param references relative to this file
 * @param bytes of the file
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; hashed once
record Part(Section section, References references, byte[] bytes) {
    /** What an included file may have in it. */
    static final Keys INCLUDED = Keys.of(
            "policies", "{partner-keys: {secret: {type: ssh_key}}}",
            "credentials", "{acme-orders: {policy: partner-keys, ...}}");

    /** Empty where it can't be read; problems were noted then. */
    static Optional<Part> read(Path file, Keys keys, Environment environment, Problems problems) {
        Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        return YamlFile.read(file, keys == INCLUDED ? "credentials:" : "version: 1", problems)
                .flatMap(yaml -> yaml.root()
                        .flatMap(root -> root.section(keys))
                        .map(section -> new Part(section, new References(directory, environment), yaml.bytes())));
    }
}
