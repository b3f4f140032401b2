package dev.keyturn.bench;

import dev.keyturn.config.ConfigLoader;
import dev.keyturn.config.Environment;
import dev.keyturn.policy.Due;
import dev.keyturn.policy.DueDate;
import dev.keyturn.policy.Past;
import dev.keyturn.rotation.ManagedCredential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How long behind its due instant the audit log has each rotation of the burst begin. */
record Lateness(List<Duration> sorted) {
    private static final Pattern STARTED =
            Pattern.compile("\"ts\":\"([^\"]+)\".*\"event\":\"rotation.started\".*\"credential\":\"(burst-[0-9]+)\"");

    /** By the policies themselves, which read the same file. */
    static Map<String, Instant> due(Path configuration, Instant now) throws Exception {
        Environment environment = new Environment(Map.of(), Clock.fixed(now, ZoneOffset.UTC));
        Map<String, Instant> due = new HashMap<>();
        for (ManagedCredential credential :
                ConfigLoader.load(configuration, environment).credentials()) {
            if (credential.policy().name().equals("burst")) {
                Optional<Due> next = DueDate.next(credential.policy(), Past.without(credential.name(), now), now);
                due.put(credential.name(), next.orElseThrow().at());
            }
        }
        return due;
    }

    /** Of those that began until now. */
    static Lateness of(Path audit, Map<String, Instant> due) throws IOException {
        Map<String, Duration> late = new HashMap<>();
        try (Stream<String> records = Files.lines(audit)) {
            records.map(STARTED::matcher)
                    .filter(Matcher::find)
                    .forEach(found -> late.put(
                            found.group(2), Duration.between(due.get(found.group(2)), Instant.parse(found.group(1)))));
        }
        return new Lateness(late.values().stream().sorted().toList());
    }

    /** The lateness that so many in a hundred do not exceed. */
    Duration percentile(int percent) {
        return sorted.get((sorted.size() * percent + 99) / 100 - 1);
    }
}
