package dev.keyturn.killmatrix;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A process that runs Keyturn's commands, those of several worlds side by side, until it is killed. A command is known by
 * the file that it prints to, which is its world's own. Thread-safe.
 */
final class Mortal implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 300;
    /** As the shell counts: 128 and the number of SIGKILL. */
    private static final int KILLED = 128 + 9;
    /** A command waits at least a minute for host, Dromo or a program. After so long a held one may soon go on. */
    private static final Duration HELD = Duration.ofSeconds(45);

    private static final String STOPPED = "stopped";

    private final Process process;
    private final BufferedWriter orders;
    private final Path complaints;
    private final Thread listener;
    private final Map<String, CompletableFuture<String>> awaited = new ConcurrentHashMap<>();
    /** Since when host or Dromo hold back what a command waits for. */
    private final Map<String, Instant> held = new ConcurrentHashMap<>();
    /** Commands that ended although they were held. */
    private final Set<String> impatient = ConcurrentHashMap.newKeySet();

    private volatile @Nullable Instant killed;

    private Mortal(Process process, Path complaints) {
        this.process = process;
        this.orders = process.outputWriter();
        this.complaints = complaints;
        this.listener = new Thread(this::listen, "answers of " + process.pid());
        listener.setDaemon(true);
        listener.start();
    }

    static Mortal start(Program program, String... options) {
        Path complaints = program.newFile();
        try {
            return new Mortal(
                    new ProcessBuilder(program.command(options))
                            .redirectError(complaints.toFile())
                            .start(),
                    complaints);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * How a command went.
     *
     * @param stopped whether it stands in the chosen moment; then there is no more, and the process is to be killed
     * @param status its exit status, where it ended
     * @param passings all that were passed, those of host and Dromo last
     */
    record Outcome(boolean stopped, int status, List<Passing> passings) {}

    /** Runs a command to its end, or until it comes to {@code end}. A world has one at a time. */
    Outcome run(World world, String words, @Nullable Passing end) {
        String name = world.said().toString();
        CompletableFuture<String> answer = new CompletableFuture<>();
        List<String> remote = Collections.synchronizedList(new ArrayList<>());
        world.watchRemote(point -> {
            remote.add(point);
            if (end != null && end.equals(Passing.at(point, Collections.frequency(remote, point)))) {
                held.put(name, Instant.now());
                answer.complete(STOPPED);
                process.onExit().join();
            }
        });
        try {
            awaited.put(name, answer);
            order(world, end == null || end.remote() ? "-" : end.toString(), words);
            String[] parts = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS).split(" ");
            if (parts[0].equals(STOPPED)) {
                return new Outcome(true, KILLED, List.of());
            }
            List<Passing> passings =
                    new ArrayList<>(Passing.of(parts.length < 3 ? List.of() : List.of(parts[2].split(","))));
            passings.addAll(Passing.of(List.copyOf(remote)));
            return new Outcome(false, Integer.parseInt(parts[1]), passings);
        } catch (TimeoutException e) {
            throw new IllegalStateException("no answer for " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            world.watchRemote(point -> {});
        }
    }

    private synchronized void order(World world, String end, String words) {
        try {
            orders.write(String.join(
                    " ", "" + world.said(), end, "" + world.shift(), "--config", "" + world.configuration(), words));
            orders.newLine();
            orders.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void mustRun(World world, String words) {
        Outcome outcome = run(world, words, null);
        if (outcome.status() != 0) {
            throw new IllegalStateException(words + " ended with " + outcome.status() + ":\n" + world.whatWasSaid());
        }
    }

    private void listen() {
        try (BufferedReader answers = process.inputReader()) {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                String[] parts = line.split(" ", 2);
                CompletableFuture<String> answer = awaited.get(parts[0]);
                if (answer == null || parts.length < 2) {
                    throw new IllegalStateException("not an answer: " + line);
                }
                if (!answer.complete(parts[1])) {
                    impatient.add(parts[0]);
                }
            }
            fail(new IllegalStateException("the process ended with " + process.waitFor() + ":\n" + complaints()));
        } catch (IOException | InterruptedException | RuntimeException e) {
            fail(e);
        }
    }

    private void fail(Exception e) {
        awaited.values().forEach(answer -> answer.completeExceptionally(e));
    }

    /** What the process wrote to its standard error; commands print elsewhere. */
    String complaints() {
        try {
            return Files.readString(complaints);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the world's command may have gone on from the chosen moment, for the other side had held it too long. */
    boolean wentOn(World world) {
        String name = world.said().toString();
        Instant since = held.get(name);
        Instant end = killed == null ? Instant.now() : killed;
        return impatient.contains(name)
                || (since != null && Duration.between(since, end).compareTo(HELD) > 0);
    }

    /** Lets it end by itself, once its commands have. */
    void end() {
        try {
            orders.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        hearAll();
    }

    /** SIGKILL. The process is gone when this returns, and what it had said was heard. */
    @Override
    public void close() {
        killed = Instant.now();
        process.toHandle().destroyForcibly();
        process.onExit().join();
        hearAll();
    }

    /** Whether SIGKILL has ended it, and nothing before that. */
    boolean diedByKill() {
        return process.exitValue() == KILLED;
    }

    private void hearAll() {
        try {
            listener.join(Duration.ofSeconds(PATIENCE_SECONDS).toMillis());
            if (listener.isAlive()) {
                throw new IllegalStateException("the process did not end for " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
