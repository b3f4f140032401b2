package dev.keyturn.config;

import java.nio.file.Path;

/** Where the audit log lives. */
public record AuditSection(Path directory) {
    static final Keys KEYS = Keys.of("directory", "/var/log/keyturn").withLater("checkpoint");

    static AuditSection read(Section section, References references, Environment environment) {
        return new AuditSection(
                section.value("directory").flatMap(references::path).orElseGet(environment::logsDirectory));
    }
}
