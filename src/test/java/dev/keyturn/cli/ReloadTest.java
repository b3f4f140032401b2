package dev.keyturn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.ConfigLoader;
import dev.keyturn.config.Configuration;
import dev.keyturn.config.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reload takes for changed. */
class ReloadTest {
    private static final Environment NOTHING =
            new Environment(Map.of(), Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC));
    private static final String LICENSE = "{command: [pass, show, license]}";
    private static final String KEY = "{command: [pass, show, key]}";
    private static final String ADMIN = "{command: [pass, show, admin]}";

    @TempDir
    Path directory;

    @Test
    void takesTheSameFileForUnchanged() throws Exception {
        Configuration before = read(LICENSE, KEY, ADMIN);
        Configuration after = read(LICENSE, KEY, ADMIN + " # nothing else");

        assertThat(Reload.needRestart(before, after)).isEmpty();
        assertThat(new Changes(before, after).lines()).last().asString().contains("no credential and no policy");
    }

    /** All three are described as "command 'pass'". */
    @Test
    void seesThatAnArgumentOfASecretsCommandChanged() throws Exception {
        Configuration before = read(LICENSE, KEY, ADMIN);

        assertThat(Reload.needRestart(before, read("{command: [pass, show, other]}", KEY, ADMIN)))
                .containsExactly("dromo");
        assertThat(Reload.needRestart(before, read(LICENSE, "{command: [pass, show, other]}", ADMIN)))
                .containsExactly("state.encryption_key");
        Configuration after = read(LICENSE, KEY, "{command: [pass, show, other]}");
        assertThat(Reload.needRestart(before, after)).isEmpty();
        assertThat(new Changes(before, after).lines()).last().isEqualTo("  changed: acme");
    }

    private Configuration read(String license, String key, String admin) throws Exception {
        Path file = directory.resolve("keyturn.yaml");
        Files.writeString(file, """
                version: 1
                dromo:
                  license_key: %s
                state:
                  encryption_key: %s
                policies: {keys: {secret: {type: ssh_key}}}
                credentials:
                  acme:
                    policy: keys
                    dromo_id: ee5d0e45-b098-47bc-8217-e93790243dfa
                    host:
                      hostname: sftp.example
                      user: me
                      host_key: "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
                    install:
                      method: authorized_keys
                      as:
                        user: admin
                        private_key: %s
                """.formatted(license, key, admin));
        return ConfigLoader.load(file, NOTHING);
    }
}
