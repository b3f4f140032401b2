package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.Login;
import dev.keyturn.realhost.Logins;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import dev.keyturn.sandbox.DromoCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The commands that look and change nothing. */
@RequiresSshd
class LookingIT {

    private static final String OWN = "{method: authorized_keys}";

    private static Scene scene;
    private static Installation keyturn;
    private static ManagedAccount rotated;
    private static ManagedAccount password;

    @BeforeAll
    static void open() {
        scene = Scene.open();
        keyturn = scene.installation()
                .policy("keys", "{secret: {type: ssh_key}, schedule: {every: 60d}, max_age: 100d}")
                .policy("passwords", "{secret: {type: password}, schedule: {every: 60d}, allow_gap: true}");
        rotated = scene.withKey(NewAccount.shell("rotated"), KeyFiles.make("ed25519"));
        password = scene.withPassword(NewAccount.shell("password"), "Old-words-of-password-1");
        ManagedAccount unmanaged = scene.withKey(NewAccount.shell("unmanaged"), KeyFiles.make("ed25519"));
        keyturn.manage(rotated, "keys", OWN, "labels: {team: data, env: prod}")
                .manage(password, "passwords", "{method: passwd}")
                .manage(unmanaged, "keys", OWN);
        keyturn.adopt(rotated, password);
        Ran ran = keyturn.run("rotate", "rotated", "--reason", "to have a history");
        assertThat(ran.status()).as(ran::toString).isEqualTo(0);
    }

    @AfterAll
    static void close() {
        keyturn.close();
        scene.close();
    }

    @Test
    void checksTheConfigurationWithoutAskingAnybody() {
        int requests = scene.dromo().requests().size();

        Ran checked = keyturn.run("check");

        assertThat(checked.status()).as(checked::toString).isEqualTo(0);
        assertThat(checked.out()).contains(keyturn.configuration() + " is valid");
        assertThat(scene.dromo().requests()).hasSize(requests);
    }

    @Test
    void checksOnlineWithoutChangingAnything() {
        try (Installation online = scene.installation().usualPolicies()) {
            ManagedAccount good = scene.withKey(NewAccount.shell("online-good"), KeyFiles.make("ed25519"));
            List<String> before = good.account().keys();
            online.manage(good, "keys", OWN);
            online.adopt(good);
            int puts = scene.dromo().requests(DromoCall.PUT).size();

            Ran checked = online.run("check", "--online");

            assertThat(checked.status()).as(checked::toString).isEqualTo(0);
            assertThat(checked.out()).contains("online-good").contains("ok");
            assertThat(scene.dromo().requests(DromoCall.PUT)).hasSize(puts);
            good.assertAsBefore(before);
        }
    }

    @Test
    void showsNoCredentialToAHostWithAWrongKey() {
        try (Installation online = scene.installation().usualPolicies()) {
            ManagedAccount pinned = scene.withPassword(NewAccount.shell("pinned"), "Old-words-of-pinned-1");
            online.manage(pinned, "passwords", "{method: passwd}");
            online.adopt(pinned);
            Logins before = scene.sshd().logins("pinned");
            String another = ManagedAccount.fingerprint(KeyFiles.make("ed25519").publicLine());
            online.credential("pinned", pinned.yamlPinning(another, "passwords", "{method: passwd}"));

            Ran checked = online.run("check", "--online");
            Ran turned = online.run("rotate", "pinned", "--json");

            assertThat(checked.status()).as(checked::toString).isEqualTo(1);
            assertThat(checked.out()).contains("host_key_changed").contains(another);
            assertThat(turned.status()).as(turned::toString).isEqualTo(1);
            JsonNode error = turned.jsonOf("pinned").path("error");
            assertThat(error.path("kind").asString()).isEqualTo("host_key_changed");
            assertThat(error.path("message").asString())
                    .contains(another)
                    .contains(scene.sshd().hostKeyFingerprint());
            assertThat(scene.sshd().logins("pinned")).isEqualTo(before);
        }
    }

