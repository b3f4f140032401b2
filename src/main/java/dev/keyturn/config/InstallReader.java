package dev.keyturn.config;

import dev.keyturn.rotation.Administrator;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.secret.AuthType;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads {@code credentials.NAME.install}: how a new secret gets onto the host. */
final class InstallReader {
    static final Keys KEYS = Keys.of(
            "method", "authorized_keys",
            "path", ".ssh/authorized_keys",
            "as", "{user: keyturn-admin, private_key: {credential: admin-key}}",
            "command", "[/usr/local/bin/set-key, --region, eu]",
            "timeout", "60s");
    static final Keys AS = Keys.of(
            "user", "keyturn-admin",
            "private_key", "{credential: admin-key}",
            "password", "{credential: admin-password}");

    private enum Method {
        AUTHORIZED_KEYS,
        CHPASSWD,
        PASSWD,
        COMMAND,
        MANUAL;

        /** The keys it takes beside {@code method}. */
        private Set<String> keys() {
            return switch (this) {
                case AUTHORIZED_KEYS -> Set.of("path", "as");
                case CHPASSWD -> Set.of("as", "command");
                case PASSWD, MANUAL -> Set.of();
                case COMMAND -> Set.of("command", "timeout");
            };
        }

        private boolean installs(AuthType secret) {
            return switch (this) {
                case AUTHORIZED_KEYS, MANUAL -> secret == AuthType.KEY;
                case CHPASSWD, PASSWD -> secret == AuthType.PASSWORD;
                case COMMAND -> true;
            };
        }

        private String configName() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static List<String> names() {
            return Arrays.stream(values()).map(Method::configName).toList();
        }

        private static List<String> namesFor(AuthType secret) {
            return Arrays.stream(values())
                    .filter(it -> it.installs(secret))
                    .map(Method::configName)
                    .toList();
        }
    }

    private final References references;

    InstallReader(References references) {
        this.references = references;
    }

    /**
     * @param secret what the credential's policy makes; empty where that has a problem of its own
     * @param users whose accounts it changes; none where they have a problem of their own
     */
    Optional<InstallMethod> read(Value value, Optional<AuthType> secret, List<String> users) {
        return value.section(KEYS)
                .flatMap(section -> section.required("method")
                        .flatMap(method -> method(method, secret))
                        .flatMap(method -> read(section, method, users)));
    }

    private static Optional<Method> method(Value value, Optional<AuthType> secret) {
        Optional<Method> method = value.oneOf(Method.names()).map(it -> Method.valueOf(it.toUpperCase(Locale.ROOT)));
        secret.ifPresent(type -> method.filter(it -> !it.installs(type))
                .ifPresent(it -> value.reject(
                        "'" + it.configName() + "' can't install "
                                + (type == AuthType.KEY ? "an SSH key" : "a password") + ", which the policy makes",
                        "accepted: " + String.join(", ", Method.namesFor(type)))));
        return method;
    }

    private Optional<InstallMethod> read(Section section, Method method, List<String> users) {
        for (String key : List.of("path", "as", "command", "timeout")) {
            if (!method.keys().contains(key)) {
                section.forbid(key, "does nothing with method '" + method.configName() + "'", "leave it out");
            }
        }
        return switch (method) {
            case AUTHORIZED_KEYS -> Optional.of(authorizedKeys(section));
            case CHPASSWD -> chpasswd(section, users);
            case PASSWD -> Optional.of(new InstallMethod.Passwd());
            case COMMAND -> command(section);
            case MANUAL -> Optional.of(new InstallMethod.Manual());
        };
    }

    private InstallMethod authorizedKeys(Section section) {
        return new InstallMethod.AuthorizedKeys(
                section.value("path").flatMap(Words::withoutControls).orElse(InstallMethod.AuthorizedKeys.DEFAULT_PATH),
                section.value("as").flatMap(this::administrator));
    }

    private Optional<InstallMethod> chpasswd(Section section, List<String> users) {
        if (!section.has("as")) {
            section.reject("'as' is missing: chpasswd needs an administrator's account", KEYS.example("as"));
        }
        Optional<Administrator> administrator = section.value("as").flatMap(this::administrator);
        administrator
                .filter(it -> it.authType() == AuthType.PASSWORD)
                .filter(it -> users.contains(it.user()))
                .ifPresent(it -> section.forbid(
                        "as",
                        "is the managed account itself, whose password each rotation changes",
                        "for example install: {method: passwd}"));
        String command = section.value("command")
                .map(it -> it.withExample("for example command: doas /usr/sbin/chpasswd"))
                .flatMap(Words::withoutControls)
                .orElse(InstallMethod.Chpasswd.DEFAULT_COMMAND);
        return administrator.map(it -> new InstallMethod.Chpasswd(it, command));
    }

    private Optional<InstallMethod> command(Section section) {
        Duration timeout = section.value("timeout")
                .flatMap(it -> it.duration(Duration.ofSeconds(1), Duration.ofHours(1)))
                .orElse(InstallMethod.LocalCommand.DEFAULT_TIMEOUT);
        return section.required("command")
                .flatMap(references::command)
                .map(it -> new InstallMethod.LocalCommand(it, timeout));
    }

    private Optional<Administrator> administrator(Value value) {
        return value.section(AS).flatMap(section -> {
            Optional<String> user = section.required("user").flatMap(HostReader::user);
            if (section.has("private_key") == section.has("password")) {
                section.reject("must have exactly one of private_key and password", AS.example("private_key"));
                return Optional.empty();
            }
            AuthType type = section.has("private_key") ? AuthType.KEY : AuthType.PASSWORD;
            return section.value(type == AuthType.KEY ? "private_key" : "password")
                    .flatMap(references::secret)
                    .flatMap(secret -> user.map(it -> new Administrator(it, type, secret)));
        });
    }
}
