package dev.keyturn.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keyturn as its operator has it: a configuration, an adopted fleet, and one command. */
final class Keyturn {

    private static final String CONFIGURATION = "keyturn.yaml";

    private final Path program;
    private final Fleet fleet;
    private final int concurrency;

    Keyturn(Path program, Fleet fleet, int concurrency) {
        this.program = program;
        this.fleet = fleet;
        this.concurrency = concurrency;
    }

    List<String> rotateAll() {
        return List.of(program.toString(), "--config", CONFIGURATION, "rotate", "--all", "--json");
    }

    Map<String, String> environment() {
        // KEYTURN_JAVA_OPTIONS lets a trial profile it or set other flags; without it, it runs as it is delivered.
        return Map.of(
                "JAVA_HOME",
                System.getProperty("java.home"),
                "KEYTURN_JAVA_OPTIONS",
                Optional.ofNullable(System.getenv("KEYTURN_JAVA_OPTIONS")).orElse(""));
    }

    void prepare(Path directory) throws IOException, InterruptedException {
        Fleet.secret(
                directory.resolve("license-key"), fleet.dromo().licenseKey().getBytes(StandardCharsets.UTF_8));
        Files.writeString(directory.resolve(CONFIGURATION), configuration());
        StringBuilder adopted = new StringBuilder("credential,private_key_file,password_file\n");
        for (Member member : fleet.members()) {
            Path key = directory.resolve("keys").resolve(member.name());
            adopted.append(member.name()).append(',').append(key).append(",\n");
        }
        Files.writeString(directory.resolve("adopt.csv"), adopted);
        run(directory, "init-key", directory.resolve("state-key").toString());
        run(directory, "adopt", "--from", "adopt.csv");
    }

    private void run(Path directory, String... words) throws IOException, InterruptedException {
        List<String> start = List.of(program.toString(), "--config", CONFIGURATION);
        List<String> command = new ArrayList<>(start);
        command.addAll(List.of(words));
        Program.run(directory, environment(), command);
    }

    private String configuration() {
        StringBuilder yaml = new StringBuilder("""
                version: 1
                dromo:
                  url: %s
                  license_key: {file: license-key}
                  requests_per_second: 1000
                state:
                  encryption_key: {file: state-key}
                  directory: state
                audit: {directory: audit}
                known_hosts: known_hosts
                limits: {workers: %d, per_host: %d}
                policies:
                  keys:
                    secret: {type: ssh_key, algorithm: ed25519}
                    schedule: {every: 90d}
                credentials:
                """.formatted(fleet.dromo().url(), concurrency, concurrency));
        for (Member member : fleet.members()) {
            yaml.append("""
                      %s:
                        policy: keys
                        dromo_id: %s
                        host: {hostname: %s, port: %d, user: %s}
                        install: {method: authorized_keys}
                    """.formatted(
                            member.name(),
                            member.dromoId(),
                            fleet.sshd().host(),
                            fleet.sshd().port(),
                            member.name()));
        }
        return yaml.toString();
    }
}
