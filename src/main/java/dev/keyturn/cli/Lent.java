package dev.keyturn.cli;

import dev.keyturn.config.Configuration;
import dev.keyturn.daemon.Daemon;

/** What a daemon lends to a command that it runs for somebody else. */
record Lent(Workshop owner, Daemon daemon, Reload reload) {
    Configuration configuration() {
        return reload.inForce();
    }

    Workshop workshop() {
        return owner.lent(configuration(), Aftermath.of(daemon));
    }
}
