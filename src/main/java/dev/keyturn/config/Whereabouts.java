package dev.keyturn.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a daemon can be found, as far as a configuration says that which may have problems.
 *
 * @param stateDirectory empty where the file can't be read
 */
public record Whereabouts(Optional<Path> stateDirectory, ControlSection control) {}
