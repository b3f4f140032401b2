package dev.keyturn.cli;

import dev.keyturn.rotation.CrashPoint;
import java.io.BufferedReader;
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
 * Keyturn, to be killed in a chosen moment. Each line of its standard input is one command:
 *
 * <pre>{@code
 * POINT:N SHIFT WORD...     e.g.  AFTER_HOST_INSTALL:1 PT0S --config keyturn.yaml rotate acme
 * }</pre>
 *
 * It runs as the program does, with the clock put forward by {@code SHIFT} and without pauses. Where it comes to {@code
 * POINT} for the {@code N}-th time it says {@code stopped} and goes no further, so that SIGKILL strikes exactly there. Else
 * it says {@code ended}, the exit status, and the points it passed. {@code -} instead of a point stops nowhere. What
 * commands print goes to standard error.
 */
final class MortalKeyturn {
    private MortalKeyturn() {}

    public static void main(String[] args) throws IOException {
        Logging.choose(args);
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] words = order.split(" ");
            Passings passings = new Passings(words[0], answers);
            int status = Keyturn.run(
                    surroundings(Duration.parse(words[1]), passings), Arrays.copyOfRange(words, 2, words.length));
            answers.println("ended " + status + " " + passings);
        }
    }

    private static Surroundings surroundings(Duration shift, CrashPoint.Watch watch) {
        PrintStream out = new PrintStream(System.err, true, StandardCharsets.UTF_8);
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
        private final PrintStream answers;

        Passings(String last, PrintStream answers) {
            this.last = last;
            this.answers = answers;
        }

        @Override
        public synchronized void passed(CrashPoint point) {
            passed.add(point);
            if (last.equals(point + ":" + Collections.frequency(passed, point))) {
                answers.println("stopped");
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
