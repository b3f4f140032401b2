package dev.keyturn.cli;

import dev.keyturn.rotation.Actor;
import dev.keyturn.rotation.CrashPoint;
import dev.keyturn.rotation.Sleeper;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;

/**
 * What a command sees of the outside, so that tests can give it another one.
 *
 * @param zone local time, for people
 * @param terminal whether a person watches standard output
 * @param watch told of each crash point; outside of tests nobody is
 * @param asked who asked, where that is not the person behind this process
 */
record Surroundings(
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Clock clock,
        ZoneId zone,
        Sleeper sleeper,
        boolean terminal,
        CrashPoint.Watch watch,
        Optional<Actor> asked) {

    /** Those of a command that the person behind this process asked for. */
    Surroundings(
            PrintStream out,
            PrintStream err,
            Map<String, String> environment,
            Clock clock,
            ZoneId zone,
            Sleeper sleeper,
            boolean terminal,
            CrashPoint.Watch watch) {
        this(out, err, environment, clock, zone, sleeper, terminal, watch, Optional.empty());
    }

    static Surroundings ofProcess() {
        return new Surroundings(
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                System.getenv(),
                Clock.systemUTC(),
                ZoneId.systemDefault(),
                duration -> Thread.sleep(duration.toMillis()),
                System.getenv("KEYTURN_TTY") != null,
                CrashPoint.Watch.NONE);
    }

    boolean coloured() {
        return terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** Who asked for the command. */
    Actor actor() {
        return asked.orElseGet(() -> Actor.cli(uid(), System.getProperty("user.name", "?")));
    }

    /** As whom this process acts: the effective user of proc_pid_status(5). */
    static long uid() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.UTF_8).stream()
                    .filter(line -> line.startsWith("Uid:"))
                    .map(line -> Long.parseLong(line.split("\\s+", 5)[2]))
                    .findFirst()
                    .orElseThrow(() -> new IOException("/proc/self/status names no user"));
        } catch (IOException e) {
            throw new UncheckedIOException("/proc isn't mounted, so the audit log could not say who asked", e);
        }
    }
}
