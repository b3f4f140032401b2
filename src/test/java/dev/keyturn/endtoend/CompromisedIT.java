package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.sandbox.DromoFault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code rotate --compromised} where Dromo doesn't go along: the word outlives the command. */
@RequiresSshd
class CompromisedIT {
    private static final DromoFault REJECTION =
            DromoFault.status(400, DromoFault.JSON, "{\"private_key\":[\"Rejected by a test.\"]}");

    private Scene scene;
    private Installation keyturn;
    private ManagedAccount acme;

    @BeforeEach
    void failFirst() throws Exception {
        scene = Scene.open();
        keyturn = scene.installation()
                .policy(
                        "freeze",
                        "{secret: {type: ssh_key}, schedule: {every: 60d}, overlap: 24h,"
                                + " windows: [{days: [mon], from: \"03:00\", to: \"03:01\", zone: UTC}],"
                                + " retry: {attempts: 1, first_delay: 1s, max_delay: 1s}}");
        acme = scene.withKey(NewAccount.shell("acme"), KeyFiles.make("ed25519"));
        keyturn.manage(acme, "freeze", "{method: authorized_keys}");
        keyturn.adopt(acme);
        scene.dromo().faults().always(DromoCall.PUT, REJECTION);
        assertThat(keyturn.run("rotate", "--compromised", "--reason", "INC-4711", "acme")
                        .status())
                .isEqualTo(1);
    }

    @AfterEach
    void remove() {
        keyturn.close();
        scene.close();
    }

    @Test
    void recoverGoesOnUntilItIsReplaced() throws Exception {
        JsonNode status = keyturn.run("status", "--json").jsonOf("acme");
        assertThat(status.path("compromised").path("reason").asString()).isEqualTo("INC-4711");
        assertThat(status.path("compromised").path("users_left").asInt()).isEqualTo(1);
        assertThat(keyturn.run("status").out())
                .contains("acme: others know its secret", "INC-4711", "keyturn recover --not-compromised acme");
        assertThat(keyturn.run("why", "acme").out()).contains("one user is still to get a new secret");
        assertThat(keyturn.run("plan").out()).contains("others know the secret");

        assertThat(keyturn.run("recover").status())
                .as("undone once more, and the leaked key logs in")
                .isEqualTo(1);
        scene.dromo().faults().clear();
        assertThat(keyturn.run("recover").status()).isEqualTo(0);

        acme.assertRotated();
        assertThat(keyturn.run("recover").out()).contains("nothing to recover");
        assertThat(keyturn.run("status", "--json").jsonOf("acme").has("compromised"))
                .isFalse();
        keyturn.assertAuditVerifies();
    }

    @Test
    void theDaemonGoesOnByItselfAtAnyHour() throws Exception {
        try (Running daemon = keyturn.start("run")) {
            daemon.until("it tried", () -> daemon.out().contains("Rotation did not complete"));
            scene.dromo().faults().clear();
            keyturn.run("rotate", "--compromised", "--reason", "INC-4711 again", "acme");
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }

        acme.assertRotated();
        assertThat(keyturn.run("status", "--json").jsonOf("acme").has("compromised"))
                .isFalse();
        keyturn.assertAuditVerifies();
    }

    @Test
    void recoverTakesNames() throws Exception {
        scene.dromo().faults().clear();
        keyturn.manage(
                scene.withKey(NewAccount.shell("other"), KeyFiles.make("ed25519")),
                "freeze",
                "{method: authorized_keys}");

        assertThat(keyturn.run("recover", "other").out()).contains("nothing to recover");
        assertThat(acme.dromoHoldsTheOld()).as("nobody asked for acme").isTrue();
        assertThat(keyturn.run("recover", "nobody").status()).isEqualTo(2);
        Ran recovered = keyturn.run("recover", "acme");

        assertThat(recovered.status()).as(recovered::toString).isEqualTo(0);
        acme.assertRotated();
        keyturn.assertAuditVerifies();
    }

    @Test
    void aPersonTakesItBack() {
        Ran abandoned = keyturn.run("recover", "--abandon", "acme");
        assertThat(abandoned.status()).as("the word is another matter").isEqualTo(1);
        assertThat(abandoned.err())
                .contains("acme: nothing to give up", "acme: others know the secret in use", "--not-compromised acme");
        assertThat(keyturn.run("status").out()).contains("others know");

        Ran takenBack = keyturn.run("recover", "--not-compromised", "acme");
        assertThat(takenBack.status()).as(takenBack::toString).isEqualTo(0);
        assertThat(takenBack.err()).contains("acme: taken back that others know its secret");

        assertThat(keyturn.run("recover").out()).contains("nothing to recover");
        assertThat(keyturn.run("status").out()).doesNotContain("others know");
        Ran abandonedAgain = keyturn.run("recover", "--abandon", "acme");
        assertThat(abandonedAgain.status()).isEqualTo(0);
        assertThat(abandonedAgain.err()).contains("nothing to give up").doesNotContain("others know");
        assertThat(keyturn.run("recover", "--not-compromised", "acme").err()).contains("nothing to take back");
        assertThat(keyturn.run("recover", "--not-compromised", "nobody").status())
                .isEqualTo(2);
        assertThat(keyturn.run("recover", "--not-compromised", "acme", "acme").status())
                .as("a name too many")
                .isEqualTo(2);
        keyturn.assertAuditVerifies();
    }

    @Test
    void aCredentialThatIsNoLongerConfiguredIsNamed() throws Exception {
        keyturn.manage(
                scene.withKey(NewAccount.shell("other"), KeyFiles.make("ed25519")),
                "freeze",
                "{method: authorized_keys}");
        keyturn.forget("acme");

        Ran recovered = keyturn.run("recover");

        assertThat(recovered.status()).isEqualTo(1);
        assertThat(recovered.err()).contains("acme: others know its secret, which was not replaced");
        assertThat(keyturn.run("recover", "--not-compromised", "acme").status()).isEqualTo(0);
        assertThat(keyturn.run("recover").status()).isEqualTo(0);
    }
}
