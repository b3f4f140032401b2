package dev.keyturn.config;

import dev.keyturn.policy.Policy;
import dev.keyturn.rotation.ManagedCredential;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/**
 * Reads the files of a configuration, and on the way their policies and credentials. Each credential is made as soon as its
 * entry was read, so that a fleet's entries are never in memory together. Where one needs what stands below it, or in a
 * file that is read later, it and all behind it are read once more in the end.
 */
final class FleetReader {
    private static final String CREDENTIALS = "credentials";
    private static final String KNOWN_HOSTS = "known_hosts";
    private static final HostReader NO_KNOWN_HOSTS = new HostReader(Optional.empty());

    private final Environment environment;
    private final MemoryBudget budget;
    private final MessageDigest digest = sha256();
    private final PolicyReader policyReader;
    private final Map<String, Optional<Policy>> policies = new LinkedHashMap<>();
    private final Map<String, Place> policyPlaces = new HashMap<>();
    private final CredentialReader credentialReader = new CredentialReader(policies);
    private final List<ManagedCredential> credentials = new ArrayList<>();
    private final Map<String, Place> credentialPlaces = new HashMap<>();
    private final Set<String> secretVariables = new HashSet<>();
    private final List<Runnable> putOff = new ArrayList<>();
    private boolean postponing;
    private boolean finishing;
    /** Empty until it is known whether there is a known_hosts. */
    private Optional<HostReader> hosts = Optional.empty();

    FleetReader(Environment environment) {
        this.environment = environment;
        this.budget = new MemoryBudget(environment.memory());
        this.policyReader = new PolicyReader(environment.clock());
    }

    /**
     * Reads a file; the one that includes the others first. Empty where it can't be read; problems were noted then.
     *
     * @param keys what it may have in it
     */
    Optional<Part> read(Path file, Keys keys, Problems problems) {
        return YamlFile.read(
                        file, keys == Part.INCLUDED ? "credentials:" : "version: 1", keys == Part.INCLUDED, problems)
                .flatMap(yaml -> new Reading(file, keys, yaml, problems).read());
    }

    /** Reads what was put off. Every file was read. */
    void finish() {
        finishing = true;
        putOff.forEach(Runnable::run);
    }

    List<Policy> policies() {
        return policies.values().stream().flatMap(Optional::stream).toList();
    }

    /** In the order of the files. */
    List<ManagedCredential> credentials() {
        return credentials;
    }

    /** The environment variables that references have named so far. */
    Set<String> secretVariables() {
        return secretVariables;
    }

    /** SHA-256 of the files' bytes, one after the other, in hex. */
    String hash() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** What to do with one file. */
    private final class Reading {
        private final Keys keys;
        private final YamlFile yaml;
        private final Problems problems;
        private final References references;
        private final int credentialsBefore = credentials.size();
        /** Names that a file before this one has too. */
        private final Map<String, Place> repeated = new HashMap<>();

        private boolean policiesRead;
        private boolean begun;
        private boolean unfinished;
        private int taken;

        Reading(Path file, Keys keys, YamlFile yaml, Problems problems) {
            this.keys = keys;
            this.yaml = yaml;
            this.problems = problems;
            Path directory =
                    Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
            this.references = new References(directory, environment, secretVariables);
        }

        Optional<Part> read() {
            Optional<Section> found =
                    yaml.root(keys, CREDENTIALS, this::takeFirst).flatMap(root -> root.section(keys));
            if (found.isEmpty()) {
                forget();
                return Optional.empty();
            }
            Section section = found.get();
            section.value("policies").filter(value -> !policiesRead).ifPresent(this::readPolicies);
            if (keys.contains(KNOWN_HOSTS) && hosts.isEmpty()) {
                readHosts(section.value(KNOWN_HOSTS));
            }
            if (unfinished) {
                budget.addText(yaml.bytes().length);
                putOff.add(this::readAgain);
            }
            section.value(CREDENTIALS).ifPresent(this::readWhole);
            digest.update(yaml.bytes());
            return Optional.of(new Part(section, references));
        }

