package dev.keyturn.policy;

import ch.qos.logback.classic.Level;
import dev.keyturn.rotation.Account;
import java.time.Instant;
import org.quartz.JobKey;

/** Breaks the rules of the house, so that the architecture test can show that it would notice. */
public final class Misplaced {
    private Misplaced() {}

    static String wrong() {
        return new Account("h", 22, "u") + "" + JobKey.jobKey("job") + Level.INFO + Instant.now();
    }
}
