package dev.keyturn.daemon;

import dev.keyturn.rotation.ManagedCredential;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says of which credentials nothing is scheduled: of the first ones by name, so that a new fleet doesn't fill the log. */
final class Idle {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    private static final int NAMED = 20;

    private int credentials;

    void add(ManagedCredential credential) {
        credentials++;
        if (credentials <= NAMED) {
            warn(credential.name());
        }
    }

    /** Those that were not named. */
    void report() {
        if (credentials > NAMED) {
            LOG.atWarn()
                    .addKeyValue("credentials", credentials - NAMED)
                    .log("Nothing is scheduled for these either; see keyturn status");
        }
    }

    static void warn(String credential) {
        LOG.atWarn()
                .addKeyValue("credential", credential)
                .log("Nothing is scheduled: it has no schedule, is paused, or was never adopted; see keyturn status");
    }
}
