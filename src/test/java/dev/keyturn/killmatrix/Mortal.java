package dev.keyturn.killmatrix;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A process that runs Keyturn's commands one after the other, until it is killed. */
final class Mortal implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 300;
    private final World world;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter orders;
    private final Path said;

    private Mortal(World world, Process process, Path said) {
        this.world = world;
        this.process = process;
        this.answers = process.inputReader();
        this.orders = process.outputWriter();
        this.said = said;
    }

    static Mortal start(Program program, World world, String... options) {
        Path said = world.directory().resolve("said");
        try {
            return new Mortal(
                    world,
                    new ProcessBuilder(program.command(world.directory(), options))
                            .redirectError(said.toFile())
                            .start(),
                    said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * How a command went.
     *
     * @param killed whether it was, in the chosen moment; then there is no more
     * @param passings all that were passed, those of host and Dromo last
     */
    record Outcome(boolean killed, int status, List<Passing> passings) {}

    /** Runs a command to its end, or kills it in {@code end}. */
    Outcome run(String words, @Nullable Passing end) {
        List<String> remote = Collections.synchronizedList(new ArrayList<>());
        world.watchRemote(point -> {
            remote.add(point);
            if (end != null && end.equals(Passing.at(point, Collections.frequency(remote, point)))) {
                kill();
            }
        });
        try {
            String stop = end == null || end.remote() ? "-" : end.toString();
            orders.write(
                    String.join(" ", stop, world.shift().toString(), "--config", "" + world.configuration(), words));
            orders.newLine();
            orders.flush();
            String answer = answer();
            if (answer.equals("stopped")) {
                kill();
            }
            if (!process.isAlive()) {
                return new Outcome(true, 128 + 9, List.of());
            }
            String[] parts = answer.split(" ");
            List<Passing> passings =
                    new ArrayList<>(Passing.of(parts.length < 3 ? List.of() : List.of(parts[2].split(","))));
            passings.addAll(Passing.of(List.copyOf(remote)));
            return new Outcome(false, Integer.parseInt(parts[1]), passings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            world.watchRemote(point -> {});
        }
    }

    void mustRun(String words) {
        Outcome outcome = run(words, null);
        if (outcome.status() != 0) {
            throw new IllegalStateException(words + " ended with " + outcome.status() + ":\n" + said());
        }
    }

    /** Lets it end by itself. */
    void end() {
        try {
            orders.close();
            process.onExit().join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL. The process is gone when this returns. */
    private void kill() {
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }

    /** Empty where the process was killed from the other side. */
    private String answer() throws IOException {
        try {
            String line = CompletableFuture.supplyAsync(this::line).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                process.onExit().join();
                if (process.exitValue() != 128 + 9) {
                    throw new IllegalStateException(
                            "Keyturn ended by itself, with " + process.exitValue() + ":\n" + said());
                }
                return "";
            }
            return line;
        } catch (TimeoutException e) {
            throw new IllegalStateException("no answer for " + PATIENCE_SECONDS + " s:\n" + said(), e);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private @Nullable String line() {
        try {
            return answers.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What its commands printed. */
    String said() {
        try {
            return Files.readString(said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
