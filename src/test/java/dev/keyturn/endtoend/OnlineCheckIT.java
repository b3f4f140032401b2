package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.sandbox.DromoConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code check --online}, beside a daemon. */
@RequiresSshd
class OnlineCheckIT {
    private static Scene scene;

    private Installation keyturn;

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
        keyturn = scene.installation().usualPolicies();
    }

    @AfterEach
    void remove() {
        keyturn.close();
    }

    @Test
    void looksBesideADaemonAndShowsWhatDependsOnEach() {
        ManagedAccount used = scene.withKey(NewAccount.shell("used"), KeyFiles.make("ed25519"));
        ManagedAccount unused = scene.withKey(NewAccount.shell("unused"), KeyFiles.make("ed25519"));
        scene.dromo().seed(DromoConnector.of(used.dromoId(), "uploads"));
        scene.dromo().seed(DromoConnector.of(used.dromoId(), "no-such-directory"));
        keyturn.manage(used, "keys", "{method: authorized_keys}");
        keyturn.manage(unused, "keys", "{method: authorized_keys}");
        keyturn.adopt(used, unused);

        try (Running daemon = keyturn.start("run")) {
            daemon.until(
                    "it has started", () -> keyturn.run("audit", "show").out().contains("daemon.started"));
            int lists = scene.dromo().requests(DromoCall.CONNECTORS).size();

            Ran table = keyturn.run("check", "--online");
            Ran json = keyturn.run("check", "--online", "--json");
            Ran why = keyturn.run("why", "used", "--online");

            assertThat(table.status()).as(table::toString).isEqualTo(0);
            assertThat(table.out().lines().map(line -> line.replaceAll(" +", " ")))
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("used used@")
                            .contains(" ok ok 2 connectors read uploads, no-such-directory; every ")
                            .endsWith("ok, but the credential in use can't list no-such-directory"))
                    .anySatisfy(line ->
                            assertThat(line).startsWith("unused unused@").endsWith(" ok ok no connector uses it ok"));
            assertThat(scene.dromo().requests(DromoCall.CONNECTORS)).hasSize(lists + 3);
            JsonNode first = json.jsonOf("used");
            assertThat(first.path("ok").asBoolean()).isTrue();
            assertThat(first.path("connectors").size()).isEqualTo(2);
            assertThat(first.path("not_listed").get(0).asString()).isEqualTo("no-such-directory");
            assertThat(first.path("login").asString()).isEqualTo("ok");
            assertThat(why.out()).contains("2 connectors read uploads");
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }
    }

    @Test
    void sharesTheBudgetOfRefusedLoginsWithWhoeverComesNext() {
        ManagedAccount changed = scene.withPassword(NewAccount.shell("changed"), "Old-words-of-changed-1");
        keyturn.manage(changed, "passwords", "{method: passwd}");
        keyturn.adopt(changed);
        scene.sshd().setPassword("changed", "Other-words-of-changed-1");
        int before = scene.sshd().logins("changed").failed();

        Ran first = keyturn.run("check", "--online");
        keyturn.run("check", "--online");
        Ran third = keyturn.run("check", "--online");
        Ran rotation = keyturn.run("rotate", "changed", "--json");

        assertThat(first.status()).as(first::toString).isEqualTo(1);
        assertThat(first.out()).contains("FAILED").contains("drifted: changed: the host refuses the password");
        assertThat(third.out()).contains("login_budget");
        assertThat(rotation.jsonOf("changed").at("/error/kind").asString()).isEqualTo("login_budget");
        assertThat(scene.sshd().logins("changed").failed()).isEqualTo(before + 2);
    }

    @Test
    void logsInAsTheAdministratorWhereNothingWasAdopted() {
        ManagedAccount account = scene.withKey(NewAccount.shell("by-admin"), KeyFiles.make("ed25519"));
        KeyFiles administrator = KeyFiles.make("ed25519");
        scene.sshd().add(NewAccount.keyAdministrator("keyadmin").withKey(administrator.publicLine()));
        keyturn.secretFile("admin-key", administrator.privateKey());
        keyturn.manage(
                account,
                "keys",
                "{method: authorized_keys, path: " + account.account().keysOnServer()
                        + ", as: {user: keyadmin, private_key: {file: admin-key}}}");

        Ran checked = keyturn.run("check", "--online");

        assertThat(checked.status()).as(checked::toString).isEqualTo(0);
        assertThat(checked.out()).contains("ok as keyadmin");
        assertThat(keyturn.state().resolve("keyturn.db")).doesNotExist();
    }
}
