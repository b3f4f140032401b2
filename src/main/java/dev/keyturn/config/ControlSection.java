package dev.keyturn.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the daemon takes commands.
 *
 * @param wanted whether somebody asked for this path; then a daemon that can't listen there doesn't start
 */
public record ControlSection(Path socket, boolean wanted) {
    static final Keys KEYS = Keys.of("socket", "/run/keyturn/control.sock");

    /** A path of unix(7) has 107 bytes, and the socket is made under a hidden name of up to ten in the same directory. */
    private static final int LONGEST = 107;

    private static final int HIDDEN = 10;

    static ControlSection unsaid(Environment environment) {
        return new ControlSection(environment.runtimeDirectory().resolve("control.sock"), false);
    }

    /** @param state its directory, which is closed to all but the daemon's user */
    static ControlSection read(Section section, References references, Path state, Environment environment) {
        Optional<Path> socket = section.required("socket")
                .flatMap(
                        value -> references.path(value).filter(path -> isFitting(value, path.toAbsolutePath(), state)));
        return socket.map(path -> new ControlSection(path, true)).orElseGet(() -> unsaid(environment));
    }

    private static boolean isFitting(Value value, Path path, Path state) {
        if (!fits(path)) {
            value.reject("is too long a path for a socket; " + LONGEST + " bytes are the most");
            return false;
        }
        Path closed = state.toAbsolutePath().normalize();
        if (path.normalize().startsWith(closed)) {
            value.reject("lies in the state directory " + closed + ", which nobody but the daemon's user may enter");
            return false;
        }
        return true;
    }

    private static boolean fits(Path path) {
        Path directory = Optional.ofNullable(path.getParent()).orElse(path);
        return bytes(path) <= LONGEST && bytes(directory) + 1 + HIDDEN <= LONGEST;
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
