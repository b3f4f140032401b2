package dev.keyturn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.rotation.HostKeyTrust;
import dev.keyturn.rotation.ManagedCredential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials come out alike, wherever in the files stands what they need. */
class FleetReaderTest {
    private static final String HEAD = """
            version: 1
            dromo: {license_key: {env: KEY}}
            state: {encryption_key: {file: key}}
            """;
    private static final String POLICIES = """
            policies:
              keys: {secret: {type: ssh_key}}
              other: {secret: {type: ssh_key, algorithm: ecdsa-256}}
            """;
    private static final String KNOWN_HOSTS = "known_hosts: hosts\n";

    @TempDir
    Path directory;

    private int made;

    @Test
    void findsPoliciesAndKnownHostsAboveAndBelow() throws Exception {
        String credentials = "credentials:\n" + entry("a", "keys") + entry("b", "other") + entry("c", "keys");

        List<ManagedCredential> above = load(HEAD + KNOWN_HOSTS + POLICIES + credentials);

        assertThat(above).extracting(ManagedCredential::name).containsExactly("a", "b", "c");
        assertThat(above).extracting(it -> it.policy().name()).containsExactly("keys", "other", "keys");
        assertThat(above)
                .extracting(ManagedCredential::hostKey)
                .containsOnly(new HostKeyTrust.KnownHosts(directory.resolve("hosts")));
        assertThat(load(HEAD + KNOWN_HOSTS + credentials + POLICIES)).isEqualTo(above);
        assertThat(load(HEAD + POLICIES + credentials + KNOWN_HOSTS)).isEqualTo(above);
        assertThat(load(credentials + HEAD + POLICIES + KNOWN_HOSTS)).isEqualTo(above);
    }

    @Test
    void readsTheSectionAsAWholeWhereAnAliasMayNeedIt() throws Exception {
        String below = "credentials: &all\n" + entry("a", "keys") + entry("b", "other");

        assertThat(load(HEAD + KNOWN_HOSTS + below + POLICIES))
                .extracting(ManagedCredential::name)
                .containsExactly("a", "b");
    }

    @Test
    void keepsTheOrderOfTheFilesWhereOneNeedsThePolicyOfALaterOne() throws Exception {
        included("one", POLICIES.replace("keys", "late") + "credentials:\n" + entry("b", "keys") + entry("c", "late"));
        String main = HEAD + KNOWN_HOSTS + "include: ['*.inc']\n" + POLICIES.replace("other", "mine");

        List<ManagedCredential> credentials =
                load(main + "credentials:\n" + entry("z", "keys") + entry("a", "late") + entry("y", "mine"));

        assertThat(credentials).extracting(ManagedCredential::name).containsExactly("z", "a", "y", "b", "c");
        assertThat(credentials)
                .extracting(it -> it.policy().name())
                .containsExactly("keys", "late", "mine", "keys", "late");
    }

    @Test
    void takesAliasesOfOtherEntries() throws Exception {
        String first = entry("a", "keys").replace("install: ", "install: &method ");
        String second = entry("b", "keys").replaceAll("install: .*", "install: *method");

        assertThat(load(HEAD + KNOWN_HOSTS + POLICIES + "credentials:\n" + first + second))
                .extracting(ManagedCredential::install)
                .hasSize(2)
                .allMatch(install -> install.equals(credential(first).install()));
    }

    @Test
    void namesTheFirstOfThoseWithTheSameName() throws Exception {
        included("one", "credentials:\n" + entry("a", "keys") + entry("b", "keys") + entry("a", "keys"));

        assertThat(problems(
                        HEAD + KNOWN_HOSTS + "include: ['*.inc']\n" + POLICIES + "credentials:\n" + entry("a", "keys")))
                .containsExactly(
                        "one.inc:2:3: credentials.a: is in the configuration twice, first in "
                                + directory.resolve("keyturn.yaml") + ", line 10; each name once, over all files",
                        "one.inc:12:3: credentials.a: duplicate key, the first stands in line 2, column 3; each key once");
    }

    /** What stood above the place where it stops being YAML makes no sense, and hides what is to be mended. */
    @Test
    void countsNothingOfAFileThatIsNoYaml() throws Exception {
        included(
                "one",
                "policies: {late: {secret: {type: ssh_key}}}\ncredentials:\n" + entry("a", "nobody's") + "\t- x\n");
        included("two", "credentials:\n" + entry("a", "late"));
        String main = HEAD + KNOWN_HOSTS + "include: ['*.inc']\n" + POLICIES;

        assertThat(problems(main))
                .containsExactly(
                        "one.inc:8:1: not valid YAML: a tab can't indent; use spaces; " + YamlSyntax.EXAMPLE,
                        "two.inc:3:13: credentials.a.policy: there is no policy 'late'; accepted: keys, other");
    }

