package dev.keyturn.realhost;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An installed program, run to its end with a clean environment: nothing of the test's own variables reaches it. */
final class Command {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final List<String> words;
    private final Map<String, String> environment = cleanEnvironment();
    private byte[] input = {};

    Command(List<String> words) {
        this.words = List.copyOf(words);
    }

    Command(String... words) {
        this(List.of(words));
    }

    static Map<String, String> cleanEnvironment() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("LC_ALL", "C");
        return environment;
    }

    Command with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Command input(byte[] bytes) {
        input = bytes.clone();
        return this;
    }

    Command input(String text) {
        return input(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Runs the program and returns whatever came of it. Throws where it doesn't start or end within a minute. */
    Finished run() {
        // Files, not pipes: nothing has to be drained while the program runs, so a time limit needs no extra thread.
        List<Path> captured = new ArrayList<>();
        try {
            Path out = Files.createTempFile("keyturn-command-", ".out");
            captured.add(out);
            Path err = Files.createTempFile("keyturn-command-", ".err");
            captured.add(err);
            ProcessBuilder builder =
                    new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                feed(process);
                if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IllegalStateException(words.get(0) + " did not end within " + LIMIT.toSeconds() + " s: "
                            + words + "\n" + Files.readString(err));
                }
            } finally {
                process.destroyForcibly();
            }
            return new Finished(words, process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException("Can't run " + words, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while " + words + " ran", e);
        } finally {
            captured.forEach(Workspace::delete);
        }
    }

    /** Runs the program, which has to end with status 0. */
    Finished runOrFail() {
        Finished finished = run();
        if (finished.status() != 0) {
            throw new IllegalStateException("Failed: " + finished);
        }
        return finished;
    }

    private void feed(Process process) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException e) {
            // A program that ended before it read everything says why with its exit status.
        }
    }
}
