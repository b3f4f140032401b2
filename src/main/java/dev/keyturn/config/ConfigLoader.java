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
import java.util.Set;

/** Loads a configuration file. Reads no secret: those are loaded where they are used, each time anew. */
public final class ConfigLoader {
    private static final int VERSION = 1;
    static final Keys KEYS = Keys.of(
                    "version", "1",
                    "dromo", "{license_key: {credential: dromo-license-key}}",
                    "state", "{encryption_key: {credential: keyturn-key}}",
                    "audit", "{directory: /var/log/keyturn}",
                    "known_hosts", "/etc/keyturn/known_hosts",
                    "include", "[credentials.d/*.yaml]",
                    "limits", "{workers: 16, per_host: 4}",
                    "notify", "{webhooks: [{url: {credential: slack-webhook}, format: slack}]}",
                    "policies", "{partner-keys: {secret: {type: ssh_key}}}",
                    "credentials", "{acme-orders: {policy: partner-keys, ...}}")
            .withLater("control");

    private ConfigLoader() {}

    /**
     * @param file its name appears in problems as it is given here
     * @throws InvalidConfigurationException with everything that is wrong, including a file that can't be read
     */
    public static Configuration load(Path file, Environment environment) throws InvalidConfigurationException {
        Problems problems = new Problems(file.toString());
        Optional<Configuration> configuration =
                Part.read(file, KEYS, environment, problems).map(main -> read(main, file, environment, problems));
        problems.throwIfAny();
        return configuration.orElseThrow();
    }

    private static Configuration read(Part main, Path file, Environment environment, Problems problems) {
        Section section = main.section();
        References references = main.references();
        List<Part> parts = new ArrayList<>(List.of(main));
        section.value("include")
                .map(new Include(file)::files)
                .orElse(Set.of())
                .forEach(included -> Part.read(included, Part.INCLUDED, environment, problems.of(included.toString()))
                        .ifPresent(parts::add));
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
        Map<String, Optional<Policy>> policies = policies(parts, new PolicyReader(environment.clock()));
        List<ManagedCredential> credentials = credentials(parts, policies);
        return new Configuration(
                VERSION,
                dromo,
                state,
                audit,
                limits,
                notify,
                policies.values().stream().flatMap(Optional::stream).toList(),
                credentials,
                sha256(parts),
                file);
    }

    private static void checkVersion(Value value) {
        value.wholeNumber(0, Integer.MAX_VALUE)
                .filter(version -> version != VERSION)
                .ifPresent(other -> value.reject("this Keyturn reads version " + VERSION + " of the format only"));
    }

    private static Map<String, Optional<Policy>> policies(List<Part> parts, PolicyReader reader) {
        Map<String, Optional<Policy>> policies = new LinkedHashMap<>();
        named("policies", parts).forEach((name, its) -> policies.put(name, reader.read(name, its.value())));
        return policies;
    }

    private static List<ManagedCredential> credentials(List<Part> parts, Map<String, Optional<Policy>> policies) {
        Part main = parts.get(0);
        Optional<Path> knownHosts = main.section().value("known_hosts").flatMap(main.references()::path);
        CredentialReader reader = new CredentialReader(policies, new HostReader(knownHosts));
        List<ManagedCredential> credentials = new ArrayList<>();
        named("credentials", parts)
                .forEach((name, its) ->
                        reader.read(name, its.value(), its.part().references()).ifPresent(credentials::add));
        return credentials;
    }

    /** A value under a name of the operator's, with the file it stands in. */
    private record Named(Value value, Part part) {}

    private static Map<String, Named> named(String key, List<Part> parts) {
        Map<String, Named> all = new LinkedHashMap<>();
        for (Part part : parts) {
            part.section()
                    .value(key)
                    .map(value -> value.named(Words.NAME, Words.NAME_RULE))
                    .orElse(Map.of())
                    .forEach((name, value) -> {
                        Named first = all.putIfAbsent(name, new Named(value, part));
                        if (first != null) {
                            value.rejectKey(
                                    "is in the configuration twice, first in "
                                            + first.value().placeFor(value),
                                    "each name once, over all files");
                        }
                    });
        }
        return all;
    }

    private static String sha256(List<Part> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            parts.forEach(part -> digest.update(part.bytes()));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
