package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Each kind of new key, from each kind of old key, in each layout: all rotated by one command, judged one by one. */
@RequiresSshd
class KeyRotationIT {

    private static final KeyFiles ADMINISTRATOR = KeyFiles.make("ed25519");
    private static final String OTHER = KeyFiles.make("ed25519").publicLine();
    private static final String COMMENT = "# kept by hand";
    private static final Map<String, String> TYPES =
            Map.of("ed25519", "ssh-ed25519", "ecdsa-256", "ecdsa-sha2-nistp256", "rsa-3072", "ssh-rsa");

    /** @param from as ssh-keygen calls the old key's algorithm */
    private record Case(String layout, String from, String to) {
        String name() {
            return layout + "-" + from + "-" + to;
        }

        @Override
        public String toString() {
            return name();
        }

        NewAccount account() {
            NewAccount account = switch (layout) {
                case "above" -> NewAccount.chrootedAboveHome(name());
                case "athome" -> NewAccount.chrootedAtHome(name());
                default -> NewAccount.shell(name());
            };
            return account.withKey(OTHER, COMMENT);
        }

        String install(ManagedAccount managed) {
            return switch (layout) {
                case "other" ->
                    "{method: authorized_keys, path: " + managed.account().keysOnServer()
                            + ", as: {user: keyadmin, private_key: {file: admin-key}}}";
                case "above" ->
                    "{method: authorized_keys, path: " + managed.account().keysInSession() + "}";
                default -> "{method: authorized_keys}";
            };
        }
    }

    private static Scene scene;
    private static Installation keyturn;
    private static Ran rotated;
    private static final Map<String, ManagedAccount> ACCOUNTS = new LinkedHashMap<>();

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String layout : List.of("self", "other", "above", "athome")) {
            for (String from : List.of("ed25519", "rsa")) {
                TYPES.keySet().stream()
                        .sorted()
                        // Making an RSA key takes seconds; where it goes doesn't depend on what it replaces.
                        .filter(to -> !to.startsWith("rsa") || from.equals("ed25519") || layout.equals("self"))
                        .forEach(to -> cases.add(new Case(layout, from, to)));
            }
        }
        return cases;
    }

    @BeforeAll
    static void rotateAll() {
        scene = Scene.open();
        keyturn = scene.installation();
        scene.sshd().add(NewAccount.keyAdministrator("keyadmin").withKey(ADMINISTRATOR.publicLine()));
        keyturn.secretFile("admin-key", ADMINISTRATOR.privateKey());
        TYPES.keySet().forEach(to -> keyturn.policy(to, "{secret: {type: ssh_key, algorithm: " + to + "}}"));
        Map<String, KeyFiles> old = Map.of("ed25519", KeyFiles.make("ed25519"), "rsa", KeyFiles.make("rsa"));
        for (Case each : cases()) {
            ManagedAccount managed = scene.withKey(each.account(), old.get(each.from));
            ACCOUNTS.put(each.name(), managed);
            keyturn.manage(managed, each.to, each.install(managed));
        }
        keyturn.adopt(ACCOUNTS.values().stream()
                .filter(managed -> !managed.name().startsWith("other-"))
                .toArray(ManagedAccount[]::new));
        rotated = keyturn.run("rotate", "--all", "--json", "--reason", "end to end");
    }

    @AfterAll
    static void close() {
        keyturn.close();
        scene.close();
    }

    @Test
    void reportsAllAsDone() {
        assertThat(rotated.status()).as(rotated::toString).isEqualTo(0);
        assertThat(rotated.jsonLines()).hasSize(ACCOUNTS.size());
        keyturn.assertAuditVerifies();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void changesTheKeyAndNothingElse(Case each) throws IOException {
        ManagedAccount managed = ACCOUNTS.get(each.name());
        JsonNode result = rotated.jsonOf(each.name());

        managed.assertRotated();
        assertThat(managed.foreignLines()).containsExactly(OTHER, COMMENT);
        assertThat(managed.rawLines()).hasSize(3);
        assertThat(managed.currentLine()).startsWith(TYPES.get(each.to) + " AAAA");
        assertThat(Files.getAttribute(managed.account().authorizedKeys(), "unix:uid"))
                .isEqualTo(managed.account().uid());
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(managed.account().authorizedKeys())))
                .isEqualTo("rw-------");
        try (Stream<Path> beside = Files.list(managed.account().authorizedKeys().getParent())) {
            assertThat(beside.map(path -> path.getFileName().toString())).containsExactly("authorized_keys");
        }

        assertThat(result.path("outcome").asString()).isEqualTo("completed");
        assertThat(result.path("auth_type").asString()).isEqualTo("KEY");
        assertThat(result.path("fingerprint").asString())
                .isEqualTo(managed.inDromo().keyFingerprint());
        assertThat(result.path("previous_fingerprint").asString()).isEqualTo(managed.oldFingerprint());
        assertThat(result.path("rotation").asString()).isNotEmpty();
        assertThat(result.path("duration_ms").isNumber()).isTrue();
        assertThat(result.has("error") && result.get("error").isNull()).isTrue();
    }
}
