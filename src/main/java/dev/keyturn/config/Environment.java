package dev.keyturn.config;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * What surrounds the process and gives defaults to the configuration.
 *
 * @param variables the environment variables
 * @param clock tells cron expressions that will fire again from those that won't
 * @param memory that the process may use, in bytes
 */
public record Environment(Map<String, String> variables, Clock clock, long memory) {

    /** One with all the memory that a fleet may need. */
    public Environment(Map<String, String> variables, Clock clock) {
        this(variables, clock, Long.MAX_VALUE);
    }

    public Environment {
        variables = Map.copyOf(variables);
    }

    /** An environment variable; empty where it is unset or empty. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
    }

    /** Where systemd puts the files of LoadCredential= (systemd.exec(5)). */
    Optional<Path> credentialsDirectory() {
        return variable("CREDENTIALS_DIRECTORY").map(Path::of);
    }

    Path stateDirectory() {
        return firstOf("STATE_DIRECTORY").orElse(Path.of("/var/lib/keyturn"));
    }

    Path logsDirectory() {
        return firstOf("LOGS_DIRECTORY").orElse(Path.of("/var/log/keyturn"));
    }

    Path runtimeDirectory() {
        return firstOf("RUNTIME_DIRECTORY").orElse(Path.of("/run/keyturn"));
    }

    /** systemd separates several directories of one kind with colons; ours is the first. */
    private Optional<Path> firstOf(String name) {
        return variable(name).map(value -> value.split(":", 2)[0]).map(Path::of);
    }
}
