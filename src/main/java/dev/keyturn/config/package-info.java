/**
 * The configuration file: YAML to domain objects, every problem of a file reported at once with its position, and the
 * places its secrets are read from.
 *
 * <p>Depends on {@code rotation}, {@code policy} and {@code secret} for the objects it makes. SnakeYAML Engine lives only
 * here; it is used up to its node tree, since only nodes know the line and column of each key and value.
 */
@NullMarked
package dev.keyturn.config;

import org.jspecify.annotations.NullMarked;
