package dev.keyturn.daemon;

import dev.keyturn.rotation.Failure;
import dev.keyturn.rotation.RotationResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** What the daemon's log says of a rotation's end, and of what the configuration leaves out and the store can't forget. */
final class Reports {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private Reports() {}

    static void rotated(RotationResult result) {
        LoggingEventBuilder line = (result.failure().isEmpty() ? LOG.atInfo() : LOG.atError())
                .addKeyValue("credential", result.credential())
                .addKeyValue("outcome", result.outcome().label())
                .addKeyValue("duration_ms", result.duration().toMillis());
        if (result.failure().isPresent()) {
            Failure failure = result.failure().get();
            line.addKeyValue("step", failure.step().label())
                    .addKeyValue("kind", failure.kind())
                    .log(
                            "Rotation did not complete: {} Valid now: {}. {}",
                            failure.message(),
                            failure.validNow(),
                            failure.hint());
        } else {
            line.log(
                    switch (result.outcome()) {
                        case AWAITING_INSTALL -> "Rotation waits for the partner to install the new key";
                        case OVERLAP -> "Rotation done, but for the old key, which still logs in";
                        default -> "Rotation done";
                    });
        }
    }

    static void leftOutWhileRotating(String credential) {
        LOG.atError()
                .addKeyValue("credential", credential)
                .log(
                        "An interrupted rotation can't be settled: its credential is no longer configured; put it back into"
                                + " the configuration");
    }

    static void leftOutThoughCompromised(String credential) {
        LOG.atError()
                .addKeyValue("credential", credential)
                .log("A secret that others know was not replaced, and its credential is no longer configured; put it"
                        + " back into the configuration; or change it on its host by hand, then: keyturn recover"
                        + " --not-compromised NAME");
    }
}