    @Test
    void printsTheStatusAsATable() {
        Ran status = keyturn.run("status");

        assertThat(status.status()).isEqualTo(0);
        assertThat(status.out().lines())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("rotated ")
                        .contains("current")
                        .contains("completed")
                        .contains(String.valueOf(rotated.inDromo().keyFingerprint())))
                .anySatisfy(line -> assertThat(line).startsWith("password ").contains("current"))
                .anySatisfy(line -> assertThat(line).startsWith("unmanaged ").contains("unmanaged"));
        assertThat(status.out()).doesNotContain("\u001b");
    }

    @Test
    void printsTheStatusAsTheContractSays() {
        Ran status = keyturn.run("status", "--json");

        assertThat(status.json().isArray()).isTrue();
        assertThat(status.json().size()).isEqualTo(3);
        for (JsonNode each : status.json().values()) {
            assertThat(each.propertyNames())
                    .containsExactlyInAnyOrder(
                            "credential",
                            "policy",
                            "labels",
                            "host",
                            "dromo_id",
                            "auth_type",
                            "state",
                            "fingerprint",
                            "rotated_at",
                            "age_days",
                            "overdue",
                            "next_rotation_at",
                            "last_rotation",
                            "last_verified_at");
            assertThat(each.path("host").propertyNames()).containsExactlyInAnyOrder("hostname", "port", "user");
        }
        JsonNode key = status.jsonOf("rotated");
        assertThat(key.path("policy").asString()).isEqualTo("keys");
        assertThat(key.at("/labels/team").asString()).isEqualTo("data");
        assertThat(key.at("/host/hostname").asString()).isEqualTo("127.0.0.1");
        assertThat(key.at("/host/port").asInt()).isEqualTo(scene.sshd().port());
        assertThat(key.at("/host/user").asString()).isEqualTo("rotated");
        assertThat(key.path("dromo_id").asString()).isEqualTo(rotated.dromoId());
        assertThat(key.path("auth_type").asString()).isEqualTo("KEY");
        assertThat(key.path("state").asString()).isEqualTo("current");
        assertThat(key.path("age_days").asInt()).isEqualTo(0);
        assertThat(key.path("overdue").asBoolean()).isFalse();
        Instant rotatedAt = Instant.parse(key.path("rotated_at").asString());
        assertThat(Duration.between(rotatedAt, Instant.now())).isLessThan(Duration.ofHours(2));
        assertThat(Instant.parse(key.path("next_rotation_at").asString()))
                .isEqualTo(rotatedAt.plus(Duration.ofDays(60)));
        assertThat(key.path("last_rotation").propertyNames())
                .containsExactlyInAnyOrder("id", "outcome", "finished_at", "error");
        assertThat(key.at("/last_rotation/outcome").asString()).isEqualTo("completed");
        assertThat(key.at("/last_rotation/error").isNull()).isTrue();

        JsonNode secret = status.jsonOf("password");
        assertThat(secret.path("auth_type").asString()).isEqualTo("PASSWORD");
        assertThat(secret.get("fingerprint").isNull()).isTrue();
        assertThat(secret.get("last_rotation").isNull()).isTrue();
        assertThat(status.jsonOf("unmanaged").path("state").asString()).isEqualTo("unmanaged");
    }

    @Test
    void selectsByGlobAndLabel() {
        assertThat(keyturn.run("status", "--json", "rot*").json().size()).isEqualTo(1);
        assertThat(keyturn.run("status", "--json", "--label", "team=data")
                        .json()
                        .size())
                .isEqualTo(1);
    }

    @Test
    void tellsTheHistoryWithItsReason() {
        Ran text = keyturn.run("history", "rotated");
        Ran json = keyturn.run("history", "rotated", "--json");

        assertThat(text.out()).contains("rotated").contains("completed").contains("to have a history");
        JsonNode rotation = json.json().get(0);
        assertThat(rotation.path("outcome").asString()).isEqualTo("completed");
        assertThat(rotation.path("reason").asString()).isEqualTo("to have a history");
        assertThat(rotation.path("previous_fingerprint").asString()).isEqualTo(rotated.oldFingerprint());
        assertThat(rotation.path("steps").size()).isGreaterThan(5);
    }

    @Test
    void plansWhatIsDueWithinTheDays() {
        Ran none = keyturn.run("plan", "--days", "10", "--json");
        Ran some = keyturn.run("plan", "--days", "61", "--json");
        Ran table = keyturn.run("plan", "--days", "61");

        assertThat(none.status()).as(none::toString).isEqualTo(0);
        assertThat(none.json().size()).isEqualTo(0);
        assertThat(Stream.of("rotated", "password")).allSatisfy(name -> {
            Instant at = Instant.parse(some.jsonOf(name).path("at").asString());
            assertThat(Duration.between(Instant.now(), at)).isBetween(Duration.ofDays(59), Duration.ofDays(60));
        });
        assertThat(table.out()).contains("rotated").contains("every 60d").contains("unmanaged: never adopted");
    }

    @Test
    void printsThePlanAsACalendar() {
        Ran calendar = keyturn.run("plan", "--days", "61", "--ics");

        assertThat(calendar.status()).as(calendar::toString).isEqualTo(0);
        assertThat(calendar.out())
                .startsWith("BEGIN:VCALENDAR\r\n")
                .contains("SUMMARY:Rotate rotated")
                .endsWith("END:VCALENDAR\r\n");
    }

    @Test
    void saysWhyNothingIsRotatedNow() {
        Ran text = keyturn.run("why", "rotated", "unmanaged");
        Ran json = keyturn.run("why", "--all", "--json");

        assertThat(text.status()).as(text::toString).isEqualTo(0);
        assertThat(text.out())
                .contains("rotated: waits for schedule")
                .contains("unmanaged: is not rotated by itself: adopted")
                .contains("run keyturn adopt unmanaged");
        JsonNode schedule = json.jsonOf("rotated").path("gates").path(2);
        assertThat(schedule.path("gate").asString()).isEqualTo("schedule");
        assertThat(schedule.path("open").asBoolean()).isFalse();
        assertThat(Instant.parse(schedule.path("opens_at").asString())).isAfter(Instant.now());
        assertThat(keyturn.run("why", "nobody").status()).isEqualTo(2);
        Ran online = keyturn.run("why", "rotated", "unmanaged", "--online");
        assertThat(online.out())
                .containsPattern("preflight +open +- +host and Dromo would allow it")
                .containsPattern("preflight +closed +not by itself +not_adopted");
    }

    @Test
    void showsThePublicKeyThatIsInUse() {
        Ran key = keyturn.run("show-key", "rotated");
        Ran none = keyturn.run("show-key", "password");

        assertThat(key.status()).as(key::toString).isEqualTo(0);
        assertThat(key.out()).hasLineCount(1).startsWith("ssh-ed25519 AAAA");
        assertThat(ManagedAccount.fingerprint(key.out().strip()))
                .isEqualTo(rotated.inDromo().keyFingerprint());
        assertThat(none.status()).isEqualTo(1);
    }

    @Test
    void verifiesThreeWaysAndFindsDrift() {
        try (Installation checking = scene.installation().usualPolicies()) {
            ManagedAccount drifting = scene.withKey(NewAccount.shell("drifting"), KeyFiles.make("ed25519"));
            checking.manage(drifting, "keys", OWN);
            checking.adopt(drifting);
            Ran sound = checking.run("verify", "drifting");
            assertThat(sound.status()).as(sound::toString).isEqualTo(0);
            drifting.account().setKeys(KeyFiles.make("ed25519").publicLine());

            Ran drifted = checking.run("verify", "drifting", "--json");

            assertThat(drifted.status()).as(drifted::toString).isEqualTo(1);
            assertThat(drifted.jsonOf("drifting").path("sound").asBoolean()).isFalse();
            assertThat(drifting.oldLogin()).isEqualTo(Login.REFUSED);
            JsonNode status = checking.run("status", "--json").jsonOf("drifting");
            assertThat(status.path("state").asString()).isEqualTo("drifted");
            assertThat(Instant.parse(status.path("last_verified_at").asString()))
                    .isBefore(Instant.now());
            checking.assertAuditVerifies();
        }
    }

    @Test
    void showsTheAuditLogAndFindsAFlippedByte() throws IOException {
        Ran shown = keyturn.run("audit", "show");
        assertThat(shown.status()).as(shown::toString).isEqualTo(0);
        assertThat(shown.out()).contains("rotation.completed").contains("dromo.publish");
        keyturn.assertAuditVerifies();
        Path log = keyturn.audit().resolve("audit.jsonl");
        byte[] bytes = Files.readAllBytes(log);
        byte[] flipped = bytes.clone();
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("\"success\"") + 1;
        flipped[at] ^= 1;
        Files.write(log, flipped);

        Ran verified = keyturn.run("audit", "verify");

        Files.write(log, bytes);
        assertThat(verified.status()).as(verified::toString).isNotEqualTo(0);
        keyturn.assertAuditVerifies();
    }

    @Test
    void chainsTheAuditLogSoThatAnybodyCanCheckIt() throws IOException, GeneralSecurityException {
        List<JsonNode> records =
                new Ran(List.of(), 0, Files.readString(keyturn.audit().resolve("audit.jsonl")), "").jsonLines();
        List<String> lines = Files.readAllLines(keyturn.audit().resolve("audit.jsonl"));
        String previous = "0".repeat(64);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(records.get(i).path("seq").asInt()).isEqualTo(i + 1);
            assertThat(records.get(i).path("prev").asString()).isEqualTo(previous);
            previous = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(lines.get(i).getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(records.stream()
                        .filter(each -> each.path("credential").asString("").equals("rotated"))
                        .filter(each -> !each.path("event").asString().startsWith("credential."))
                        .map(each -> each.path("event").asString()
                                + (each.get("phase").isNull()
                                        ? ""
                                        : " " + each.path("phase").asString())))
                .containsExactly(
                        "rotation.started",
                        "rotation.preflight outcome",
                        "secret.generated",
                        "host.install intent",
                        "host.install outcome",
                        "host.prove outcome",
                        "dromo.publish intent",
                        "dromo.publish outcome",
                        "dromo.confirm outcome",
                        "host.withdraw intent",
                        "host.withdraw outcome",
                        "host.refuse outcome",
                        "rotation.completed");
    }
}
