package dev.keyturn.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.policy.KeyAlgorithm;
import dev.keyturn.policy.Schedule;
import dev.keyturn.policy.SecretRules;
import dev.keyturn.policy.Verify;
import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.Alternate;
import dev.keyturn.rotation.HostKeyTrust;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    static final Path SAMPLE = Path.of("config/keyturn.yaml");
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);
    static final Environment NOTHING = new Environment(Map.of(), CLOCK);

    @TempDir
    Path directory;

    @Test
    void readsTheSample() throws Exception {
        Configuration configuration = ConfigLoader.load(SAMPLE, NOTHING);

        assertThat(configuration.policies()).extracting("name").containsExactly("partner-keys", "legacy-passwords");
        assertThat(configuration.credentials()).extracting("name").containsExactly("acme-orders", "acme-archive");
        ManagedCredential orders = configuration.credentials().get(0);
        assertThat(orders.authType()).isEqualTo(AuthType.KEY);
        assertThat(orders.account()).isEqualTo(new Account("sftp.acme.example", 22, "dromo"));
        assertThat(orders.hostKey()).isInstanceOf(HostKeyTrust.Pinned.class);
        assertThat(orders.install()).isInstanceOf(InstallMethod.AuthorizedKeys.class);
        assertThat(orders.probeDirectory()).contains("/uploads");
        assertThat(orders.labels()).containsExactly(Map.entry("team", "data"), Map.entry("env", "prod"));
        assertThat(orders.policy().overlap()).isEqualTo(Duration.ofDays(1));
        assertThat(orders.policy().schedule().orElseThrow()).isInstanceOf(Schedule.Cron.class);
        ManagedCredential archive = configuration.credentials().get(1);
        assertThat(archive.authType()).isEqualTo(AuthType.PASSWORD);
        assertThat(archive.policy().allowGap()).isTrue();
        assertThat(archive.install().as().orElseThrow().user()).isEqualTo("keyturn-admin");
    }

    /** Also those that stand below the command that must not see them. */
    @Test
    void knowsTheVariablesThatHoldSecrets() throws Exception {
        Configuration configuration = load("""
                version: 1
                dromo: {license_key: {command: [sh, -c, "echo ${HOME-withheld}"]}}
                state: {encryption_key: {env: HOME}}
                notify: {webhooks: [{url: {env: WEBHOOK}}]}
                policies: {}
                credentials: {}
                """);

        assertThat(configuration.secretVariables()).containsExactlyInAnyOrder("HOME", "WEBHOOK");
        try (Secret key = configuration.dromo().licenseKey().load()) {
            assertThat(key.expose()).asString(StandardCharsets.UTF_8).isEqualTo("withheld");
        }
    }

    @Test
    void readsHowOftenToLookWhetherAPartnerIsDone() throws Exception {
        String file = """
                version: 1
                dromo: {license_key: {env: KEY}}
                state: {encryption_key: {file: key}}
                known_hosts: known_hosts
                policies: {keys: {secret: {type: ssh_key}%s}}
                credentials:
                  one:
                    policy: keys
                    dromo_id: ee5d0e45-b098-47bc-8217-e93790243dfa
                    host: {hostname: sftp.example, user: me}
                    install: {method: manual}
                """;

        ManagedCredential one =
                load(file.formatted(", verify: {every: 2h}")).credentials().get(0);
        assertThat(one.install()).isEqualTo(new InstallMethod.Manual());
        assertThat(one.policy().verify()).contains(new Verify(Duration.ofHours(2), Verify.OnDrift.ALERT));
        assertThat(one.policy().tries().firstDelay()).isEqualTo(Duration.ofHours(2));
        ManagedCredential unsaid = load(file.formatted("")).credentials().get(0);
        assertThat(unsaid.policy().verify()).isEmpty();
        assertThat(unsaid.policy().tries().firstDelay()).isEqualTo(Duration.ofMinutes(15));
        assertThat(load(file.formatted(", verify: {every: 6h, on_drift: rotate}"))
                        .credentials()
                        .get(0)
                        .policy()
                        .rotatesOnDrift())
                .isTrue();
    }

    @Test
    void readsWhatTheSampleHasInComments() throws Exception {
        String sample = Files.readString(SAMPLE).replaceAll("(?m)^  # ( *[a-z_-]+:.*)$", "  $1");

        Configuration configuration = load(sample);

        ManagedCredential invoices = configuration.credentials().get(2);
        assertThat(invoices.alternate()).contains(new Alternate("dromo_a", "dromo_b"));
        assertThat(invoices.account()).isEqualTo(new Account("sftp.acme.example", 22, "dromo_a"));
        assertThat(invoices.on("dromo_b").where()).isEqualTo("dromo_a|dromo_b@sftp.acme.example:22");
        assertThat(invoices.policy().allowGap()).isFalse();
        assertThat(invoices.policy().overlap()).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void fillsInTheDefaultsOfAShortFile() throws Exception {
        Configuration configuration = load("""
                version: 1
                dromo: {license_key: {env: KEY}}
                state: {encryption_key: {file: key}}
                known_hosts: known_hosts
                policies: {keys: {secret: {type: ssh_key}}}
                credentials:
                  one:
                    policy: keys
                    dromo_id: EE5D0E45-B098-47BC-8217-E93790243DFA
                    host: {hostname: "2001:db8::1", user: me}
                    install: {method: authorized_keys}
                """);

        assertThat(configuration.version()).isEqualTo(1);
        assertThat(configuration.dromo().url()).hasToString("https://app.dromo.io/api/v1");
        assertThat(configuration.dromo().timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(configuration.dromo().requestsPerSecond()).isEqualTo(10);
        assertThat(configuration.dromo().caFile()).isEmpty();
        assertThat(configuration.dromo().proxy()).isEmpty();
        assertThat(configuration.state().directory()).isEqualTo(Path.of("/var/lib/keyturn"));
        assertThat(configuration.audit().directory()).isEqualTo(Path.of("/var/log/keyturn"));
        assertThat(configuration.control()).isEqualTo(new ControlSection(Path.of("/run/keyturn/control.sock"), false));
        assertThat(configuration.limits()).isEqualTo(new Limits(16, 4));
        ManagedCredential one = configuration.credentials().get(0);
        assertThat(one.dromoId()).isEqualTo("ee5d0e45-b098-47bc-8217-e93790243dfa");
        assertThat(one.account().port()).isEqualTo(22);
        assertThat(one.hostKey()).isEqualTo(new HostKeyTrust.KnownHosts(directory.resolve("known_hosts")));
        assertThat(one.policy().secret()).isEqualTo(new SecretRules.SshKey(KeyAlgorithm.ED25519));
        assertThat(one.policy().schedule()).isEmpty();
        assertThat(one.policy().overlap()).isZero();
        assertThat(one.probeDirectory()).isEmpty();
    }

    @Test
    void takesDirectoriesFromSystemdWhereTheFileNamesNone() throws Exception {
        Environment systemd = new Environment(
                Map.of(
                        "STATE_DIRECTORY",
                        "/var/lib/keyturn-2:/var/lib/other",
                        "LOGS_DIRECTORY",
                        "/var/log/keyturn-2",
                        "RUNTIME_DIRECTORY",
                        "/run/keyturn-2"),
                CLOCK);

        Configuration configuration = ConfigLoader.load(SAMPLE, systemd);

        assertThat(configuration.state().directory()).isEqualTo(Path.of("/var/lib/keyturn-2"));
        assertThat(configuration.audit().directory()).isEqualTo(Path.of("/var/log/keyturn-2"));
        assertThat(configuration.control().socket()).isEqualTo(Path.of("/run/keyturn-2/control.sock"));
    }

    @Test
    void saysWhereTheDaemonIsHoweverMuchElseIsWrong() throws Exception {
        Path file = Files.writeString(directory.resolve("keyturn.yaml"), """
                version: seven
                state: {directory: state, encrypt: {}}
                control: {socket: c.sock}
                policies: {keys: {secret: nothing}}
                """);

        Whereabouts found = ConfigLoader.whereabouts(file, NOTHING);

        assertThat(found.stateDirectory()).contains(directory.resolve("state"));
        assertThat(found.control()).isEqualTo(new ControlSection(directory.resolve("c.sock"), true));
    }

    @Test
    void guessesWhereTheDaemonIsWhereNothingCanBeRead() throws Exception {
        Path file = Files.writeString(directory.resolve("keyturn.yaml"), "control: {socket: [");

        Whereabouts found = ConfigLoader.whereabouts(file, NOTHING);

        assertThat(found.stateDirectory()).isEmpty();
        assertThat(found.control().socket()).isEqualTo(Path.of("/run/keyturn/control.sock"));
    }

    @Test
    void readsRelativePathsFromTheDirectoryOfTheFile() throws Exception {
        Configuration configuration = load("""
                version: 1
                dromo: {license_key: {file: ../key}, ca_file: ca.pem}
                state: {encryption_key: {file: /abs/key}, directory: state}
                """);

        assertThat(configuration.dromo().caFile()).contains(directory.resolve("ca.pem"));
        assertThat(configuration.dromo().licenseKey().describe())
                .isEqualTo("file '" + directory.getParent().resolve("key") + "'");
        assertThat(configuration.state().directory()).isEqualTo(directory.resolve("state"));
        assertThat(configuration.state().encryptionKey().describe()).isEqualTo("file '/abs/key'");
    }

    @Test
    void hashesTheExactBytes() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(SAMPLE));

        assertThat(ConfigLoader.load(SAMPLE, NOTHING).hash())
                .isEqualTo(HexFormat.of().formatHex(digest));
    }

    private Configuration load(String yaml) throws Exception {
        return ConfigLoader.load(Files.writeString(directory.resolve("keyturn.yaml"), yaml), NOTHING);
    }
}
