package dev.keyturn.cli;

import dev.keyturn.rotation.CrashPoint;
import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Keyturn, to be killed in a chosen moment. Each line of its standard input is one command, which begins at once beside
 * those that still run:
 *
 * <pre>{@code
 * FILE POINT:N SHIFT WORD...     e.g.  /tmp/said AFTER_HOST_INSTALL:1 PT0S --config keyturn.yaml rotate acme
 * }</pre>
 *
 * It runs as the program does, with the clock put forward by {@code SHIFT} and without pauses. Where it comes to {@code
 * POINT} for the {@code N}-th time it says {@code FILE stopped} and goes no further, so that SIGKILL strikes exactly there.
 * Else it says {@code FILE ended}, the exit status, and the points it passed. {@code -} instead of a point stops nowhere.
 * What a command prints is appended to {@code FILE}.
 */
final class MortalKeyturn {
    private static final int BUG = 70;

    private MortalKeyturn() {}

    public static void main(String[] args) throws IOException {
        Logging.choose(args);
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] words = order.split(" ");
            Thread command = new Thread(() -> carryOut(words, answers), words[0]);
            command.setUncaughtExceptionHandler((thread, e) -> {
                // Whoever waits for the answer shows what stands on standard error.
                e.printStackTrace();
                Runtime.getRuntime().halt(BUG);
            });
            command.start();
        }
    }

    private static void carryOut(String[] words, PrintStream answers) {
        String file = words[0];
        Passings passings = new Passings(words[1], () -> answers.println(file + " stopped"));
        int status;
        try (PrintStream out = new PrintStream(new FileOutputStream(file, true), true, StandardCharsets.UTF_8)) {
            status = Keyturn.run(
                    surroundings(out, Duration.parse(words[2]), passings), Arrays.copyOfRange(words, 3, words.length));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        answers.println(file + " ended " + status + " " + passings);
    }

    private static Surroundings surroundings(PrintStream out, Duration shift, CrashPoint.Watch watch) {
        return new Surroundings(
                out,
                out,
                System.getenv(),
                Clock.offset(Clock.systemUTC(), shift),
                ZoneOffset.UTC,
                duration -> {},
                false,
                watch);
    }

    /** The points that were passed, and the one that is the last. */
    private static final class Passings implements CrashPoint.Watch {
        private final List<CrashPoint> passed = new ArrayList<>();
        private final String last;
        private final Runnable stopped;

        Passings(String last, Runnable stopped) {
            this.last = last;
            this.stopped = stopped;
        }

        @Override
        public synchronized void passed(CrashPoint point) {
            passed.add(point);
            if (last.equals(point + ":" + Collections.frequency(passed, point))) {
                stopped.run();
                stayHere();
            }
        }

        private void stayHere() {
            while (true) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    // Nothing but SIGKILL gets past this point.
                }
            }
        }

        @Override
        public synchronized String toString() {
            return passed.stream().map(CrashPoint::name).collect(Collectors.joining(","));
        }
    }
}
