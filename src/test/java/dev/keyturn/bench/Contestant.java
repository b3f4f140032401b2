package dev.keyturn.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One way of rotating the whole fleet, or of finding out how fast anything could.
 *
 * @param name for {@code --only}
 * @param what for the report
 * @param kind whether it rotates, and what is timed
 * @param command ends with 0 where everything succeeded
 * @param environment besides PATH, HOME and where everything is (HOST, PORT, DROMO, JOBS)
 * @param preparation what has to be there before, and is not timed
 */
record Contestant(
        String name,
        String what,
        Kind kind,
        List<String> command,
        Map<String, String> environment,
        Preparation preparation) {

    enum Kind {
        /** Does the complete job; timed from its start to its end. */
        ROTATES,
        /** Only logs in; it prints the seconds this took. */
        LOGS_IN
    }

    /** Gets a new directory with the fleet's files, while host and Dromo have their first state. */
    @FunctionalInterface
    interface Preparation {
        void prepare(Path directory) throws IOException, InterruptedException;
    }
}
