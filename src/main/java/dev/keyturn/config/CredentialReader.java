package dev.keyturn.config;

import dev.keyturn.policy.Policy;
import dev.keyturn.policy.SecretRules;
import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.Alternate;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.secret.AuthType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads {@code credentials.NAME}, and sees to it that no two of them manage the same thing. */
final class CredentialReader {
    static final Keys KEYS = Keys.of(
            "policy",
            "partner-keys",
            "dromo_id",
            "ee5d0e45-b098-47bc-8217-e93790243dfa",
            "host",
            "{hostname: sftp.acme.example, user: dromo}",
            "install",
            "{method: authorized_keys}",
            "probe",
            "{directory: /uploads}",
            "labels",
            "{team: data, env: prod}",
            "alternate",
            "{users: [dromo_a, dromo_b]}");
    static final Keys PROBE = Keys.of("directory", "/uploads");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private final Map<String, Optional<Policy>> policies;
    private final Shared shared = new Shared();
    private final Map<String, Entry> firstWithId = new HashMap<>();
    private final Map<Account, Entry> firstWithAccount = new HashMap<>();

    /** A credential's entry in the configuration. */
    private record Entry(String name, Place place) {
        /** For a message about a part of another entry. */
        String seenFrom(Value other) {
            return "'" + name + "' (" + place.seenFrom(other) + ")";
        }
    }

    /** @param policies by name, as many as are known when a credential is read; the empty ones have a problem of their own */
    CredentialReader(Map<String, Optional<Policy>> policies) {
        this.policies = policies;
    }

    /**
     * @param references relative to the file it stands in
     * @return empty where a problem was noted
     */
    Optional<ManagedCredential> read(Value value, HostReader hosts, References references) {
        InstallReader installs = new InstallReader(references);
        return value.section(KEYS)
                .flatMap(section -> read(new Entry(value.name(), value.place()), section, hosts, installs));
    }

    /** Forgets the entries of a file, as if it had not been read. */
    void forget(Problems file) {
        firstWithId.values().removeIf(entry -> entry.place().file() == file);
        firstWithAccount.values().removeIf(entry -> entry.place().file() == file);
    }

    private Optional<ManagedCredential> read(Entry entry, Section section, HostReader hosts, InstallReader installs) {
        Optional<Policy> policy = section.required("policy").flatMap(this::policy);
        Optional<String> dromoId = section.required("dromo_id").flatMap(value -> dromoId(value, entry));
        Optional<Value> hostValue = section.required("host");
        Optional<AuthType> secret = policy.map(CredentialReader::secret);
        Optional<Value> pair = section.value("alternate");
        Optional<Alternate> alternate = pair.flatMap(value -> AlternateReader.read(value, secret));
        HostReader.Host host = hostValue
                .flatMap(value -> hosts.read(value, section.has("alternate")))
                .orElse(HostReader.Host.UNREAD);
        List<String> users = alternate
                .map(it -> List.of(it.first(), it.second()))
                .orElseGet(() -> host.user().stream().toList());
        List<Account> accounts =
                users.stream().flatMap(user -> host.account(user).stream()).toList();
        accounts.forEach(account -> refuseSecondUse(account, hostValue, entry));
        policy.filter(it -> !section.has("alternate")).ifPresent(it -> checkSingleAccount(section, it));
        Optional<InstallMethod> install =
                section.required("install").flatMap(value -> installs.read(value, secret, users));
        Optional<String> probe = section.value("probe")
                .flatMap(value -> value.section(PROBE))
                .flatMap(it -> it.required("directory"))
                .flatMap(Words::withoutControls);
        Map<String, String> labels =
                section.value("labels").map(CredentialReader::labels).orElse(Map.of());
        if (policy.isEmpty()
                || dromoId.isEmpty()
                || accounts.isEmpty()
                || host.trust().isEmpty()
                || install.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ManagedCredential(
                entry.name(),
                policy.get(),
                dromoId.get(),
                shared.hostOf(accounts.get(0)),
                shared.one(host.trust().get()),
                shared.one(install.get()),
                shared.one(probe),
                shared.inOrder(labels),
                shared.one(alternate)));
    }

    /** Keys overlap and alternating accounts switch; a single account has one password at a time. */
    private static void checkSingleAccount(Section section, Policy policy) {
        if (secret(policy) == AuthType.KEY) {
            return;
        }
        if (!policy.allowGap()) {
            section.reject(
                    "policy '" + policy.name() + "' makes passwords, and this is a single account: from the moment the"
                            + " host has a new password until Dromo has it too, Dromo's logins fail",
                    "allow_gap: true in the policy accepts that gap; a second account on the host, and alternate:"
                            + " {users: [dromo_a, dromo_b]} here, avoids it");
        }
        if (!policy.overlap().isZero()) {
            section.reject(
                    "policy '" + policy.name() + "' has an overlap, and this is a single account: it has one password"
                            + " at a time",
                    "for example a policy without overlap; or alternate: {users: [dromo_a, dromo_b]} here");
        }
    }

    private Optional<Policy> policy(Value value) {
        return value.text().flatMap(name -> {
            Optional<Policy> policy = policies.get(name);
            if (policy == null) {
                value.reject(
                        "there is no policy " + Problems.quote(name) + NearMiss.hint(name, policies.keySet()),
                        policies.isEmpty()
                                ? "for example policies: {partner-keys: {secret: {type: ssh_key}}}"
                                : "accepted: " + String.join(", ", policies.keySet()));
                return Optional.empty();
            }
            return policy;
        });
    }

    private static AuthType secret(Policy policy) {
        return policy.secret() instanceof SecretRules.SshKey ? AuthType.KEY : AuthType.PASSWORD;
    }

    private Optional<String> dromoId(Value value, Entry entry) {
        Function<String, String> parser = text -> {
            if (!UUID.matcher(text).matches()) {
                throw new IllegalArgumentException(Problems.quote(text) + " is no UUID");
            }
            return text.toLowerCase(Locale.ROOT);
        };
        Optional<String> id = value.parsed(parser);
        id.map(it -> firstWithId.putIfAbsent(it, entry))
                .ifPresent(first -> value.reject("is the same as that of credential " + first.seenFrom(value)
                        + "; each credential of Dromo is managed once"));
        return id;
    }

    private void refuseSecondUse(Account account, Optional<Value> host, Entry entry) {
        Account comparable = new Account(account.hostname().toLowerCase(Locale.ROOT), account.port(), account.user());
        Optional.ofNullable(firstWithAccount.putIfAbsent(comparable, entry))
                .ifPresent(first -> host.ifPresent(value -> value.rejectKey(
                        account + " is the account of credential " + first.seenFrom(value)
                                + " too; two rotations of one account would undo each other",
                        "one credential for each account")));
    }

    private static Map<String, String> labels(Value value) {
        Map<String, String> labels = new LinkedHashMap<>();
        value.named(Words.LABEL, Words.LABEL_RULE)
                .forEach((name, label) -> Words.withoutControls(label).ifPresent(text -> labels.put(name, text)));
        return java.util.Collections.unmodifiableMap(labels);
    }
}
