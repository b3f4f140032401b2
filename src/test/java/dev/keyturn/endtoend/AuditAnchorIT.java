package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An audit log that lost its end between two runs. */
@RequiresSshd
class AuditAnchorIT {

    @Test
    void isRefusedUntilAnOperatorAcceptsTheLossAndTheLogSaysSo() throws IOException {
        try (Scene scene = Scene.open();
                Installation keyturn = scene.installation().usualPolicies()) {
            ManagedAccount acme = scene.withKey(NewAccount.shell("anchor"), KeyFiles.make("ed25519"));
            keyturn.manage(acme, "keys", "{method: authorized_keys}").adopt(acme);
            Path log = keyturn.audit().resolve("audit.jsonl");
            byte[] backup = Files.readAllBytes(log);
            assertThat(keyturn.run("rotate", acme.name()).status()).isZero();
            int written = Files.readAllLines(log).size();
            Files.write(log, backup);
            List<String> before = acme.account().keys();

            Ran refused = keyturn.run("rotate", acme.name());
            Ran verified = keyturn.run("audit", "verify");

            String lost = "it ends at record "
                    + new String(backup, java.nio.charset.StandardCharsets.UTF_8)
                            .lines()
                            .count() + ", but had reached record " + written;
            assertThat(refused.status()).as(refused::toString).isEqualTo(77);
            assertThat(refused.err()).contains(lost, "keyturn audit accept-loss --reason");
            assertThat(acme.account().keys()).isEqualTo(before);
            assertThat(verified.status()).as(verified::toString).isEqualTo(1);
            assertThat(verified.out()).contains("NOT WHOLE", lost);

            Ran accepted = keyturn.run("audit", "accept-loss", "--reason", "the disk died, Monday's backup");

            assertThat(accepted.status()).as(accepted::toString).isZero();
            keyturn.assertAuditVerifies();
            assertThat(keyturn.run("audit", "show").out())
                    .contains("log.loss_accepted", "expected_seq=" + written, "the disk died, Monday's backup");
            assertThat(keyturn.run("rotate", acme.name()).status()).isZero();
            assertThat(keyturn.run("audit", "accept-loss", "--reason", "again").out())
                    .contains("nothing to accept");
        }
    }
}
