package dev.keyturn.config;

import dev.keyturn.secret.SecretSource;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What the configuration points to outside itself: files, relative to its own directory, and secrets. */
final class References {
    static final Keys KEYS = Keys.of(
            "credential",
            "keyturn-key",
            "file",
            "/etc/keyturn/key",
            "env",
            "KEYTURN_KEY",
            "command",
            "[pass, show, key]");
    private static final Pattern CREDENTIAL = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._@-]{0,254}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}");

    private final Path directory;
    private final Environment environment;
    private final Set<String> secretVariables;

    /** @param secretVariables takes the environment variables that are named, over all files */
    References(Path directory, Environment environment, Set<String> secretVariables) {
        this.directory = directory;
        this.environment = environment;
        this.secretVariables = secretVariables;
    }

    Optional<Path> path(Value value) {
        return value.parsed(text -> {
            try {
                return directory.resolve(text).normalize();
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("is not a path", e);
            }
        });
    }

    /** Nothing that stands in the place of a reference is ever shown: it could be the secret itself. */
    Optional<SecretSource> secret(Value value) {
        if (value.isText()) {
            value.reject(
                    "must be a reference, but is text: a secret that stands in the configuration is read by everybody"
                            + " who sees the file, its backups and its history");
            return Optional.empty();
        }
        if (!value.isMapping()) {
            value.reject("must be a reference: a mapping with one of " + String.join(", ", KEYS.names()));
            return Optional.empty();
        }
        List<String> keys = value.keys();
        if (keys.size() != 1 || !KEYS.contains(keys.get(0))) {
            String hint = keys.size() == 1 ? NearMiss.hint(keys.get(0), KEYS.names()) : "";
            value.reject("a reference has exactly one of the keys " + String.join(", ", KEYS.names()) + hint);
            return Optional.empty();
        }
        Section reference = value.section(KEYS).orElseThrow();
        String kind = keys.get(0);
        return reference.value(kind).flatMap(target -> source(kind, target));
    }

    private Optional<SecretSource> source(String kind, Value target) {
        return switch (kind) {
            case "credential" ->
                name(target, CREDENTIAL, "a credential's name has letters, digits and . _ @ - only")
                        .map(name -> new CredentialSecret(name, environment.credentialsDirectory()));
            case "env" ->
                name(target, VARIABLE, "a variable's name has letters, digits and _ only, without $")
                        .map(name -> {
                            secretVariables.add(name);
                            return new VariableSecret(name, environment);
                        });
            case "file" -> path(target).map(file -> new FileSecret(file, environment.credentialsDirectory()));
            default ->
                command(target).map(command -> new CommandSecret(command, CommandSecret.TIMEOUT, secretVariables));
        };
    }

    private static Optional<String> name(Value value, Pattern pattern, String rule) {
        return value.text().filter(name -> {
            boolean fits = pattern.matcher(name).matches();
            if (!fits) {
                value.reject(rule);
            }
            return fits;
        });
    }

    /** A program and its arguments; a program named with a slash is relative to the configuration. */
    Optional<List<String>> command(Value value) {
        List<String> command = new ArrayList<>(value.texts());
        if (command.isEmpty()) {
            return Optional.empty();
        }
        if (command.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
            value.reject("a NUL character can't stand in a command");
            return Optional.empty();
        }
        if (command.get(0).contains("/")) {
            command.set(0, directory.resolve(command.get(0)).normalize().toString());
        }
        return Optional.of(List.copyOf(command));
    }
}
