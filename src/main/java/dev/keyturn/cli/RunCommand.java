package dev.keyturn.cli;

import dev.keyturn.daemon.Daemon;
import dev.keyturn.rotation.AuditEvent;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "run",
        description =
                "The daemon: rotates each credential when it is due, until it gets SIGTERM. SIGHUP reloads the configuration.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private Keyturn keyturn;

    @Override
    public Integer call() throws Exception {
        Surroundings surroundings = keyturn.surroundings();
        try (Workshop workshop = keyturn.openWorkshop()) {
            workshop.audit()
                    .append(AuditEvent.of("config.loaded")
                            .with("file", workshop.configuration().file().toString())
                            .with(
                                    "credentials",
                                    workshop.configuration().credentials().size()));
            Daemon daemon = new Daemon(
                    workshop.configuration().credentials(),
                    new Daemon.Work(workshop.rotator(), workshop.verifier()),
                    workshop.records(),
                    surroundings.clock(),
                    workshop.capacity(),
                    workshop.notices());
            Thread stopped = new Thread(() -> stop(daemon, workshop), "stop");
            Runtime.getRuntime().addShutdownHook(stopped);
            try {
                Reload reload = new Reload(keyturn, workshop, daemon);
                daemon.start();
                Hangup.onEach(reload::run);
                daemon.await();
            } catch (RuntimeException e) {
                Runtime.getRuntime().removeShutdownHook(stopped);
                daemon.stop();
                throw e instanceof CompletionException && e.getCause() instanceof RuntimeException cause ? cause : e;
            }
            return ExitStatus.DONE;
        }
    }

    /**
     * SIGTERM is how a daemon is asked to end, so ending by it is no failure: without halting, the JVM would report 143.
     */
    private static void stop(Daemon daemon, Workshop workshop) {
        daemon.stop();
        workshop.close();
        Runtime.getRuntime().halt(ExitStatus.DONE);
    }
}
