package dev.keyturn.cli;

import dev.keyturn.config.ControlSection;
import dev.keyturn.daemon.ControlSocket;
import dev.keyturn.daemon.Daemon;
import dev.keyturn.daemon.SocketRefusedException;
import dev.keyturn.rotation.AuditEvent;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "run",
        description =
                "The daemon: rotates each credential when it is due, until it gets SIGTERM. SIGHUP reloads the configuration.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private Keyturn keyturn;

    @Override
    public Integer call() throws Exception {
        Surroundings surroundings = keyturn.surroundings();
        // From the beginning: one that comes before there is anything to reload would end the process.
        CompletableFuture<Reload> ready = new CompletableFuture<>();
        Hangup.onEach(() -> ready.join().onSignal());
        try (Workshop workshop = keyturn.openWorkshop()) {
            Optional<ControlSocket> socket = listen(workshop.configuration().control());
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
                ready.complete(reload);
                socket.ifPresent(
                        it -> daemon.answer(it, new Answering(surroundings, new Lent(workshop, daemon, reload))));
                Memory.giveBack();
                daemon.await();
            } catch (RuntimeException e) {
                Runtime.getRuntime().removeShutdownHook(stopped);
                daemon.stop();
                throw e instanceof CompletionException && e.getCause() instanceof RuntimeException cause ? cause : e;
            }
            return ExitStatus.DONE;
        }
    }

    /** Where nobody asked for the socket, the daemon does its work without one too. */
    private static Optional<ControlSocket> listen(ControlSection control) throws SocketRefusedException {
        try {
            return Optional.of(ControlSocket.listen(control.socket(), ControlSocket.Bounds.DEFAULT));
        } catch (SocketRefusedException e) {
            if (control.wanted()) {
                throw e;
            }
            LOG.atWarn().log("Commands can't reach this daemon: {}", e.getMessage());
            return Optional.empty();
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
