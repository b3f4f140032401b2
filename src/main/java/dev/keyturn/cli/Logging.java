package dev.keyturn.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Chooses where the log goes, before anything logs. */
final class Logging {
    private static final String CONFIGURATION = "logback.configurationFile";

    private Logging() {}

    /**
     * The daemon logs its story as {@code config/logback.xml} of the distribution says. A command tells its own story on
     * standard output, so of the log only errors go to standard error. {@code KEYTURN_LOG_LEVEL} changes the level of
     * either.
     */
    static void choose(String... args) {
        if (System.getProperty(CONFIGURATION) != null) {
            return;
        }
        Path ofDaemon = Path.of(System.getProperty("keyturn.home", "."), "config", "logback.xml");
        boolean daemon = Arrays.asList(args).contains("run") && Files.exists(ofDaemon);
        System.setProperty(CONFIGURATION, daemon ? ofDaemon.toString() : "dev/keyturn/cli/logback-command.xml");
    }
}
