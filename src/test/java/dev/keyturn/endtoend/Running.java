package dev.keyturn.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A command that may still run. Closing kills it. */
final class Running implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration GLANCE = Duration.ofMillis(20);

    private final List<String> words;
    private final Process process;
    private final Path out;
    private final Path err;

    Running(List<String> words, Process process, Path out, Path err) {
        this.words = List.copyOf(words);
        this.process = process;
        this.out = out;
        this.err = err;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Waits for its end, and throws where that takes more than four minutes. */
    Ran ended() {
        if (!endsWithin(LIMIT)) {
            process.destroyForcibly();
            throw new AssertionError(words + " did not end within " + LIMIT + "\n" + out() + text(err));
        }
        return new Ran(words, process.exitValue(), out(), text(err));
    }

    boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + words + " ran", e);
        }
    }

    /** Waits until something is so, and fails where the command ends before. */
    Running until(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(LIMIT);
        while (!condition.getAsBoolean()) {
            if (endsWithin(GLANCE) && !condition.getAsBoolean()) {
                throw new AssertionError("it ended before " + what + ": " + ended());
            }
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("still not so that " + what + ":\n" + out() + text(err));
            }
        }
        return this;
    }

    /** Waits until something is so, or the command ends without. */
    boolean comesTo(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (endsWithin(GLANCE)) {
                return condition.getAsBoolean();
            }
        }
        return true;
    }

    /** SIGTERM. */
    Running terminate() {
        process.destroy();
        return this;
    }

    /** SIGKILL. */
    Running kill() {
        process.destroyForcibly();
        return this;
    }

    /** SIGHUP. */
    Running hangUp() {
        return signal("-HUP", String.valueOf(process.pid()));
    }

    /** SIGKILL to it and to all processes of its group; it leads one. */
    Running killGroup() {
        return signal("-KILL", "-" + process.pid());
    }

    private Running signal(String which, String whom) {
        try {
            new ProcessBuilder("/usr/bin/kill", which, "--", whom)
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + words + " was signalled", e);
        }
    }

    String out() {
        return text(out);
    }

    @Override
    public void close() {
        kill().endsWithin(LIMIT);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
