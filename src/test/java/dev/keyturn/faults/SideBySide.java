package dev.keyturn.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/**
 * Runs cases side by side: those that spend their time waiting for something that hangs many at once, and of the others
 * as many as there are processors, for more would only make each other wait.
 */
final class SideBySide<C, R> {
    private static final int WAITING = 16;

    private final Map<C, Future<R>> running = new HashMap<>();

    /** What is done with a case, in a directory of its own. */
    interface Run<C, R> {
        R run(C one, Path directory) throws Exception;
    }

    SideBySide(List<C> cases, Predicate<C> hangs, Path directory, Run<C, R> run) {
        ExecutorService waiting = Executors.newFixedThreadPool(WAITING);
        ExecutorService working =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        for (C one : cases) {
            ExecutorService workers = hangs.test(one) ? waiting : working;
            running.put(one, workers.submit(() -> run.run(one, Files.createTempDirectory(directory, "case"))));
        }
        waiting.shutdown();
        working.shutdown();
    }

    /** Waits for it, and throws what it threw. */
    R result(C one) throws Throwable {
        try {
            return Objects.requireNonNull(running.get(one)).get();
        } catch (ExecutionException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
