package dev.keyturn.ssh;

import dev.keyturn.secret.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program on this machine, run to its end or to the end of its time, with its input on standard input. */
final class LocalProgram {
    private static final Logger LOG = LoggerFactory.getLogger(LocalProgram.class);
    private static final long OUTPUT_SECONDS = 2;

    private final Supplier<Set<String>> withheld;

    /** @param withheld the variables of our own environment that a program doesn't get */
    LocalProgram(Supplier<Set<String>> withheld) {
        this.withheld = withheld;
    }

    /**
     * How it ended.
     *
     * @param status empty where its time was over and it was killed
     * @param said the first of what it printed, secrets masked
     */
    record Ended(Optional<Integer> status, String said) {}

    /**
     * Runs it and logs what it prints, secrets masked. An interrupt kills it like the end of its time does.
     *
     * @param input stays the caller's to wipe
     * @throws IOException where it can't be started
     */
    Ended run(List<String> command, Duration timeout, byte[] input, List<Secret> secrets) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        withheld.get().forEach(builder.environment()::remove);
        Process process = builder.start();
        SaidText said = new SaidText();
        Thread reader = new Thread(() -> drain(process, said), "install-command-output");
        reader.setDaemon(true);
        reader.start();
        boolean ended = false;
        try {
            feed(process, input);
            ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                kill(process);
            }
            // A child that outlives the program may hold its output open: what it says is not waited for.
            reader.join(TimeUnit.SECONDS.toMillis(OUTPUT_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            kill(process);
        }
        String text = said.text(secrets);
        text.lines().forEach(line -> LOG.info("install command: {}", SshFailures.shortened(line)));
        return new Ended(ended ? Optional.of(process.exitValue()) : Optional.empty(), text);
    }

    private static void feed(Process process, byte[] input) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException e) {
            // A program that does not read its input says what it thinks with its exit status.
        }
    }

    private static void drain(Process process, SaidText said) {
        try (InputStream output = process.getInputStream()) {
            output.transferTo(said);
        } catch (IOException e) {
            // Closed under it when the program was killed; what came before is kept.
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
