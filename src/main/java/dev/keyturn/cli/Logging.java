package dev.keyturn.cli;

import java.util.Arrays;

/** Chooses where the log goes, before anything logs. */
final class Logging {
    private static final String CONFIGURATION = "logback.configurationFile";

    private Logging() {}

    /**
     * The daemon logs its story to standard output, for the journal. A command tells its own story there, so of the log
     * only warnings go to standard error.
     */
    static void choose(String... args) {
        if (System.getProperty(CONFIGURATION) == null) {
            boolean daemon = Arrays.asList(args).contains("run");
            System.setProperty(
                    CONFIGURATION,
                    daemon ? "dev/keyturn/cli/logback-daemon.xml" : "dev/keyturn/cli/logback-command.xml");
        }
    }
}
