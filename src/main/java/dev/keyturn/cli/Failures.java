package dev.keyturn.cli;

import dev.keyturn.audit.AuditLogRefusedException;
import dev.keyturn.config.InvalidConfigurationException;
import dev.keyturn.daemon.SocketRefusedException;
import dev.keyturn.rotation.AuditException;
import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.store.EncryptionKeyRefusedException;
import dev.keyturn.store.StateRefusedException;
import java.io.IOException;
import java.io.PrintStream;
import org.slf4j.LoggerFactory;

/** What ended a command early, in the operator's words, with its exit status. */
final class Failures {
    private Failures() {}

    static int explain(Exception exception, PrintStream err) {
        if (exception instanceof InvalidConfigurationException invalid) {
            invalid.problems().forEach(err::println);
            return ExitStatus.CONFIGURATION;
        }
        int status = status(exception);
        if (status != 0) {
            err.println("keyturn: " + exception.getMessage());
            return status;
        }
        LoggerFactory.getLogger(Failures.class).error("This is a bug in Keyturn; please report it", exception);
        err.println("keyturn: internal error: " + exception.getClass().getSimpleName()
                + "; rotations that were in flight are in the store: run keyturn recover");
        return ExitStatus.FAILED;
    }

    /** 0 for what nobody expected. */
    private static int status(Exception exception) {
        if (exception instanceof UsageException) {
            return ExitStatus.USAGE;
        }
        if (exception instanceof BusyException) {
            return ExitStatus.BUSY;
        }
        if (exception instanceof EncryptionKeyRefusedException
                || exception instanceof AuditLogRefusedException
                || exception instanceof AuditException) {
            return ExitStatus.REFUSED;
        }
        if (exception instanceof StateRefusedException || exception instanceof SocketRefusedException) {
            return ExitStatus.CONFIGURATION;
        }
        if (exception instanceof JournalException || exception instanceof IOException) {
            return ExitStatus.FAILED;
        }
        return 0;
    }
}
