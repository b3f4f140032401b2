package dev.keyturn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.policy.Policy;
import dev.keyturn.rotation.ManagedCredential;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncludeTest {
    private static final String START = """
            version: 1
            dromo: {license_key: {env: KEY}}
            state: {encryption_key: {file: key}}
            known_hosts: known_hosts
            """;

    @TempDir
    Path directory;

    @BeforeEach
    void makeDirectory() throws Exception {
        Files.createDirectory(directory.resolve("credentials.d"));
    }

    @Test
    void addsPoliciesAndCredentialsInTheOrderOfTheNames() throws Exception {
        write("credentials.d/20-b.yaml", credential("b", 2, "keys"));
        write("credentials.d/10-a.yaml", "policies: {late: {secret: {type: ssh_key}}}\n" + credential("a", 1, "keys"));
        write("credentials.d/.10-a.yaml.swp", "no YAML: [");
        write("credentials.d/.hidden.yaml", "no YAML: [");
        write("credentials.d/readme.txt", "no YAML: [");

        Configuration configuration =
                load(START + "include: [credentials.d/*.yaml]\npolicies: {keys: {secret: {type: ssh_key}}}\n"
                        + credential("main", 3, "late"));

        assertThat(configuration.policies()).extracting(Policy::name).containsExactly("keys", "late");
        assertThat(configuration.credentials())
                .extracting(ManagedCredential::name)
                .containsExactly("main", "a", "b");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String file : List.of("keyturn.yaml", "credentials.d/10-a.yaml", "credentials.d/20-b.yaml")) {
            all.write(Files.readAllBytes(directory.resolve(file)));
        }
        assertThat(configuration.hash())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(all.toByteArray())));
    }

    @Test
    void readsAFileOnceAndNeverItself() throws Exception {
        write("a.yaml", credential("a", 1, "keys"));

        Configuration configuration =
                load(START + "include: [a.yaml, '*.yaml', './*.yaml']\npolicies: {keys: {secret: {type: ssh_key}}}\n");

        assertThat(configuration.credentials()).hasSize(1);
    }

    @Test
    void findsNothingWhereAGlobMatchesNothing() throws Exception {
        assertThat(load(START + "include: [credentials.d/*.yaml, nowhere/*/x.yaml]\n")
                        .credentials())
                .isEmpty();
    }

    @Test
    void refusesAFileThatIsNamedAndIsNotThere() {
        assertProblems(
                START + "include: [credentials.d/a.yaml]\n",
                "keyturn.yaml:5:11: include[0]: there is no file ",
                "credentials.d/a.yaml; for example include: [credentials.d/*.yaml]");
    }

    @Test
    void saysInWhichFileAProblemIs() throws Exception {
        write("credentials.d/a.yaml", "credentials:\n  a: {policy: kes}\n");
        write("credentials.d/b.yaml", "limits: {workers: 1}\ninclude: [x]\n");
        write("credentials.d/c.yaml", "");

        assertProblems(
                START + "include: [credentials.d/*.yaml]\npolicies: {keys: {secret: {type: ssh_key}}}\nlimit: 1\n",
                "keyturn.yaml:7:1: limit: unknown key, did you mean 'limits'?",
                "credentials.d/a.yaml:2:15: credentials.a.policy: there is no policy 'kes', did you mean 'keys'?",
                "credentials.d/b.yaml:1:1: limits: unknown key; the keys here are policies, credentials",
                "credentials.d/b.yaml:2:1: include: unknown key; the keys here are policies, credentials",
                "credentials.d/c.yaml:1:1: the file is empty; for example start with the line credentials:");
    }

    @Test
    void namesBothPlacesOfADuplicate() throws Exception {
        write("credentials.d/a.yaml", credential("a", 1, "keys"));
        write("credentials.d/b.yaml", "policies: {keys: {secret: {type: ssh_key}}}\n" + credential("a", 2, "keys"));
        write("credentials.d/c.yaml", credential("c", 1, "keys"));

        assertProblems(
                START + "include: [credentials.d/*.yaml]\npolicies: {keys: {secret: {type: ssh_key}}}\n",
                "credentials.d/b.yaml:1:12: policies.keys: is in the configuration twice, first in ",
                "keyturn.yaml, line 6; each name once, over all files",
                "credentials.d/b.yaml:3:3: credentials.a: is in the configuration twice, first in ",
                "credentials.d/a.yaml, line 2; each name once, over all files",
                "credentials.d/c.yaml:4:15: credentials.c.dromo_id: is the same as that of credential 'a' (",
                "credentials.d/a.yaml, line 2); each credential of Dromo is managed once",
                "credentials.d/c.yaml:5:5: credentials.c.host: user1@sftp.example:22 is the account of credential 'a' (");
    }

    @Test
    void readsPathsRelativeToTheFileTheyStandIn() throws Exception {
        write(
                "credentials.d/a.yaml",
                credential("a", 1, "keys")
                        .replace("authorized_keys", "authorized_keys, as: {user: x, private_key: {file: admin}}"));

        Configuration configuration =
                load(START + "include: [credentials.d/*.yaml]\npolicies: {keys: {secret: {type: ssh_key}}}\n");

        assertThat(configuration
                        .credentials()
                        .get(0)
                        .install()
                        .as()
                        .orElseThrow()
                        .secret()
                        .describe())
                .contains("credentials.d/admin");
    }

    @Test
    void saysOfAnIncludedFileThatItIsOne() throws Exception {
        Files.createDirectory(directory.resolve("credentials.d/a.yaml"));

        assertProblems(
                START + "include: [credentials.d/*.yaml]\npolicies: {keys: {secret: {type: ssh_key}}}\n",
                "credentials.d/a.yaml:1:1: the included file is a directory",
                "an include that does not match it");
    }

    private static String credential(String name, int number, String policy) {
        return """
                credentials:
                  %s:
                    policy: %s
                    dromo_id: ee5d0e45-b098-47bc-8217-e93790243df%d
                    host: {hostname: sftp.example, user: user%d}
                    install: {method: authorized_keys}
                """.formatted(name, policy, number, number);
    }

    private void assertProblems(String yaml, String... parts) {
        assertThatThrownBy(() -> load(yaml))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContainingAll(parts);
    }

    private Configuration load(String yaml) throws Exception {
        return ConfigLoader.load(write("keyturn.yaml", yaml), ConfigLoaderTest.NOTHING);
    }

    private Path write(String name, String text) throws Exception {
        return Files.writeString(directory.resolve(name), text);
    }
}
