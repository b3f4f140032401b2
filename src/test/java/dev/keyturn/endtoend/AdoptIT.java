package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import dev.keyturn.sandbox.DromoCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Taking over what is in use today. */
@RequiresSshd
class AdoptIT {

    private static final String OWN = "{method: authorized_keys}";

    private static Scene scene;
    private static Installation keyturn;

    @BeforeAll
    static void open() {
        scene = Scene.open();
        keyturn = scene.installation().usualPolicies();
    }

    @AfterAll
    static void close() {
        keyturn.assertAuditVerifies();
        keyturn.close();
        scene.close();
    }

    @Test
    void takesTheRightKeyAndChangesNothing() {
        ManagedAccount acme = key("right");
        int puts = scene.dromo().requests(DromoCall.PUT).size();
        Path file = keyturn.secretFile("right-key", acme.oldSecret());

        Ran adopted = keyturn.run("adopt", "right", "--private-key-file", file.toString());

        assertThat(adopted.status()).as(adopted::toString).isEqualTo(0);
        assertThat(scene.dromo().requests(DromoCall.PUT)).hasSize(puts);
        JsonNode status = keyturn.run("status", "right", "--json").jsonOf("right");
        assertThat(status.path("state").asString()).isEqualTo("current");
        assertThat(status.path("fingerprint").asString()).isEqualTo(acme.oldFingerprint());
    }

    @Test
    void saysThatOthersMayHaveReadTheFile() throws IOException {
        ManagedAccount acme = key("open");
        Path file = keyturn.secretFile("open-key", acme.oldSecret());

        assertThat(keyturn.run("adopt", "open", "--private-key-file", file.toString())
                        .err())
                .isEmpty();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Ran adopted = keyturn.run("adopt", "open", "--private-key-file", file.toString());

        assertThat(adopted.status()).as(adopted::toString).isEqualTo(0);
        assertThat(adopted.err())
                .contains(file + " may be read by others (rw-r--r--)")
                .contains("keyturn rotate open --compromised");
    }

    @Test
    void refusesAKeyThatTheHostRefuses() {
        ManagedAccount acme = key("refused");
        acme.account().setKeys(KeyFiles.make("ed25519").publicLine());
        Path file = keyturn.secretFile("refused-key", acme.oldSecret());

        Ran adopted = keyturn.run("adopt", "refused", "--private-key-file", file.toString());

        assertThat(adopted.status()).as(adopted::toString).isEqualTo(1);
        assertThat(adopted.out() + adopted.err())
                .contains("refused: not adopted")
                .contains("host refuses");
        assertUnmanaged("refused");
    }

    @Test
    void refusesAKeyThatDromoDoesNotHold() {
        ManagedAccount acme = key("another");
        KeyFiles another = KeyFiles.make("ed25519");
        acme.account()
                .setKeys(another.publicLine(), String.join("\n", acme.account().keys()));
        Path file = keyturn.secretFile("another-key", another.privateKey());

        Ran adopted = keyturn.run("adopt", "another", "--private-key-file", file.toString());

        assertThat(adopted.status()).as(adopted::toString).isEqualTo(1);
        assertThat(adopted.out() + adopted.err())
                .contains(acme.oldFingerprint())
                .contains(ManagedAccount.fingerprint(another.publicLine()));
        assertUnmanaged("another");
    }

    @Test
    void takesAWholeFleetFromAList() {
        ManagedAccount first = key("fleet-1");
        ManagedAccount second = key("fleet-2");
        ManagedAccount third = password("fleet-3");
        ManagedAccount wrong = password("fleet-4");
        scene.sshd().setPassword("fleet-4", "Changed-by-somebody-1");

        Ran adopted = keyturn.run(
                "adopt",
                "--from",
                keyturn.adoptionList(first, second, third, wrong).toString());

        assertThat(adopted.status()).as(adopted::toString).isEqualTo(1);
        assertThat(adopted.out())
                .contains("fleet-1: adopted")
                .contains("fleet-2: adopted")
                .contains("fleet-3: adopted")
                .contains("fleet-4: not adopted");
        assertUnmanaged("fleet-4");
    }

    @Test
    void takesAPasswordWithoutItsLineFeed() {
        ManagedAccount plain = password("plain");
        Path file = keyturn.secretFile("plain-password", plain.password() + "\n");

        Ran adopted = keyturn.run("adopt", "plain", "--password-file", file.toString());

        assertThat(adopted.status()).as(adopted::toString).isEqualTo(0);
        Ran rotated = keyturn.run("rotate", "plain");
        assertThat(rotated.status()).as(rotated::toString).isEqualTo(0);
        plain.assertRotated();
    }

    @Test
    void hasToComeBeforeARotationOfAnAccountThatChangesItself() {
        ManagedAccount stranger = key("stranger");

        Ran rotated = keyturn.run("rotate", "stranger", "--json");

        assertThat(rotated.status()).as(rotated::toString).isEqualTo(1);
        JsonNode error = rotated.jsonOf("stranger").path("error");
        assertThat(error.path("hint").asString()).contains("keyturn adopt stranger");
        stranger.assertAsBefore(stranger.account().keys());
    }

    @Test
    void isNotNeededWhereAnAdministratorInstalls() {
        KeyFiles administrator = KeyFiles.make("ed25519");
        scene.sshd().add(NewAccount.keyAdministrator("keyadmin").withKey(administrator.publicLine()));
        keyturn.secretFile("admin-key", administrator.privateKey());
        ManagedAccount acme = scene.withKey(NewAccount.shell("managed-by-root"), KeyFiles.make("ed25519"));
        keyturn.manage(
                acme,
                "keys",
                "{method: authorized_keys, path: " + acme.account().keysOnServer()
                        + ", as: {user: keyadmin, private_key: {file: admin-key}}}");

        Ran rotated = keyturn.run("rotate", "managed-by-root");

        assertThat(rotated.status()).as(rotated::toString).isEqualTo(0);
        acme.assertRotated();
        assertThat(acme.account().keys()).hasSize(1);
    }

    private static void assertUnmanaged(String name) {
        assertThat(keyturn.run("status", name, "--json")
                        .jsonOf(name)
                        .path("state")
                        .asString())
                .isEqualTo("unmanaged");
    }

    private static ManagedAccount key(String name) {
        ManagedAccount account = scene.withKey(NewAccount.shell(name), KeyFiles.make("ed25519"));
        keyturn.manage(account, "keys", OWN);
        return account;
    }

    private static ManagedAccount password(String name) {
        ManagedAccount account = scene.withPassword(NewAccount.shell(name), "Old-words-of-" + name + "-1");
        keyturn.manage(account, "passwords", "{method: passwd}");
        return account;
    }
}
