package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.sandbox.DromoCredential;
import dev.keyturn.sandbox.DromoStandIn;
import dev.keyturn.sandbox.SftpAccount;
import dev.keyturn.sandbox.SftpStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A whole fleet is overdue when the daemon comes back after weeks, and the daemon is killed in the middle of catching up:
 * the limits hold all the same, and nothing is rotated twice.
 */
class RestartStormIT {
    private static final int HOSTS = 3;
    private static final int ACCOUNTS = 6;
    private static final int WORKERS = 4;
    private static final int PER_HOST = 2;

    private final List<SftpStandIn> hosts = new ArrayList<>();
    private final Map<String, String> hostOf = new HashMap<>();
    private final Map<String, String> dromoIds = new HashMap<>();
    private DromoStandIn dromo;
    private Installation keyturn;

    @BeforeEach
    void adoptAFleet() throws IOException {
        dromo = Scene.startDromo();
        keyturn = new Installation(dromo)
                .policy("monthly", "{secret: {type: ssh_key}, schedule: {every: 30d}, missed: at_once, max_age: 40d}")
                .limits("{workers: " + WORKERS + ", per_host: " + PER_HOST + "}");
        StringBuilder list = new StringBuilder("credential,private_key_file\n");
        for (int i = 0; i < HOSTS; i++) {
            SftpStandIn host = SftpStandIn.start();
            hosts.add(host);
            for (int j = 0; j < ACCOUNTS; j++) {
                String name = "partner-" + i + "-" + j;
                list.append(name).append(',').append(manage(name, host)).append('\n');
            }
        }
        Path fleet = keyturn.directory().resolve("fleet.csv");
        Files.writeString(fleet, list);
        Ran adopted = keyturn.run("adopt", "--from", fleet.toString());
        assertThat(adopted.status()).as(adopted::toString).isEqualTo(0);
        startAndEnd();
        keyturn.timePasses(Duration.ofDays(100));
    }

    private Path manage(String name, SftpStandIn host) throws IOException {
        KeyFiles key = KeyFiles.make("ed25519");
        SftpAccount account = host.account(name).withKey(key.publicLine());
        String id = dromo.seed(DromoCredential.ofKey(
                host.hostname(), host.port(), account.user(), new String(key.privateKey(), StandardCharsets.US_ASCII)));
        hostOf.put(name, host.hostname() + ":" + host.port());
        dromoIds.put(name, id);
        keyturn.credential(
                name,
                "{policy: monthly, dromo_id: %s, host: {hostname: %s, port: %d, user: %s, host_key: \"%s\"}, install: {method: authorized_keys}}"
                        .formatted(id, host.hostname(), host.port(), account.user(), host.hostKeyFingerprint()));
        return keyturn.secretFile("key-of-" + name, key.privateKey());
    }

    private void startAndEnd() {
        try (Running daemon = keyturn.start("run")) {
            daemon.until("it is ready", () -> daemon.out().contains("Ready"));
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }
    }

    @AfterEach
    void close() throws IOException {
        keyturn.close();
        dromo.close();
        for (SftpStandIn host : hosts) {
            host.close();
        }
    }

    @Test
    void catchesUpWithinTheLimitsAndRotatesEachOnce() {
        Map<String, String> before = fingerprints();
        try (Running daemon = keyturn.start("run")) {
            daemon.until("some are rotated", () -> completed().size() >= 5);
            daemon.kill().ended();
        }

        try (Running daemon = keyturn.start("run")) {
            daemon.until("it is ready", () -> daemon.out().contains("Ready"))
                    .until("all are rotated", () -> completed().size() == HOSTS * ACCOUNTS);
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }
        startAndEnd();

        assertThat(begunAnewAfterTheKill()).hasSizeLessThanOrEqualTo(WORKERS).isSubsetOf(inFlightAtTheKill());
        assertThat(completed().values()).hasSize(HOSTS * ACCOUNTS).doesNotHaveDuplicates();
        assertThat(mostAtOnce(name -> "all")).isBetween(2, WORKERS);
        assertThat(mostAtOnce(hostOf::get)).isBetween(1, PER_HOST);
        assertThat(fingerprints())
                .allSatisfy((name, fingerprint) -> assertThat(fingerprint).isNotEqualTo(before.get(name)));
        assertThat(dromoIds.values())
                .allSatisfy(id -> assertThat(dromo.tryOut(dromo.stored(id)))
                        .as("what keeps Dromo out")
                        .isNull());
        keyturn.assertAuditVerifies();
    }

    private Map<String, String> fingerprints() {
        Map<String, String> fingerprints = new HashMap<>();
        dromoIds.forEach((name, id) ->
                fingerprints.put(name, String.valueOf(dromo.stored(id).keyFingerprint())));
        return fingerprints;
    }

    /** Credentials by rotation: one that was killed between the record and the journal's entry has the record twice. */
    private Map<String, String> completed() {
        Map<String, String> completed = new HashMap<>();
        audit().stream()
                .filter(each -> each.path("event").asString().equals("rotation.completed"))
                .forEach(each -> completed.put(
                        each.path("rotation").asString(),
                        each.path("credential").asString()));
        return completed;
    }

    private List<String> credentialsOf(String event) {
        return audit().stream()
                .filter(each -> each.path("event").asString().equals(event))
                .map(each -> each.path("credential").asString())
                .toList();
    }

    /** Those that were killed before they had changed anything are ended, and begun once more. */
    private Set<String> begunAnewAfterTheKill() {
        List<String> started = credentialsOf("rotation.started");
        return started.stream()
                .filter(name -> Collections.frequency(started, name) > 1)
                .collect(Collectors.toSet());
    }

    private Set<String> inFlightAtTheKill() {
        Set<String> inFlight = new HashSet<>();
        for (JsonNode each : audit()) {
            String event = each.path("event").asString();
            if (event.equals("rotation.started")) {
                inFlight.add(each.path("credential").asString());
            } else if (event.equals("rotation.completed")) {
                inFlight.remove(each.path("credential").asString());
            } else if (event.equals("daemon.started") && !inFlight.isEmpty()) {
                return inFlight;
            }
        }
        return Set.of();
    }

    private interface Grouping {
        String of(String credential);
    }

    /** How many rotations of one group were under way at once; a kill ends all of them. */
    private int mostAtOnce(Grouping grouping) {
        Map<String, Set<String>> underWay = new HashMap<>();
        int most = 0;
        for (JsonNode each : audit()) {
            String event = each.path("event").asString();
            if (event.equals("daemon.started")) {
                underWay.clear();
            }
            String credential = each.path("credential").asString("");
            if (credential.isEmpty() || !hostOf.containsKey(credential) || event.equals("credential.adopted")) {
                continue;
            }
            Set<String> group = underWay.computeIfAbsent(grouping.of(credential), name -> new HashSet<>());
            if (event.equals("rotation.completed") || event.equals("rotation.failed")) {
                group.remove(credential);
            } else {
                group.add(credential);
                most = Math.max(most, group.size());
            }
        }
        return most;
    }

    /** A line may be in the middle of being written. */
    private List<JsonNode> audit() {
        JsonMapper mapper = JsonMapper.shared();
        try {
            String text = Files.readString(keyturn.audit().resolve("audit.jsonl"));
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(mapper::readTree)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