        /** A section whose entries could not be taken one by one; it is empty where they were. */
        private void readWhole(Value section) {
            List<NodeTuple> entries = section.tuples();
            entries.forEach(entry -> take(section, entry));
            if (taken < entries.size()) {
                putOff.add(() -> entries.subList(taken, entries.size()).forEach(entry -> take(section, entry)));
            }
        }

        private void readAgain() {
            int[] known = {taken};
            yaml.root(keys, CREDENTIALS, (root, section, entry) -> {
                if (known[0]-- <= 0) {
                    take(section, entry);
                }
            });
        }

        /** As if there were no such file. */
        private void forget() {
            credentials.subList(credentialsBefore, credentials.size()).clear();
            credentialReader.forget(problems);
            credentialPlaces.values().removeIf(place -> place.file() == problems);
            policyPlaces.values().removeIf(place -> place.file() == problems);
            policies.keySet().retainAll(policyPlaces.keySet());
        }

        private void takeFirst(Value root, Value section, NodeTuple entry) {
            if (!begun) {
                begun = true;
                root.look("policies", keys).filter(Value::isMapping).ifPresent(this::readPolicies);
                if (keys.contains(KNOWN_HOSTS)) {
                    Optional<Value> knownHosts = root.look(KNOWN_HOSTS, keys).filter(value -> !value.isEmpty());
                    if (knownHosts.isPresent()) {
                        readHosts(knownHosts);
                    }
                }
            }
            take(section, entry);
        }

        private void take(Value section, NodeTuple tuple) {
            if (postponing && !finishing) {
                unfinished = true;
                return;
            }
            Optional<Value> entry = section.named(tuple);
            if (!finishing && entry.filter(this::needsMore).isPresent()) {
                postponing = true;
                unfinished = true;
                return;
            }
            taken++;
            if (isTooMuch(section, entry)) {
                return;
            }
            entry.filter(this::isNew)
                    .flatMap(value -> credentialReader.read(value, hosts.orElse(NO_KNOWN_HOSTS), references))
                    .ifPresent(credentials::add);
        }

        private boolean isTooMuch(Value section, Optional<Value> entry) {
            if (!budget.isExceeded()) {
                budget.addCredential(entry.map(Value::letters).orElse(0L));
                if (budget.isExceeded()) {
                    section.rejectKey(
                            "the credentials from '" + entry.map(Value::name).orElse("") + "' on "
                                    + budget.description(),
                            "a larger heap, for example KEYTURN_JAVA_OPTIONS=-Xmx512m in the daemon's environment");
                }
            }
            return budget.isExceeded();
        }

        /** Whether it can't be read before everything else was. */
        private boolean needsMore(Value entry) {
            boolean unknownPolicy = entry.look("policy")
                    .flatMap(Value::scalar)
                    .filter(name -> !policies.containsKey(name))
                    .isPresent();
            return unknownPolicy
                    || (hosts.isEmpty()
                            && entry.look("host")
                                    .filter(host -> host.look("host_key").isEmpty())
                                    .isPresent());
        }

        private boolean isNew(Value entry) {
            Place first = repeated.getOrDefault(entry.name(), credentialPlaces.get(entry.name()));
            if (first != null && first.isInFileOf(entry)) {
                entry.rejectDuplicate(first);
                return false;
            }
            entry.requireName(Words.NAME, Words.NAME_RULE);
            if (first != null) {
                repeated.put(entry.name(), entry.place());
                rejectSecond(entry, first);
                return false;
            }
            credentialPlaces.put(entry.name(), entry.place());
            return true;
        }

        private void readPolicies(Value section) {
            policiesRead = true;
            section.named(Words.NAME, Words.NAME_RULE).forEach((name, policy) -> {
                Place first = policyPlaces.putIfAbsent(name, policy.place());
                if (first == null) {
                    policies.put(name, policyReader.read(name, policy));
                } else {
                    rejectSecond(policy, first);
                }
            });
        }

        private void rejectSecond(Value entry, Place first) {
            entry.rejectKey(
                    "is in the configuration twice, first in " + first.seenFrom(entry),
                    "each name once, over all files");
        }

        private void readHosts(Optional<Value> knownHosts) {
            hosts = Optional.of(new HostReader(knownHosts.flatMap(references::path)));
        }
    }
}
