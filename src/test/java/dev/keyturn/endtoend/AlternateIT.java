package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.Login;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import dev.keyturn.sandbox.DromoCredential;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Passwords of two accounts that take turns, on OpenSSH's sshd. */
@RequiresSshd
class AlternateIT {
    private static final KeyFiles ADMINISTRATOR = KeyFiles.make("ed25519");
    private static final String CHPASSWD = "{method: chpasswd, as: {user: pwadmin, private_key: {file: admin-key}}}";

    private static Scene scene;
    private static Installation keyturn;

    @BeforeAll
    static void open() {
        scene = Scene.open();
        scene.sshd().add(NewAccount.passwordAdministrator("pwadmin").withKey(ADMINISTRATOR.publicLine()));
        keyturn = scene.installation()
                .policy("turns", "{secret: {type: password}}")
                .policy("slow-turns", "{secret: {type: password}, overlap: 1h}");
        keyturn.secretFile("admin-key", ADMINISTRATOR.privateKey());
    }

    @AfterAll
    static void close() {
        keyturn.assertAuditVerifies();
        keyturn.close();
        scene.close();
    }

    @Test
    void takesTurnsByChpasswd() {
        ManagedAccount first = pair("ch", "turns", CHPASSWD);
        keyturn.adopt(first);

        JsonNode there = rotate("ch-a");
        assertThat(there.path("outcome").asString()).as(there::toString).isEqualTo("completed");
        assertThat(there.get("gap_ms").isNull()).isTrue();
        assertDromoLogsInAs("ch-b", first);
        assertThat(login("ch-b", old("ch-b"))).isEqualTo(Login.REFUSED);
        assertThat(first.oldLogin()).as("the other account is untouched").isEqualTo(Login.ACCEPTED);
        assertThat(userInStatus("ch-a")).isEqualTo("ch-b");

        JsonNode andBack = rotate("ch-a");
        assertThat(andBack.path("outcome").asString()).as(andBack::toString).isEqualTo("completed");
        assertDromoLogsInAs("ch-a", first);
        assertThat(first.oldLogin()).as("its own turn has come").isEqualTo(Login.REFUSED);
        Ran verified = keyturn.run("verify", "ch-a");
        assertThat(verified.status()).as(verified::toString).isEqualTo(0);
    }

    @Test
    void changesTheIdleAccountWithItsOwnPassword() {
        ManagedAccount first = pair("pw", "turns", "{method: passwd}");
        keyturn.adopt(first);

        Ran refused = keyturn.run("rotate", "pw-a");
        assertThat(refused.status()).as(refused::toString).isEqualTo(1);
        assertThat(refused.out()).contains("not_adopted").contains("keyturn adopt pw-a --user pw-b --password-file");
        String file = keyturn.secretFile("idle", old("pw-b")).toString();
        Ran adopted = keyturn.run("adopt", "pw-a", "--user", "pw-b", "--password-file", file);
        assertThat(adopted.status()).as(adopted::toString).isEqualTo(0);
        assertThat(userInStatus("pw-a"))
                .as("adopting the idle account switches nothing")
                .isEqualTo("pw-a");

        for (String user : new String[] {"pw-b", "pw-a", "pw-b"}) {
            JsonNode result = rotate("pw-a");
            assertThat(result.path("outcome").asString()).as(result::toString).isEqualTo("completed");
            assertDromoLogsInAs(user, first);
        }
        assertThat(login("pw-b", old("pw-b"))).isEqualTo(Login.REFUSED);
    }

    @Test
    void refusesTurnsThatAreTooClose() {
        ManagedAccount first = pair("slow", "slow-turns", CHPASSWD);
        keyturn.adopt(first);
        rotate("slow-a");

        Ran again = keyturn.run("rotate", "slow-a", "--json");

        assertThat(again.status()).as(again::toString).isEqualTo(1);
        JsonNode error = again.jsonOf("slow-a").path("error");
        assertThat(error.path("kind").asString()).isEqualTo("in_overlap");
        assertThat(error.path("message").asString()).contains("may log in as slow-a until");
        assertThat(first.oldLogin()).isEqualTo(Login.ACCEPTED);
    }

    /** Two accounts NAME-a and NAME-b; Dromo logs in to the first. The credential has the first one's name. */
    private static ManagedAccount pair(String name, String policy, String install) {
        ManagedAccount first = scene.withPassword(NewAccount.shell(name + "-a"), old(name + "-a"));
        scene.sshd().add(NewAccount.shell(name + "-b").withPassword(old(name + "-b")));
        String users = "[" + name + "-a, " + name + "-b]";
        keyturn.credential(
                first.name(),
                first.yaml(policy, install, "alternate: {users: " + users + "}")
                        .replace("user: " + first.name() + ", host_key", "host_key"));
        return first;
    }

    private static String old(String user) {
        return "Old-words-of-" + user + "-1";
    }

    private static JsonNode rotate(String credential) {
        return keyturn.run("rotate", credential, "--json").jsonOf(credential);
    }

    private static String userInStatus(String credential) {
        return keyturn.run("status", credential, "--json")
                .jsonOf(credential)
                .path("host")
                .path("user")
                .asString();
    }

    private static void assertDromoLogsInAs(String user, ManagedAccount managed) {
        DromoCredential stored = managed.inDromo();
        assertThat(stored.user()).isEqualTo(user);
        assertThat(login(user, Objects.requireNonNull(stored.password()))).isEqualTo(Login.ACCEPTED);
    }

    private static Login login(String user, String password) {
        return scene.sshd().client().login(user, password);
    }
}
