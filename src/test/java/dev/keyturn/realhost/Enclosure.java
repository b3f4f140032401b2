package dev.keyturn.realhost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A running server in namespaces of its own, as {@code enclosure.bash} sets them up. When it ends, by whatever way, the
 * kernel kills every process in it and drops its mounts.
 */
final class Enclosure {

    private static final Duration TO_START = Duration.ofMinutes(2);
    private static final Duration TO_END = Duration.ofMinutes(2);
    private static final Duration GLANCE = Duration.ofMillis(5);

    private final Process unshare;

    private Enclosure(Process unshare) {
        this.unshare = unshare;
    }

    /**
     * @param directory holds {@code etc}, {@code home}, {@code log} and {@code tmp}
     * @param log what the server says on standard output and error is appended here
     * @param server the server's command, which has to stay in the foreground
     */
    static Enclosure start(Path directory, Path log, List<String> server) {
        List<String> words = new ArrayList<>(List.of(
                "/usr/bin/unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--", "/bin/bash"));
        words.addAll(List.of("-c", Resource.text("enclosure.bash"), "enclosure", directory.toString()));
        words.addAll(server);
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(Command.cleanEnvironment());
        try {
            return new Enclosure(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("Can't start " + server, e);
        }
    }

    /** Waits until the server is ready; false where it has ended instead. */
    boolean await(BooleanSupplier ready) {
        long deadline = System.nanoTime() + TO_START.toNanos();
        while (!ready.getAsBoolean()) {
            if (ended(GLANCE)) {
                return false;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The server was not ready within " + TO_START.toSeconds() + " s");
            }
        }
        return true;
    }

    /** A command that will run as root among the server's mounts and processes. */
    Command inside(String... words) {
        ProcessHandle first = unshare.children()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The server is not running"));
        List<String> entered = new ArrayList<>(
                List.of("/usr/bin/nsenter", "--target", Long.toString(first.pid()), "--mount", "--pid", "--"));
        entered.addAll(List.of(words));
        return new Command(entered);
    }

    /** Kills everything inside and returns when it is gone. */
    void stop() {
        // Breaking the pipe ends process 1, and unshare returns only when the kernel has done away with the rest. A
        // SIGKILL to unshare would end them too, but not tell when.
        try {
            unshare.getOutputStream().close();
        } catch (IOException e) {
            // Broken already: the enclosure has ended by itself.
        }
        if (!ended(TO_END)) {
            unshare.destroyForcibly();
            throw new IllegalStateException("The server did not end within " + TO_END.toSeconds() + " s");
        }
    }

    private boolean ended(Duration limit) {
        try {
            return unshare.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            unshare.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a server", e);
        }
    }
}
