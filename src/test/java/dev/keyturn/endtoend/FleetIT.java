package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.Logins;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Many accounts on one host: side by side within the host's limit, and with no more logins than the proofs need. */
@RequiresSshd
class FleetIT {

    private static final int ACCOUNTS = 20;

    @Test
    void rotatesAllWithTwoSessionsAndOneRefusalOfOurOwnEach() {
        KeyFiles old = KeyFiles.make("ed25519");
        try (Scene scene = Scene.open();
                Installation keyturn = scene.installation().usualPolicies().limits("{workers: 16, per_host: 4}")) {
            List<ManagedAccount> fleet = new ArrayList<>();
            for (int i = 0; i < ACCOUNTS; i++) {
                ManagedAccount account = scene.withKey(NewAccount.shell("fleet-" + i), old);
                fleet.add(account);
                keyturn.manage(account, "keys", "{method: authorized_keys}");
            }
            keyturn.adopt(fleet.toArray(ManagedAccount[]::new));
            Map<String, Logins> before = new HashMap<>();
            fleet.forEach(account -> before.put(account.name(), scene.sshd().logins(account.name())));

            Ran rotated = keyturn.run("rotate", "--all", "--json");

            assertThat(rotated.status()).as(rotated::toString).isEqualTo(0);
            assertThat(rotated.jsonLines())
                    .hasSize(ACCOUNTS)
                    .extracting(result -> result.path("outcome").asString())
                    .containsOnly("completed");
            for (ManagedAccount account : fleet) {
                Logins after = scene.sshd().logins(account.name());
                Logins were = before.get(account.name());
                // Ours with the old key and with the new one, and Dromo's own for test_connection.
                assertThat(after.accepted() - were.accepted())
                        .as(account.name())
                        .isEqualTo(2 + 1);
                assertThat(after.failed() - were.failed()).as(account.name()).isEqualTo(1);
            }
            fleet.get(0).assertRotated();
            fleet.get(ACCOUNTS - 1).assertRotated();
            JsonNode status = keyturn.run("status", "--json").json();
            assertThat(status.values())
                    .extracting(each -> each.path("state").asString())
                    .containsOnly("current");
            keyturn.assertAuditVerifies();
        }
    }
}
