/**
 * The command line: one class a command, and the composition root ({@link dev.keyturn.cli.Workshop}) that creates
 * everything else. The only place that reads the system clock and the environment.
 */
@NullMarked
package dev.keyturn.cli;

import org.jspecify.annotations.NullMarked;
