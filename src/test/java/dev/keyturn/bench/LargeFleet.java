package dev.keyturn.bench;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/**
 * The configuration of a fleet: four policies, a host for about a hundred credentials. An administrator installs, so each
 * credential has its turn without having been adopted.
 *
 * @param dromo its URL; it knows none of the credentials
 * @param burst when the minute begins in which {@link #DUE_AT_ONCE} more of them are due
 */
record LargeFleet(int credentials, String dromo, Optional<Instant> burst) {
    static final int DUE_AT_ONCE = 1_000;

    private static final int TO_A_HOST = 100;
    private static final List<String> POLICIES = List.of("weekly", "checked", "quarterly", "passwords");

    /** Writes {@code keyturn.yaml} and the files it names, but for the key of the state. */
    Path writeTo(Path directory) throws IOException {
        Fleet.secret(directory.resolve("license-key"), "words".getBytes(StandardCharsets.UTF_8));
        Fleet.secret(directory.resolve("admin-key"), "none".getBytes(StandardCharsets.UTF_8));
        Path file = directory.resolve("keyturn.yaml");
        try (Writer yaml = Files.newBufferedWriter(file)) {
            yaml.write(head());
            Random ids = new Random(1);
            for (int i = 0; i < credentials; i++) {
                yaml.write(entry("partner", i, POLICIES.get(i % POLICIES.size()), ids));
            }
            for (int i = 0; burst.isPresent() && i < DUE_AT_ONCE; i++) {
                yaml.write(entry("burst", i, "burst", ids));
            }
        }
        return file;
    }

    private String head() {
        return """
                version: 1
                dromo: {url: "%s", license_key: {file: license-key}, requests_per_second: 1000}
                state: {encryption_key: {file: state-key}, directory: state}
                audit: {directory: audit}
                policies:
                  weekly:
                    secret: {type: ssh_key}
                    schedule: {cron: "0 3 * * SUN", zone: Europe/Berlin}
                    jitter: 30m
                    windows: [{days: [sat, sun], from: "01:00", to: "05:00", zone: Europe/Berlin}]
                    overlap: 24h
                  checked:
                    secret: {type: ssh_key}
                    schedule: {every: 60d}
                    jitter: 1d
                    verify: {every: 12h}
                  quarterly:
                    secret: {type: ssh_key, algorithm: ecdsa-256}
                    schedule: {cron: "0 22 1 1,4,7,10 *", zone: America/New_York}
                    blackouts: [{from: 2026-12-20, to: 2027-01-02, reason: year-end freeze}]
                    max_age: 100d
                  passwords:
                    secret: {type: password, length: 40}
                    schedule: {every: 90d}
                    allow_gap: true
                %scredentials:
                """.formatted(dromo, burst.map(LargeFleet::burstPolicy).orElse(""));
    }

    private static String burstPolicy(Instant at) {
        ZonedDateTime minute = at.atZone(ZoneOffset.UTC);
        return "  burst: {secret: {type: ssh_key}, schedule: {cron: \"%d %d %d %d *\"}, jitter: 59s, retry: {attempts: 0}}\n"
                .formatted(minute.getMinute(), minute.getHour(), minute.getDayOfMonth(), minute.getMonthValue());
    }

    private static String entry(String name, int number, String policy, Random ids) {
        return String.format(
                Locale.ROOT,
                """
                  %s-%05d:
                    policy: %s
                    dromo_id: %s
                    host: {hostname: sftp-%03d.partner.example, user: dromo-%s-%05d, host_key: "SHA256:%s"}
                    install: {method: %s, as: {user: keyturn-admin, private_key: {file: admin-key}}}
                    labels: {team: data-%d, env: prod}
                """,
                name,
                number,
                policy,
                new UUID(ids.nextLong(), ids.nextLong()),
                number / TO_A_HOST,
                name,
                number,
                PIN,
                policy.equals("passwords") ? "chpasswd" : "authorized_keys",
                number % 7);
    }

    private static final String PIN = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";
}
