package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.Login;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Passwords, changed by an administrator with chpasswd and by the account itself with passwd. */
@RequiresSshd
class PasswordRotationIT {

    private static final KeyFiles ADMINISTRATOR = KeyFiles.make("ed25519");
    private static final String CHPASSWD = "{method: chpasswd, as: {user: pwadmin, private_key: {file: admin-key}}}";
    private static final String PASSWD = "{method: passwd}";

    private static Scene scene;
    private static Installation keyturn;
    private static Ran rotated;
    private static final Map<String, ManagedAccount> ACCOUNTS = new LinkedHashMap<>();

    @BeforeAll
    static void rotateAll() {
        scene = Scene.open();
        scene.sshd().add(NewAccount.passwordAdministrator("pwadmin").withKey(ADMINISTRATOR.publicLine()));
        keyturn = scene.installation()
                .usualPolicies()
                .policy(
                        "strict",
                        "{secret: {type: password, length: 64, classes: [lower, upper, digit, symbol],"
                                + " symbols: \"!#%+-_=.\", exclude: \"0O1lI\"}, allow_gap: true}");
        keyturn.secretFile("admin-key", ADMINISTRATOR.privateKey());
        add("by-chpasswd", "passwords", CHPASSWD);
        add("chpasswd-expired", "passwords", CHPASSWD);
        add("chpasswd-jailed", "strict", CHPASSWD);
        add("by-passwd", "passwords", PASSWD);
        add("passwd-expired", "passwords", PASSWD);
        add("passwd-strict", "strict", PASSWD);
        keyturn.adopt(ACCOUNTS.values().toArray(ManagedAccount[]::new));
        scene.sshd().expirePassword("chpasswd-expired");
        scene.sshd().expirePassword("passwd-expired");

        rotated = keyturn.run("rotate", "--all", "--json");
    }

    @AfterAll
    static void close() {
        keyturn.close();
        scene.close();
    }

    private static void add(String name, String policy, String install) {
        NewAccount account = name.endsWith("jailed") ? NewAccount.chrootedAtHome(name) : NewAccount.shell(name);
        ManagedAccount managed = scene.withPassword(account, "Old-words-of-" + name + "-1");
        ACCOUNTS.put(name, managed);
        keyturn.manage(managed, policy, install);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "by-chpasswd",
                "chpasswd-expired",
                "chpasswd-jailed",
                "by-passwd",
                "passwd-expired",
                "passwd-strict"
            })
    void setsANewPasswordOnHostAndInDromo(String name) {
        ManagedAccount managed = ACCOUNTS.get(name);
        JsonNode result = rotated.jsonOf(name);

        assertThat(result.path("outcome").asString()).as(result::toString).isEqualTo("completed");
        managed.assertRotated();
        assertThat(result.path("auth_type").asString()).isEqualTo("PASSWORD");
        assertThat(result.get("fingerprint").isNull()).isTrue();
        assertThat(result.get("previous_fingerprint").isNull()).isTrue();
        assertThat(result.path("gap_ms").asLong())
                .isBetween(1L, result.path("duration_ms").asLong());
        assertThat(result.get("error").isNull()).isTrue();
    }

    @Test
    void succeedsWithAllAndWritesItDown() {
        assertThat(rotated.status()).as(rotated::toString).isEqualTo(0);
        keyturn.assertAuditVerifies();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chpasswd-jailed", "passwd-strict"})
    void followsTheRulesOfThePolicy(String name) {
        String password = String.valueOf(ACCOUNTS.get(name).inDromo().password());

        assertThat(password).hasSize(64).doesNotContainPattern("[0O1lI]");
        for (String characters : new String[] {"[a-z]", "[A-Z]", "[0-9]", "[!#%+_=.-]"}) {
            assertThat(password).containsPattern(Pattern.compile(characters));
        }
    }

    @Test
    void letsNobodyInWithTheOldPasswordWhileTheNewOneIsNotExpired() {
        ManagedAccount managed = ACCOUNTS.get("passwd-expired");

        assertThat(managed.dromosLogin()).isEqualTo(Login.ACCEPTED);
        assertThat(managed.oldLogin()).isEqualTo(Login.REFUSED);
    }
}