    /** The YAML engine reads in pieces, and must not fail where one ends between the two halves of a character. */
    @Test
    void readsACharacterOfTwoHalvesAtAnyPlace() throws Exception {
        for (int length = 1000; length < 1050; length++) {
            String comment = "#" + "x".repeat(length) + "🔑\n";

            assertThat(load(comment + comment + HEAD)).isEmpty();
        }
    }

    @Test
    void refusesAFleetThatWouldNotFitTwiceIntoTheMemory() throws Exception {
        StringBuilder yaml = new StringBuilder(HEAD + KNOWN_HOSTS + POLICIES + "credentials:\n");
        for (int i = 0; i < 2_000; i++) {
            yaml.append(entry("c" + i, "keys"));
        }
        Path file = write(yaml.toString());
        Environment large = new Environment(Map.of(), ConfigLoaderTest.CLOCK, 80L << 20);
        Environment small = new Environment(Map.of(), ConfigLoaderTest.CLOCK, 74L << 20);

        assertThat(ConfigLoader.load(file, large).credentials()).hasSize(2_000);
        InvalidConfigurationException refusal =
                catchThrowableOfType(InvalidConfigurationException.class, () -> ConfigLoader.load(file, small));
        assertThat(refusal.problems()).hasSize(1);
        assertThat(refusal)
                .hasMessageContaining(":8:1: credentials: the credentials from 'c")
                .hasMessageContaining(
                        "' on need more than the 74 MiB of memory that this process may use; a larger heap");
    }

    @Test
    void listsNoMoreProblemsThanAnybodyMends() throws Exception {
        StringBuilder yaml = new StringBuilder(HEAD + KNOWN_HOSTS + POLICIES + "credentials:\n");
        for (int i = 0; i < 1_500; i++) {
            yaml.append(entry("c" + i, "gone"));
        }

        List<String> problems = problems(yaml.toString());

        assertThat(problems).hasSize(1_001);
        assertThat(problems.get(1_000))
                .isEqualTo("keyturn.yaml:1:1: has 500 more problems; mend those above, then check again");
    }

    @Test
    void keepsOneOfAllThatAreEqual() throws Exception {
        String labels = "    labels: {team: data}\n";
        List<ManagedCredential> credentials = load(HEAD + KNOWN_HOSTS + POLICIES + "credentials:\n" + entry("a", "keys")
                + labels + entry("b", "keys") + labels);

        ManagedCredential a = credentials.get(0);
        ManagedCredential b = credentials.get(1);
        assertThat(b.account().hostname()).isSameAs(a.account().hostname());
        assertThat(b.hostKey()).isSameAs(a.hostKey());
        assertThat(b.install()).isSameAs(a.install());
        assertThat(b.labels()).isSameAs(a.labels());
    }

    private ManagedCredential credential(String entry) {
        try {
            return load(HEAD + KNOWN_HOSTS + POLICIES + "credentials:\n" + entry)
                    .get(0);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private String entry(String name, String policy) {
        made++;
        return String.format(
                Locale.ROOT,
                "  %s:\n    policy: %s\n    dromo_id: ee5d0e45-b098-47bc-8217-%012d\n"
                        + "    host: {hostname: sftp.example, user: u%d}\n    install: {method: authorized_keys}\n",
                name,
                policy,
                made,
                made);
    }

    private void included(String name, String yaml) throws IOException {
        Files.writeString(directory.resolve(name + ".inc"), yaml);
    }

    private List<ManagedCredential> load(String yaml) throws Exception {
        return ConfigLoader.load(write(yaml), ConfigLoaderTest.NOTHING).credentials();
    }

    /** Without the directory in front. */
    private List<String> problems(String yaml) throws Exception {
        Path file = write(yaml);
        InvalidConfigurationException refusal = catchThrowableOfType(
                InvalidConfigurationException.class, () -> ConfigLoader.load(file, ConfigLoaderTest.NOTHING));
        return refusal.problems().stream()
                .map(problem ->
                        problem.toString().substring(directory.toString().length() + 1))
                .toList();
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("keyturn.yaml"), yaml);
    }
}
