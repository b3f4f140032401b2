package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.Login;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import dev.keyturn.sandbox.DromoCall;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A partner, who is this test, changes the host by hand. */
@RequiresSshd
class HandOverIT {

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
        keyturn = scene.installation()
                .policy("by-hand", "{secret: {type: ssh_key}, schedule: {every: 60d}, verify: {every: 1s}}");
    }

    @AfterEach
    void remove() {
        keyturn.close();
    }

    @Test
    void goesOnByItselfAsThePartnerInstallsTheNewKeyAndTakesTheOldOneOff() {
        adopt("acme");
        Ran rotated = keyturn.run("rotate", "acme", "--json");
        assertThat(rotated.status()).as(rotated::toString).isEqualTo(0);
        assertThat(rotated.jsonOf("acme").path("outcome").asString()).isEqualTo("awaiting_install");
        assertThat(acme.account().keys()).hasSize(1);

        try (Running daemon = keyturn.start("run")) {
            daemon.until(
                    "it looked whether the key is there", () -> daemon.out().contains("waits for the partner"));
            assertThat(state()).isEqualTo("awaiting_install");
            Ran key = keyturn.run("show-key", "acme");
            assertThat(key.err()).contains("to be installed");
            assertThat(keyturn.run("status", "acme").out()).contains(key.out().strip());

            acme.account().setKeys(acme.account().keys().get(0), key.out().strip());
            daemon.until("Dromo has the new key", () -> !acme.dromoHoldsTheOld() && state().equals("overlap"));
            assertThat(acme.dromosLogin()).isEqualTo(Login.ACCEPTED);
            assertThat(acme.oldLogin()).isEqualTo(Login.ACCEPTED);
            JsonNode waiting = status().path("waiting");
            assertThat(waiting.path("for").asString()).isEqualTo("withdrawal");
            assertThat(waiting.path("fingerprint").asString()).isEqualTo(acme.oldFingerprint());
            Ran old = keyturn.run("show-key", "--old", "acme", "--json");
            assertThat(old.json().path("which").asString()).isEqualTo("old");

            takeOff(old.json().path("line").asString());
            daemon.until("the rotation is complete", () -> state().equals("current"));
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }

        acme.assertRotated();
        assertThat(acme.account().keys()).hasSize(1);
        keyturn.assertAuditVerifies();
    }

    @Test
    void waitsOnAfterTheDaemonWasKilled() {
        adopt("killed");
        keyturn.run("rotate", "killed");
        String handedOver = keyturn.run("show-key", "killed").out();
        try (Running daemon = keyturn.start("run")) {
            daemon.until(
                    "it looked whether the key is there", () -> daemon.out().contains("waits for the partner"));
            daemon.kill().ended();
        }
        assertThat(keyturn.run("show-key", "killed").out()).isEqualTo(handedOver);

        acme.account().setKeys(acme.account().keys().get(0), handedOver.strip());
        Ran recovered = keyturn.run("recover", "--json");

        assertThat(recovered.status()).as(recovered::toString).isEqualTo(0);
        assertThat(recovered.jsonOf("killed").path("outcome").asString()).isEqualTo("overlap");
        takeOff(keyturn.run("show-key", "--old", "killed").out().strip());
        assertThat(keyturn.run("recover", "--json")
                        .jsonOf("killed")
                        .path("outcome")
                        .asString())
                .isEqualTo("completed");
        acme.assertRotated();
        keyturn.assertAuditVerifies();
    }

    @Test
    void isGivenUpOnlyOnceTheHostRefusesTheNewKey() {
        adopt("refused");
        keyturn.run("rotate", "refused");
        Ran daemonless = keyturn.run("rotate", "refused");
        assertThat(daemonless.status()).as("looking again is no failure").isEqualTo(0);
        String handedOver = keyturn.run("show-key", "refused").out().strip();
        acme.account().setKeys(acme.account().keys().get(0), handedOver);

        Ran tooLate = keyturn.run("recover", "--abandon", "refused", "--json");
        assertThat(tooLate.status()).as(tooLate::toString).isEqualTo(1);
        assertThat(tooLate.jsonOf("refused").at("/error/kind").asString()).isEqualTo("awaiting_removal");
        assertThat(keyturn.run("show-key", "refused").out().strip()).isEqualTo(handedOver);

        takeOff(handedOver);
        Ran given = keyturn.run("recover", "--json");
        assertThat(given.status()).as(given::toString).isEqualTo(0);
        assertThat(given.jsonOf("refused").path("outcome").asString()).isEqualTo("rolled_back");
        acme.assertAsBefore(acme.account().keys());
        assertThat(scene.dromo().requests(DromoCall.PUT).stream()
                        .filter(request -> request.credentialId().equals(acme.dromoId())))
                .isEmpty();
        assertThat(keyturn.run("recover", "--abandon", "refused").status()).isEqualTo(0);
        assertThat(keyturn.run("recover", "--abandon", "nobody").status()).isEqualTo(2);
        keyturn.assertAuditVerifies();
    }

    /** A partner's refusal doesn't make a leak undone. */
    @Test
    void staysCompromisedWhereTheRotationIsGivenUp() {
        adopt("leaked");
        Ran asked = keyturn.run("rotate", "leaked", "--compromised", "--reason", "INC-4711");
        assertThat(asked.status()).as(asked::toString).isEqualTo(0);
        String first = keyturn.run("show-key", "leaked").out();

        Ran abandoned = keyturn.run("recover", "--abandon", "leaked");

        assertThat(abandoned.status()).as(abandoned::toString).isEqualTo(1);
        assertThat(abandoned.err()).contains("leaked: others know the secret in use");
        assertThat(keyturn.run("plan", "leaked").out()).contains("others know the secret");
        Ran recovered = keyturn.run("recover", "leaked");
        assertThat(recovered.status()).as(recovered::toString).isEqualTo(0);
        assertThat(recovered.out()).contains("awaiting_install");
        assertThat(keyturn.run("show-key", "leaked").out())
                .as("another key is asked for")
                .isNotEqualTo(first);

        Ran both = keyturn.run("recover", "--not-compromised", "leaked", "--abandon", "leaked");
        assertThat(both.status()).as(both::toString).isEqualTo(0);
        assertThat(keyturn.run("recover", "leaked").out()).contains("nothing to recover");
        acme.assertAsBefore(acme.account().keys());
        keyturn.assertAuditVerifies();
    }

    private void adopt(String name) {
        acme = scene.withKey(NewAccount.shell(name), KeyFiles.make("ed25519"));
        keyturn.manage(acme, "by-hand", "{method: manual}");
        keyturn.adopt(acme);
    }

    /** The partner compares the key, not its comment. */
    private void takeOff(String line) {
        String key = line.split(" ")[1];
        acme.account()
                .setKeys(acme.account().keys().stream()
                        .filter(each -> !Arrays.asList(each.split(" ")).contains(key))
                        .toArray(String[]::new));
    }

    private String state() {
        return status().path("state").asString();
    }

    private JsonNode status() {
        return keyturn.run("status", "--json").jsonOf(acme.name());
    }
}
