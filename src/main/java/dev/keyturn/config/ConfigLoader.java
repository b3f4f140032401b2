package dev.keyturn.config;

import dev.keyturn.policy.Policy;
import dev.keyturn.rotation.ManagedCredential;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads a configuration file. Reads no secret: those are loaded where they are used, each time anew. */
public final class ConfigLoader {
    private static final int VERSION = 1;
    static final Keys KEYS = Keys.of(
                    "version", "1",
                    "dromo", "{license_key: {credential: dromo-license-key}}",
                    "state", "{encryption_key: {credential: keyturn-key}}",
                    "audit", "{directory: /var/log/keyturn}",
                    "known_hosts", "/etc/keyturn/known_hosts",
                    "limits", "{workers: 16, per_host: 4}",
                    "notify", "{webhooks: [{url: {credential: slack-webhook}, format: slack}]}",
                    "policies", "{partner-keys: {secret: {type: ssh_key}}}",
                    "credentials", "{acme-orders: {policy: partner-keys, ...}}")
            .withLater("include", "control");

    private ConfigLoader() {}

    /**
     * @param file its name appears in problems as it is given here
     * @throws InvalidConfigurationException with everything that is wrong, including a file that can't be read
     */
    public static Configuration load(Path file, Environment environment) throws InvalidConfigurationException {
        Problems problems = new Problems(file.toString());
        Optional<Configuration> configuration = YamlFile.read(file, problems)
                .flatMap(yaml -> yaml.root()
                        .flatMap(root -> root.section(KEYS))
                        .map(section -> read(section, file, sha256(yaml.bytes()), environment)));
        problems.throwIfAny();
        return configuration.orElseThrow();
    }

    private static Configuration read(Section section, Path file, String hash, Environment environment) {
        Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        References references = new References(directory, environment);
        section.required("version").ifPresent(ConfigLoader::checkVersion);
        DromoSection dromo = section.required("dromo")
                .flatMap(value -> value.section(DromoSection.KEYS))
                .map(it -> DromoSection.read(it, references))
                .orElseGet(DromoSection::unread);
        StateSection state = section.required("state")
                .flatMap(value -> value.section(StateSection.KEYS))
                .map(it -> StateSection.read(it, references, environment))
                .orElseGet(() -> new StateSection(UnreadSecret.INSTANCE, environment.stateDirectory()));
        AuditSection audit = section.value("audit")
                .flatMap(value -> value.section(AuditSection.KEYS))
                .map(it -> AuditSection.read(it, references, environment))
                .orElseGet(() -> new AuditSection(environment.logsDirectory()));
        Limits limits = section.value("limits")
                .flatMap(value -> value.section(Limits.KEYS))
                .map(Limits::read)
                .orElse(Limits.DEFAULT);
        NotifySection notify = section.value("notify")
                .flatMap(value -> value.section(NotifySection.KEYS))
                .map(it -> new NotifyReader(references).read(it))
                .orElse(NotifySection.NOBODY);
        PolicyReader policyReader = new PolicyReader(environment.clock());
        Map<String, Optional<Policy>> policies = policies(section, policyReader);
        List<ManagedCredential> credentials = credentials(section, policies, policyReader, references);
        return new Configuration(
                VERSION,
                dromo,
                state,
                audit,
                limits,
                notify,
                policies.values().stream().flatMap(Optional::stream).toList(),
                credentials,
                hash,
                file);
    }

    private static void checkVersion(Value value) {
        value.wholeNumber(0, Integer.MAX_VALUE)
                .filter(version -> version != VERSION)
                .ifPresent(other -> value.reject("this Keyturn reads version " + VERSION + " of the format only"));
    }

    private static Map<String, Optional<Policy>> policies(Section section, PolicyReader reader) {
        Map<String, Optional<Policy>> policies = new LinkedHashMap<>();
        section.value("policies")
                .map(value -> value.named(Words.NAME, Words.NAME_RULE))
                .orElse(Map.of())
                .forEach((name, value) -> policies.put(name, reader.read(name, value)));
        return policies;
    }

    private static List<ManagedCredential> credentials(
            Section section, Map<String, Optional<Policy>> policies, PolicyReader policyReader, References references) {
        Optional<Path> knownHosts = section.value("known_hosts").flatMap(references::path);
        CredentialReader reader =
                new CredentialReader(policies, new HostReader(knownHosts), new InstallReader(references));
        List<ManagedCredential> credentials = new ArrayList<>();
        section.value("credentials")
                .map(value -> value.named(Words.NAME, Words.NAME_RULE))
                .orElse(Map.of())
                .forEach((name, value) -> reader.read(name, value).ifPresent(credentials::add));
        policyReader.refuseIdleVerify(reader.byPartner());
        return credentials;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
