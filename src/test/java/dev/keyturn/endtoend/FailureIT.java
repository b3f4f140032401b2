package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.Login;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.sandbox.DromoFault;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a failed rotation leaves behind: Dromo with a credential that logs in, and a message that says so. */
@RequiresSshd
class FailureIT {

    private static final KeyFiles ADMINISTRATOR = KeyFiles.make("ed25519");
    private static final DromoFault REJECTION =
            DromoFault.status(400, DromoFault.JSON, "{\"private_key\":[\"Rejected by a test.\"]}");

    private static Scene scene;
    private static Installation keyturn;

    @BeforeAll
    static void open() {
        scene = Scene.open();
        scene.sshd().add(NewAccount.passwordAdministrator("pwadmin").withKey(ADMINISTRATOR.publicLine()));
        keyturn = scene.installation().usualPolicies();
        keyturn.secretFile("admin-key", ADMINISTRATOR.privateKey());
    }

    @AfterAll
    static void close() {
        keyturn.assertAuditVerifies();
        keyturn.close();
        scene.close();
    }

    @AfterEach
    void makeDromoHealthy() {
        scene.dromo().faults().clear();
    }

    @Test
    void undoesAKeyThatDromoRejects() {
        ManagedAccount account = key("rejected-key");
        List<String> before = account.account().keys();
        scene.dromo().faults().always(DromoCall.PUT, REJECTION);

        Ran rotated = keyturn.run("rotate", account.name());

        assertThat(rotated.status()).as(rotated::toString).isEqualTo(1);
        assertThat(rotated.out())
                .contains("rejected-key: rolled_back")
                .contains("Rejected by a test.")
                .contains("valid now: ")
                .contains(account.oldFingerprint())
                .contains("do next: ");
        account.assertAsBefore(before);
        assertWorksAgain(account);
    }

    @Test
    void undoesAKeyWhoseFingerprintDromoGetsWrong() {
        ManagedAccount account = key("wrong-fingerprint");
        List<String> before = account.account().keys();
        scene.dromo().faults().onNext(DromoCall.PUT, DromoFault.wrongFingerprint());

        assertRolledBack(account, "publish", "key_fingerprint");
        account.assertAsBefore(before);
        assertWorksAgain(account);
    }

    @Test
    void undoesAKeyThatDromoCanNotLogInWith() {
        ManagedAccount account = key("failed-test");
        List<String> before = account.account().keys();
        scene.dromo().faults().onNext(2, DromoCall.TEST_CONNECTION, DromoFault.testFails("Network unreachable"));

        assertRolledBack(account, "confirm", "Network unreachable");
        account.assertAsBefore(before);
        assertWorksAgain(account);
    }

    @Test
    void putsBackAPasswordThatDromoRejects() {
        ManagedAccount account = password("rejected-password");
        scene.dromo().faults().always(DromoCall.PUT, REJECTION);

        assertRolledBack(account, "publish", "Rejected by a test.");
        assertThat(account.dromoHoldsTheOld()).isTrue();
        assertThat(account.oldLogin()).isEqualTo(Login.ACCEPTED);
        assertWorksAgain(account);
    }

    @Test
    void leavesDromoAPasswordThatWorksWhereItCanNotLogIn() {
        ManagedAccount account = password("failed-password");
        scene.dromo().faults().always(DromoCall.TEST_CONNECTION, DromoFault.testFails("Network unreachable"));

        Ran rotated = keyturn.run("rotate", account.name(), "--json");

        assertThat(rotated.status()).as(rotated::toString).isEqualTo(1);
        assertThat(account.dromosLogin()).isEqualTo(Login.ACCEPTED);
        assertThat(rotated.jsonOf(account.name()).at("/error/valid_now").asString())
                .isNotBlank();
        scene.dromo().faults().clear();
        Ran recovered = keyturn.run("recover");
        assertThat(recovered.status()).as(recovered::toString).isEqualTo(0);
        assertThat(account.dromosLogin()).isEqualTo(Login.ACCEPTED);
    }

    @Test
    void keepsBothKeysWhereDromoGoesSilentAndSettlesItLater() {
        ManagedAccount account = key("silent-dromo");
        // Every call from the PUT on is reset, so nobody can say whether it was applied. It was.
        scene.dromo().faults().onNext(DromoCall.PUT, exchange -> {
            scene.dromo().faults().always(DromoCall.ANY, DromoFault.resetBefore());
            return DromoFault.resetAfter().around(exchange);
        });

        Ran rotated = keyturn.run("rotate", account.name(), "--json");

        assertThat(rotated.status()).as(rotated::toString).isEqualTo(1);
        assertThat(rotated.jsonOf(account.name()).path("outcome").asString()).isEqualTo("failed");
        assertThat(account.oldLogin()).isEqualTo(Login.ACCEPTED);
        assertThat(account.dromosLogin()).isEqualTo(Login.ACCEPTED);
        assertThat(keyturn.run("status", "--json")
                        .jsonOf(account.name())
                        .path("state")
                        .asString())
                .isEqualTo("failed");
        scene.dromo().faults().clear();
        Ran recovered = keyturn.run("recover");
        assertThat(recovered.status()).as(recovered::toString).isEqualTo(0);
        account.assertRotated();
        assertThat(account.account().keys()).hasSize(1);
    }

    private void assertRolledBack(ManagedAccount account, String step, String message) {
        Ran rotated = keyturn.run("rotate", account.name(), "--json");
        assertThat(rotated.status()).as(rotated::toString).isEqualTo(1);
        JsonNode result = rotated.jsonOf(account.name());
        assertThat(result.path("outcome").asString()).isEqualTo("rolled_back");
        assertThat(result.at("/error/step").asString()).isEqualTo(step);
        assertThat(result.at("/error/kind").asString()).matches("[a-z_]+");
        assertThat(result.at("/error/message").asString()).contains(message);
        assertThat(result.at("/error/valid_now").asString())
                .contains(account.isKey() ? account.oldFingerprint() : "old password")
                .contains("logs in");
        assertThat(result.at("/error/hint").asString()).contains("keyturn rotate " + account.name());
    }

    private void assertWorksAgain(ManagedAccount account) {
        scene.dromo().faults().clear();
        Ran rotated = keyturn.run("rotate", account.name());
        assertThat(rotated.status()).as(rotated::toString).isEqualTo(0);
        account.assertRotated();
    }

    private ManagedAccount key(String name) {
        ManagedAccount account = scene.withKey(NewAccount.shell(name), KeyFiles.make("ed25519"));
        keyturn.manage(account, "keys", "{method: authorized_keys}").adopt(account);
        return account;
    }

    private ManagedAccount password(String name) {
        ManagedAccount account = scene.withPassword(NewAccount.shell(name), "Old-words-of-" + name + "-1");
        keyturn.manage(account, "passwords", "{method: chpasswd, as: {user: pwadmin, private_key: {file: admin-key}}}")
                .adopt(account);
        assertThat(Objects.requireNonNull(account.inDromo().password())).startsWith("Old-words");
        return account;
    }
}
