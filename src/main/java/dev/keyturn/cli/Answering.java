package dev.keyturn.cli;

import dev.keyturn.config.Configuration;
import dev.keyturn.daemon.Commands;
import dev.keyturn.daemon.Peer;
import dev.keyturn.daemon.Request;
import dev.keyturn.rotation.Actor;
import dev.keyturn.secret.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;

/** The daemon's side of a command over the control socket: the same command, with what the daemon has. Thread-safe. */
final class Answering implements Commands {
    private final Surroundings daemons;
    private final Lent lent;

    Answering(Surroundings daemons, Lent lent) {
        this.daemons = daemons;
        this.lent = lent;
    }

    @Override
    public String version() {
        return Keyturn.Version.number();
    }

    @Override
    public Optional<String> foreign(Request request) {
        Configuration configuration = lent.configuration();
        Path state = configuration.state().directory();
        Path file = configuration.file();
        // Who can't tell the state, for its configuration can't be read, means the daemon of that configuration.
        boolean ours = request.state()
                .map(theirs -> theirs.equals(real(state)))
                .orElseGet(() -> request.configuration().equals(real(file)));
        return ours
                ? Optional.empty()
                : Optional.of("it works on the state " + state + " with the configuration " + file);
    }

    /** A path that can be compared, whoever looks at it. */
    static String real(Path path) {
        try {
            return path.toRealPath().toString();
        } catch (IOException e) {
            return path.toAbsolutePath().normalize().toString();
        }
    }

    @Override
    public boolean changes(Request request) {
        return Keyturn.sendable(request.words()).map(Sendable::changes).orElse(false);
    }

    @Override
    public boolean takesSecret(Request request) {
        return Keyturn.sendable(request.words())
                .map(command -> command.kind() == Sendable.Kind.TAKES_A_SECRET)
                .orElse(false);
    }

    @Override
    public int run(Request request, Peer peer, Optional<Secret> handed, Output output) {
        Surroundings theirs = new Surroundings(
                output.out(),
                output.err(),
                request.coloured() ? Map.of() : Map.of("NO_COLOR", "1"),
                daemons.clock(),
                zone(request.zone()),
                daemons.sleeper(),
                request.terminal(),
                daemons.watch(),
                Optional.of(Actor.cli(peer.uid(), peer.name())));
        boolean differs = request.hash()
                .filter(hash -> !hash.equals(lent.configuration().hash()))
                .isPresent();
        int status = Keyturn.runLent(theirs, lent, handed, request.words());
        if (differs && !lent.configuration().hash().equals(request.hash().orElse(""))) {
            output.err()
                    .println("keyturn: the configuration was changed since the daemon took it in, and this went by the"
                            + " one that the daemon has; keyturn reload takes the changes in");
        }
        return status;
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            return ZoneOffset.UTC;
        }
    }
}
