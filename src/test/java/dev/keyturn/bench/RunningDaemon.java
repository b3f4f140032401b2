package dev.keyturn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The distribution's {@code keyturn run} in a directory; closing ends it. */
final class RunningDaemon implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final long GLANCE_MILLIS = 5;

    private final Process process;
    private final Path log;
    private final Duration untilReady;

    private RunningDaemon(Process process, Path log, long started) throws IOException, InterruptedException {
        this.process = process;
        this.log = log;
        try {
            await("Ready");
        } catch (IllegalStateException e) {
            process.destroyForcibly();
            throw e;
        }
        this.untilReady = Duration.ofNanos(System.nanoTime() - started);
    }

    /** Returns once it says that it is ready. */
    static RunningDaemon start(Path distribution, Path directory) throws IOException, InterruptedException {
        Path log = Files.createTempFile(directory, "daemon", ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        distribution.resolve("bin/keyturn").toString(), "--config", "keyturn.yaml", "run")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        long started = System.nanoTime();
        return new RunningDaemon(builder.start(), log, started);
    }

    Duration untilReady() {
        return untilReady;
    }

    /** SIGHUP; the time until the configuration is in force. */
    Duration reload() throws IOException, InterruptedException {
        long started = System.nanoTime();
        hangUp();
        await("Configuration reloaded");
        return Duration.ofNanos(System.nanoTime() - started);
    }

    void hangUp() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-HUP", String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    String said() throws IOException {
        return Files.readString(log);
    }

    /** A figure of proc(5)'s status, in MiB: {@code VmRSS} or {@code VmHWM}. */
    long mebibytes(String figure) throws IOException {
        Matcher found = Pattern.compile(figure + ":\\s+([0-9]+) kB")
                .matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
        if (!found.find()) {
            throw new IllegalStateException("/proc says nothing of " + figure);
        }
        return Long.parseLong(found.group(1)) / 1024;
    }

    void await(String word) throws IOException, InterruptedException {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (!Files.readString(log).contains(word)) {
            if (process.waitFor(GLANCE_MILLIS, TimeUnit.MILLISECONDS) || System.nanoTime() > limit) {
                String said = Files.readString(log);
                throw new IllegalStateException("the daemon does not come to '" + word + "':\n"
                        + said.substring(Math.max(0, said.length() - 4000)));
            }
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
