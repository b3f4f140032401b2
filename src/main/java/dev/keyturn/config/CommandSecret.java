package dev.keyturn.config;

import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import dev.keyturn.secret.SecretUnavailableException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a program prints on its standard output, run without a shell. Its standard error is thrown away: it could repeat the
 * secret.
 */
final class CommandSecret implements SecretSource {
    static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final List<String> command;
    private final Duration timeout;
    private final Set<String> withheld;

    /**
     * @param withheld the variables of our own environment that the program doesn't get; grows until the configuration was
     *     read, for one may be named below this one
     */
    CommandSecret(List<String> command, Duration timeout, Set<String> withheld) {
        this.command = List.copyOf(command);
        this.timeout = timeout;
        this.withheld = Collections.unmodifiableSet(withheld);
    }

    @Override
    public Secret load() throws SecretUnavailableException {
        Process process = start();
        long deadline = System.nanoTime() + timeout.toNanos();
        FutureTask<Secret> output = new FutureTask<>(() -> {
            try (InputStream in = process.getInputStream()) {
                return SecretBytes.collect(in, describe());
            }
        });
        Thread reader = new Thread(output, "secret-command");
        reader.setDaemon(true);
        reader.start();
        try (Secret raw = output.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new TimeoutException();
            }
            // Before the output: a program that fails mostly prints nothing, and its status says more than that.
            refuseFailure(process.exitValue());
            return SecretBytes.text(raw, describe());
        } catch (TimeoutException e) {
            throw new SecretUnavailableException(
                    describe() + " did not end within " + timeout.toSeconds()
                            + " s; run it by hand to see what it waits for",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SecretUnavailableException(describe() + " was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SecretUnavailableException known) {
                throw known;
            }
            throw new SecretUnavailableException(describe() + ": its output can't be read", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Process start() throws SecretUnavailableException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        withheld.forEach(builder.environment()::remove);
        try {
            return builder.start();
        } catch (IOException e) {
            // The exception's text repeats the program, not its arguments, and says what the system answered.
            throw new SecretUnavailableException(describe() + " can't be started: " + e.getMessage(), e);
        }
    }

    private void refuseFailure(int status) throws SecretUnavailableException {
        if (status != 0) {
            throw new SecretUnavailableException(describe() + " ended with status " + status
                    + "; run it by hand as the user that Keyturn runs as (its output is not shown here, as it could"
                    + " hold the secret)");
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CommandSecret that && command.equals(that.command) && timeout.equals(that.timeout);
    }

    @Override
    public int hashCode() {
        return Objects.hash(command, timeout);
    }

    /** Without the arguments, which could hold a secret. */
    @Override
    public String describe() {
        return "command '" + command.get(0) + "'";
    }
}
