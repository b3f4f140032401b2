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

/**
 * What a command sees of the outside, so that tests can give it another one.
 *
 * @param zone local time, for people
 * @param terminal whether a person watches standard output
 * @param watch told of each crash point; outside of tests nobody is
 */
record Surroundings(
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Clock clock,
        ZoneId zone,
        Sleeper sleeper,
        boolean terminal,
        CrashPoint.Watch watch) {

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

    /** The person behind this process. */
    Actor actor() {
        try {
            Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            return Actor.cli(((Integer) uid).longValue(), System.getProperty("user.name", "?"));
        } catch (IOException e) {
            throw new UncheckedIOException("/proc isn't mounted, so the audit log could not say who asked", e);
        }
    }
}
