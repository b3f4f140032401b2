package dev.keyturn.cli;

import dev.keyturn.config.ConfigLoader;
import dev.keyturn.config.Configuration;
import dev.keyturn.config.InvalidConfigurationException;
import dev.keyturn.config.Whereabouts;
import dev.keyturn.daemon.Answer;
import dev.keyturn.daemon.ControlClient;
import dev.keyturn.daemon.Handed;
import dev.keyturn.daemon.Request;
import dev.keyturn.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Optional;

/** A command's side of the control socket: has the daemon do what it alone can do while it runs. */
final class Asking {
    private static final Duration GREETING = Duration.ofSeconds(10);

    private final Keyturn keyturn;
    private Optional<String> silence = Optional.empty();
    private boolean there;

    Asking(Keyturn keyturn) {
        this.keyturn = keyturn;
    }

    /**
     * Has the daemon run it, if one answers for this state.
     *
     * @param loaded the configuration, where it is valid
     * @return the exit status; empty where there is no such daemon
     */
    Optional<Integer> ask(Sendable command, Optional<Configuration> loaded) {
        return ask(command, loaded, Optional.empty());
    }

    /**
     * The same.
     *
     * @param secret that the command takes; stays the caller's
     */
    Optional<Integer> ask(Sendable command, Optional<Configuration> loaded, Optional<Secret> secret) {
        Surroundings surroundings = keyturn.surroundings();
        Path file = keyturn.configurationFile();
        Whereabouts where = loaded.map(
                        it -> new Whereabouts(Optional.of(it.state().directory()), it.control()))
                .orElseGet(() -> ConfigLoader.whereabouts(file, keyturn.environment()));
        Path socket = where.control().socket();
        Optional<UserPrincipal> owner = where.stateDirectory().flatMap(Asking::owner);
        if (secret.isPresent() && owner.isEmpty()) {
            silence = Optional.of("whose state it is can't be seen from here, so a daemon was not asked");
            return Optional.empty();
        }
        Optional<Handed> handed = secret.flatMap(it -> owner.map(whose -> new Handed(it, whose)));
        Request request = new Request(
                Keyturn.Version.number(),
                Surroundings.uid(),
                command.words(),
                where.stateDirectory().map(Answering::real),
                Answering.real(file),
                loaded.map(Configuration::hash),
                surroundings.zone().getId(),
                surroundings.terminal(),
                surroundings.coloured());
        Thread interrupted = new Thread(() -> surroundings
                .err()
                .println("keyturn: the daemon goes on with what it began; see keyturn status and keyturn history"));
        boolean hooked = command.changes();
        if (hooked) {
            Runtime.getRuntime().addShutdownHook(interrupted);
        }
        Answer answer;
        try {
            answer = new ControlClient(socket, GREETING).ask(request, handed, surroundings.out(), surroundings.err());
        } finally {
            if (hooked) {
                try {
                    Runtime.getRuntime().removeShutdownHook(interrupted);
                } catch (IllegalStateException e) {
                    // It has just begun.
                }
            }
        }
        return status(answer, socket);
    }

    private static Optional<UserPrincipal> owner(Path directory) {
        try {
            return Optional.of(Files.getOwner(directory));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The socket's part in why the state can't be had; empty where no daemon was asked. */
    Optional<String> silence() {
        return silence;
    }

    /** Whether the socket is there, though nothing came of it. */
    boolean wasThere() {
        return there;
    }

    private Optional<Integer> status(Answer answer, Path socket) {
        there = answer.kind() == Answer.Kind.FORBIDDEN || answer.kind() == Answer.Kind.SILENT;
        switch (answer.kind()) {
            case DONE -> {
                return Optional.of(answer.status());
            }
            case REFUSED -> {
                return said("the daemon at " + socket + " did not do this: " + answer.message(), ExitStatus.BUSY);
            }
            case BROKEN_OFF -> {
                return said(
                        "the daemon at " + socket + " ended before this was done (" + answer.message()
                                + "); what it had begun it settles at its next start: see keyturn status",
                        ExitStatus.FAILED);
            }
            case NOBODY -> silence = Optional.of("nobody answers at " + socket);
            case FORBIDDEN ->
                silence = Optional.of(
                        "the daemon's socket " + socket + " is not open to this user; its group may use it");
            case SILENT -> silence = Optional.of("what listens at " + socket + " does not answer: " + answer.message());
            case OTHER_STATE ->
                silence = Optional.of("the daemon at " + socket + " is another one: " + answer.message());
        }
        return Optional.empty();
    }

    private Optional<Integer> said(String what, int status) {
        keyturn.surroundings().err().println("keyturn: " + what);
        return Optional.of(status);
    }

    /** The configuration, where it has no problem. */
    static Optional<Configuration> valid(Keyturn keyturn) {
        try {
            return Optional.of(keyturn.configuration());
        } catch (InvalidConfigurationException e) {
            return Optional.empty();
        }
    }
}
