package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.Login;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import dev.keyturn.sandbox.DromoCall;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Two keys side by side for a while. */
@RequiresSshd
class OverlapIT {

    @Test
    void keepsBothKeysUntilTheOverlapIsOverAndRefusesAThird() {
        try (Scene scene = Scene.open();
                Installation keyturn = scene.installation()) {
            ManagedAccount acme = scene.withKey(NewAccount.shell("acme"), KeyFiles.make("ed25519"));
            keyturn.policy("long", "{secret: {type: ssh_key}, overlap: 1h}")
                    .manage(acme, "long", "{method: authorized_keys}");
            keyturn.adopt(acme);

            Ran rotated = keyturn.run("rotate", "acme", "--json");

            assertThat(rotated.status()).as(rotated::toString).isEqualTo(0);
            assertThat(rotated.jsonOf("acme").path("outcome").asString()).isEqualTo("overlap");
            assertThat(rotated.jsonOf("acme").get("error").isNull()).isTrue();
            assertThat(acme.dromoHoldsTheOld()).isFalse();
            assertThat(acme.dromosLogin()).isEqualTo(Login.ACCEPTED);
            assertThat(acme.oldLogin()).isEqualTo(Login.ACCEPTED);
            JsonNode status = keyturn.run("status", "acme", "--json").jsonOf("acme");
            assertThat(status.path("state").asString()).isEqualTo("overlap");
            assertThat(status.path("fingerprint").asString())
                    .isEqualTo(acme.inDromo().keyFingerprint());

            int puts = scene.dromo().requests(DromoCall.PUT).size();
            Ran again = keyturn.run("rotate", "acme", "--json");
            assertThat(again.status()).as(again::toString).isEqualTo(1);
            assertThat(again.jsonOf("acme").at("/error/message").asString()).contains("overlap");
            assertThat(scene.dromo().requests(DromoCall.PUT)).hasSize(puts);
            Ran recovered = keyturn.run("recover");
            assertThat(recovered.status()).as(recovered::toString).isEqualTo(0);
            assertThat(acme.oldLogin()).isEqualTo(Login.ACCEPTED);
            assertThat(acme.account().keys()).hasSize(2);
            keyturn.assertAuditVerifies();
        }
    }

    @Test
    void withdrawsTheOldKeyWhenTheOverlapIsOver() {
        try (Scene scene = Scene.open();
                Installation keyturn = scene.installation()) {
            ManagedAccount acme = scene.withKey(NewAccount.shell("acme"), KeyFiles.make("ed25519"));
            keyturn.policy("short", "{secret: {type: ssh_key}, overlap: 15s}")
                    .manage(acme, "short", "{method: authorized_keys}");
            keyturn.adopt(acme);
            Instant begin = Instant.now();
            Ran rotated = keyturn.run("rotate", "acme", "--json");
            assertThat(rotated.jsonOf("acme").path("outcome").asString()).isEqualTo("overlap");

            try (Running daemon = keyturn.start("run")) {
                daemon.until("the old key is gone", () -> acme.account().keys().size() == 1);
                assertThat(Instant.now()).isAfter(begin.plus(Duration.ofSeconds(15)));
                assertThat(daemon.terminate().ended().status()).isEqualTo(0);
            }

            acme.assertRotated();
            Ran recovered = keyturn.run("recover");
            assertThat(recovered.status()).as(recovered::toString).isEqualTo(0);
            assertThat(keyturn.run("status", "--json")
                            .jsonOf("acme")
                            .path("state")
                            .asString())
                    .isEqualTo("current");
            keyturn.assertAuditVerifies();
        }
    }
}
