package dev.keyturn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.ManagedCredential;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a configuration file may be, before and beyond its keys. */
class ConfigurationFileTest {
    private static final String START = """
            version: 1
            dromo: {license_key: {env: KEY}}
            state: {encryption_key: {env: KEY}}
            """;

    @TempDir
    Path directory;

    @Test
    void saysThatAFileDoesNotExist() {
        Path file = directory.resolve("keyturn.yaml");

        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> ConfigLoader.load(file, ConfigLoaderTest.NOTHING))
                .withMessage(file + ":1:1: the configuration file does not exist; for example --config"
                        + " /etc/keyturn/keyturn.yaml");
    }

    @Test
    void saysThatADirectoryIsNoFile() {
        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> ConfigLoader.load(directory, ConfigLoaderTest.NOTHING))
                .withMessageContaining("the configuration file is a directory");
    }

    @Test
    void skipsAByteOrderMark() throws Exception {
        Configuration configuration = load("\uFEFF" + START);

        assertThat(configuration.credentials()).isEmpty();
    }

    @Test
    void givesTheFirstColumnItsNumberBehindAByteOrderMark() {
        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> load("\uFEFFverzion: 1\n"))
                .withMessageContaining("keyturn.yaml:1:1: verzion: unknown key, did you mean 'version'?");
    }

    @Test
    void readsFilesWithCarriageReturns() throws Exception {
        assertThat(load(START.replace("\n", "\r\n")).credentials()).isEmpty();
    }

    @Test
    void putsAliasesInPlaceOfTheirValues() throws Exception {
        Configuration configuration = load(START + """
                known_hosts: known_hosts
                policies: {keys: {secret: {type: ssh_key}}}
                credentials:
                  one:
                    policy: keys
                    dromo_id: ee5d0e45-b098-47bc-8217-e93790243dfa
                    host: {hostname: a.example, user: me}
                    install: &install {method: authorized_keys, as: {user: admin, private_key: {file: key}}}
                  two:
                    policy: keys
                    dromo_id: 7b1f7b9e-0f0e-4a53-9d5c-0f6d8f4f2f10
                    host: {hostname: b.example, user: me}
                    install: *install
                """);

        assertThat(configuration.credentials())
                .extracting(ManagedCredential::install)
                .allSatisfy(install -> assertThat(install).isInstanceOf(InstallMethod.AuthorizedKeys.class))
                .allSatisfy(install -> assertThat(install.as()).isPresent());
    }

    @Test
    void acceptsPlainHttpToLoopbackOnly() throws Exception {
        for (String host : new String[] {"localhost:8080", "127.0.0.1", "127.3.2.1:1", "[::1]:8080"}) {
            assertThat(withUrl("http://" + host + "/api/v1/").dromo().url()).hasToString("http://" + host + "/api/v1");
        }
        for (String host : new String[] {
            "127.1", "128.0.0.1", "127.0.0.1.evil.example", "localhost.evil.example", "[::2]", "0.0.0.0", "127.0.0.01"
        }) {
            assertThatExceptionOfType(InvalidConfigurationException.class)
                    .isThrownBy(() -> withUrl("http://" + host + "/api/v1"))
                    .withMessageContaining("dromo.url");
        }
    }

    @Test
    void acceptsTheHostNamesAndAddressesThatExist() throws Exception {
        for (String name : new String[] {
            "sftp.acme.example",
            "a",
            "xn--bcher-kva.example",
            "10.0.0.255",
            "2001:db8::1",
            "::1",
            "::ffff:10.0.0.1",
            "sftp_1.example",
            "a.example.",
            "1password.example"
        }) {
            Configuration configuration = load(START + """
                    policies: {keys: {secret: {type: ssh_key}}}
                    credentials:
                      one:
                        policy: keys
                        dromo_id: ee5d0e45-b098-47bc-8217-e93790243dfa
                        host:
                          hostname: "%s"
                          user: me
                          host_key: SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU
                        install: {method: authorized_keys}
                    """.formatted(name));

            assertThat(configuration.credentials().get(0).account().hostname()).isEqualTo(name);
        }
    }

    @Test
    void neverLetsControlCharactersOfTheFileReachATerminal() {
        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> load("version: 1\n\"\\e[31mred\\r\\u202e\": 1\n"))
                .withMessageContaining("\\u001b[31mred\\u000d\\u202e: unknown key")
                .withMessageNotContaining("\u001b")
                .withMessageNotContaining("\u202e");
    }

    private Configuration withUrl(String url) throws Exception {
        return load(START.replace("dromo: {", "dromo: {url: \"" + url + "\", "));
    }

    private Configuration load(String yaml) throws Exception {
        Path file = Files.write(directory.resolve("keyturn.yaml"), yaml.getBytes(StandardCharsets.UTF_8));
        return ConfigLoader.load(file, ConfigLoaderTest.NOTHING);
    }
}
