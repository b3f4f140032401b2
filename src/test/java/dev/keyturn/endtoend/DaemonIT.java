package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.Login;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import dev.keyturn.sandbox.DromoCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code keyturn run}. */
@RequiresSshd
class DaemonIT {

    private static final String OFTEN = "{secret: {type: ssh_key}, schedule: {cron: \"*/2 * * * * ?\"}}";
    private static final String SELDOM = "{secret: {type: ssh_key}, schedule: {every: 60d}}";

    private static Scene scene;

    private Installation keyturn;
    private ManagedAccount acme;

    @BeforeAll
    static void openScene() {
        scene = Scene.open();
    }

    @AfterAll
    static void closeScene() {
        scene.close();
    }

    @BeforeEach
    void install() {
        keyturn = scene.installation().policy("often", OFTEN).policy("seldom", SELDOM);
    }

    @AfterEach
    void remove() {
        keyturn.close();
    }

    @Test
    void rotatesByItselfAndEndsWith0OnSigterm() {
        adopt("by-itself", "often");

        try (Running daemon = keyturn.start("run")) {
            daemon.until("Dromo got two keys", () -> puts(acme) >= 2);
            Ran ended = daemon.terminate().ended();
            assertThat(ended.status()).as(ended::toString).isEqualTo(0);
        }

        Ran recovered = keyturn.run("recover");
        assertThat(recovered.status()).as(recovered::toString).isEqualTo(0);
        acme.assertRotated();
        assertThat(acme.account().keys()).hasSize(1);
        keyturn.assertAuditVerifies();
        assertThat(keyturn.run("audit", "show").out())
                .contains("daemon.started")
                .contains("daemon.stopped");
    }

    @Test
    void recoversAtStartWhatAKillInterrupted() {
        adopt("killed", "often");
        try (Running daemon = keyturn.start("run")) {
            daemon.until("a key was sent to Dromo", () -> puts(acme) >= 1);
            daemon.kill().ended();
        }
        assertThat(acme.dromosLogin()).isEqualTo(Login.ACCEPTED);
        keyturn.manage(acme, "seldom", "{method: authorized_keys}");

        try (Running daemon = keyturn.start("run")) {
            daemon.until("it is ready", () -> daemon.out().contains("Ready"))
                    .until("one key is left", () -> acme.account().keys().size() == 1);
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }

        acme.assertRotated();
        keyturn.assertAuditVerifies();
    }

    @Test
    void findsADriftAndSeesThatItIsOver() throws IOException {
        keyturn.policy("watched", "{secret: {type: ssh_key}, verify: {every: 3s}}");
        adopt("watched", "watched");
        Path keys = acme.account().authorizedKeys();
        byte[] content = Files.readAllBytes(keys);

        try (Running daemon = keyturn.start("run")) {
            daemon.until("it was checked", () -> !status("last_verified_at").equals("null"));
            Files.write(keys, new byte[0]);
            // A check may be under way that has seen the host already and Dromo not yet, so the first one may say
            // another thing.
            daemon.until(
                    "the host's refusal is seen",
                    () -> daemon.out().contains("Drifted: host: the host refuses the credential in the store"));
            // At once: each check is a refused login, and the budget has four.
            Files.write(keys, content);
            daemon.until("it is sound again", () -> status("state").equals("\"current\""));
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }

        assertThat(puts(acme)).isEqualTo(0);
        keyturn.assertAuditVerifies();
        assertThat(keyturn.run("audit", "show").out())
                .containsSubsequence("credential.verified", "credential.drifted", "credential.verified");
    }

    private String status(String field) {
        return keyturn.run("status", "watched", "--json")
                .json()
                .get(0)
                .get(field)
                .toString();
    }

    @Test
    void rotatesNothingThatIsNotDue() {
        adopt("not-due", "seldom");

        for (int starts = 0; starts < 2; starts++) {
            try (Running daemon = keyturn.start("run")) {
                daemon.until("it says something", () -> !daemon.out().isBlank());
                assertThat(daemon.endsWithin(Duration.ofSeconds(2))).isFalse();
                assertThat(daemon.terminate().ended().status()).isEqualTo(0);
            }
        }

        assertThat(puts(acme)).isEqualTo(0);
        acme.assertAsBefore(acme.account().keys());
        assertThat(keyturn.run("history").out()).isBlank();
    }

    @Test
    void reloadsOnSighupAllOrNothing() throws Exception {
        adopt("reloaded", "seldom");
        try (Running daemon = keyturn.start("run")) {
            daemon.until("it is ready", () -> daemon.out().contains("Ready"));

            keyturn.policy("broken", "{secret: {type: no_such_thing}}");
            daemon.hangUp().until("it refuses", () -> daemon.out().contains("Not reloaded"));
            assertThat(daemon.out()).contains("policies.broken.secret.type");

            keyturn.policy("broken", SELDOM).limits("{workers: 2, per_host: 1}");
            daemon.hangUp().until("it refuses", () -> daemon.out().contains("a change of limits needs a restart"));
            assertThat(puts(acme)).isEqualTo(0);

            keyturn.limits("{workers: 16, per_host: 4}").manage(acme, "often", "{method: authorized_keys}");
            daemon.hangUp().until("it reloads", () -> daemon.out().contains("Configuration reloaded"));
            daemon.until("Dromo got a key", () -> puts(acme) >= 1);
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }

        acme.assertRotated();
        keyturn.assertAuditVerifies();
        assertThat(keyturn.run("audit", "show", "--json").jsonLines())
                .filteredOn(record -> record.path("event").asString().equals("config.loaded"))
                .extracting(record -> record.path("outcome").asString(""))
                .containsExactly("", "failure", "failure", "success");
    }

    /** A reload that comes too early is made up for; it would have been the end of the process without a word. */
    @Test
    void aSighupWhileItStartsDoesNotEndIt() throws Exception {
        adopt("early", "seldom");
        Path log = keyturn.audit().resolve("audit.jsonl");

        try (Running daemon = keyturn.start("run")) {
            daemon.until("it begins to start", () -> read(log).contains("config.loaded"));
            daemon.hangUp().until("it reloads", () -> daemon.out().contains("Configuration reloaded"));
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void adopt(String name, String policy) {
        acme = scene.withKey(NewAccount.shell(name), KeyFiles.make("ed25519"));
        keyturn.manage(acme, policy, "{method: authorized_keys}");
        keyturn.adopt(acme);
    }

    private static long puts(ManagedAccount account) {
        return scene.dromo().requests(DromoCall.PUT).stream()
                .filter(request -> request.credentialId().equals(account.dromoId()))
                .count();
    }
}
