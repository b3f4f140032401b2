package dev.keyturn.cli;

import dev.keyturn.policy.Durations;
import dev.keyturn.rotation.CredentialStatus;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Pause;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "pause",
        description = "Begins no new rotation of credentials; what is open is still settled.",
        mixinStandardHelpOptions = true)
final class PauseCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private Keyturn keyturn;

    @Mixin
    private Selection selection = new Selection();

    @Option(
            names = "--until",
            paramLabel = "WHEN",
            description = "When the pause ends by itself: a duration from now (4h, 3d) or an instant with its offset"
                    + " (2026-12-24T18:00:00+01:00). Without it, only resume ends it.")
    private @Nullable String until;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for status and the audit log.")
    private @Nullable String reason;

    @Override
    public Integer call() throws Exception {
        Surroundings surroundings = keyturn.surroundings();
        Optional<Instant> end = end(until, surroundings.clock().instant());
        Optional<String> why =
                Optional.ofNullable(reason).filter(text -> !text.isBlank()).map(text -> Remark.of("--reason", text));
        try (Workshop workshop = keyturn.openWorkshop()) {
            for (ManagedCredential credential :
                    selection.chosenFrom(workshop.configuration().credentials())) {
                Pause pause = workshop.pauses().pause(credential, end, why, surroundings.actor());
                workshop.aftermath().changed(credential);
                surroundings
                        .out()
                        .println(credential.name() + ": paused "
                                + pause.until()
                                        .map(it -> "until " + Times.utc(it))
                                        .orElse("until it is resumed"));
            }
        }
        return ExitStatus.DONE;
    }

    static Optional<Instant> end(@Nullable String until, Instant now) {
        if (until == null) {
            return Optional.empty();
        }
        Instant end = instant(until, now);
        if (!now.isBefore(end)) {
            throw new UsageException("--until " + until + " is not in the future; it is " + Times.utc(now) + " now");
        }
        return Optional.of(end);
    }

    private static Instant instant(String until, Instant now) {
        try {
            return OffsetDateTime.parse(until).toInstant();
        } catch (DateTimeException e) {
            try {
                Duration duration = Durations.parse(until);
                return now.plus(duration);
            } catch (IllegalArgumentException neither) {
                throw new UsageException(
                        "--until takes a duration such as 4h or 3d, or an instant with its offset such as"
                                + " 2026-12-24T18:00:00+01:00, not '" + until + "'");
            }
        }
    }

    /** For people. */
    static String sentence(CredentialStatus status, Pause pause) {
        String name = status.credential().name();
        return name + ": paused since " + Times.utc(pause.since())
                + pause.by().name().map(by -> " by " + by).orElse("")
                + pause.until().map(end -> ", until " + Times.utc(end)).orElse("")
                + pause.reason().map(why -> ": " + why).orElse("")
                + "\n  do next: keyturn resume " + name
                + (pause.until().isPresent() ? ", or wait" : "");
    }
}
