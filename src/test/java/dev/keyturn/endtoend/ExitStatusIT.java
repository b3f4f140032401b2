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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The exit statuses that scripts and systemd act on; 0 and 1 are in the other suites. */
@RequiresSshd
class ExitStatusIT {

    private static Scene scene;
    private static int number;

    private Installation keyturn;
    private ManagedAccount acme;

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
        keyturn = scene.installation().policy("keys", "{secret: {type: ssh_key}, schedule: {every: 60d}}");
        acme = scene.withKey(NewAccount.shell("acme-" + number++), KeyFiles.make("ed25519"));
        keyturn.manage(acme, "keys", "{method: authorized_keys}");
    }

    @AfterEach
    void remove() {
        keyturn.close();
    }

    @Test
    void is2ForWrongUsageAndUnknownNames() {
        assertThat(keyturn.run("rotaet").status()).isEqualTo(2);
        assertThat(keyturn.run("rotate").status()).isEqualTo(2);
        assertThat(keyturn.run("rotate", "--all", acme.name()).status()).isEqualTo(2);
        assertThat(keyturn.run("plan", "--days", "many").status()).isEqualTo(2);
        Ran unknown = keyturn.run("rotate", "acmee");
        assertThat(unknown.status()).as(unknown::toString).isEqualTo(2);
        assertThat(unknown.err()).contains("acmee").contains(acme.name()).doesNotContain("\tat ");
        assertThat(keyturn.run("adopt", acme.name()).status()).isEqualTo(2);
    }

    @Test
    void is0ForHelp() {
        Ran help = keyturn.run("rotate", "--help");

        assertThat(help.status()).isEqualTo(0);
        assertThat(help.out()).contains("Usage: keyturn rotate").contains("--reason");
    }

    @Test
    void is75WhileAnotherProcessHoldsTheState() {
        keyturn.adopt(acme);
        try (Running daemon = keyturn.start("run")) {
            daemon.until("it says something", () -> !daemon.out().isBlank());

            Ran accepted = keyturn.run("audit", "accept-loss", "--reason", "none was lost");

            assertThat(accepted.status()).as(accepted::toString).isEqualTo(75);
            assertThat(accepted.err())
                    .contains(String.valueOf(daemon.handle().pid()))
                    .contains("stop it for this command");
            Ran status = keyturn.run("status", "--json");
            assertThat(status.status()).as(status::toString).isEqualTo(0);
            assertThat(status.jsonOf(acme.name()).path("state").asString()).isEqualTo("current");
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }
    }

    @Test
    void is77ForAnotherEncryptionKey() throws IOException {
        keyturn.adopt(acme);
        List<String> before = acme.account().keys();
        Files.delete(keyturn.encryptionKey());
        assertThat(keyturn.run("init-key", keyturn.encryptionKey().toString()).status())
                .isEqualTo(0);

        Ran rotated = keyturn.run("rotate", acme.name());

        assertThat(rotated.status()).as(rotated::toString).isEqualTo(77);
        assertThat(rotated.err()).contains("encryption").doesNotContain("\tat ");
        acme.assertAsBefore(before);
    }

    @Test
    void is77WhereTheAuditLogCanNotBeWritten() throws IOException {
        keyturn.adopt(acme);
        List<String> before = acme.account().keys();
        int puts = scene.dromo().requests(DromoCall.PUT).size();
        Path file = keyturn.secretFile("a-regular-file", "");
        keyturn.auditIn(file.resolve("below"));

        Ran rotated = keyturn.run("rotate", acme.name());

        assertThat(rotated.status()).as(rotated::toString).isEqualTo(77);
        assertThat(rotated.err()).contains("audit").contains(file.toString()).doesNotContain("\tat ");
        assertThat(scene.dromo().requests(DromoCall.PUT)).hasSize(puts);
        acme.assertAsBefore(before);
    }

    @Test
    void is78ForAnInvalidConfigurationAndNamesEveryPlace() throws IOException {
        Files.writeString(keyturn.configuration(), """
                version: 1
                dromo:
                  url: http://dromo.example/api/v1
                  license_key: in-the-clear
                state: {encryption_key: {file: encryption-key}}
                policies:
                  keys: {secret: {type: ssh_key, algorithm: ed25591}, schedule: {evry: 60d}}
                """);

        Ran checked = keyturn.run("check");
        Ran rotated = keyturn.run("rotate", "--all");

        assertThat(rotated.status()).as(rotated::toString).isEqualTo(78);
        assertThat(checked.status()).as(checked::toString).isEqualTo(78);
        String file = keyturn.configuration().toString();
        assertThat(checked.err().lines())
                .anySatisfy(line -> assertThat(line).startsWith(file + ":3:8: dromo.url: "))
                .anySatisfy(line -> assertThat(line).startsWith(file + ":4:16: dromo.license_key: "))
                .anySatisfy(line -> assertThat(line)
                        .startsWith(file + ":7:45: policies.keys.secret.algorithm: ")
                        .contains("did you mean 'ed25519'"))
                .anySatisfy(line -> assertThat(line)
                        .contains(":7:")
                        .contains("policies.keys.schedule")
                        .contains("did you mean 'every'"));
        assertThat(checked.err()).doesNotContain("in-the-clear");
    }

    @Test
    void is78WhereThereIsNoConfiguration() throws IOException {
        Files.delete(keyturn.configuration());

        Ran checked = keyturn.run("check");

        assertThat(checked.status()).as(checked::toString).isEqualTo(78);
        assertThat(checked.err()).contains(keyturn.configuration().toString()).doesNotContain("\tat ");
    }

    @Test
    void neverOverwritesAnEncryptionKey() throws IOException {
        byte[] before = Files.readAllBytes(keyturn.encryptionKey());

        Ran again = keyturn.run("init-key", keyturn.encryptionKey().toString());

        assertThat(again.status()).as(again::toString).isNotEqualTo(0);
        assertThat(Files.readAllBytes(keyturn.encryptionKey())).isEqualTo(before);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyturn.encryptionKey())))
                .isEqualTo("rw-------");
    }

    @Test
    void keepsStateAndAuditLogPrivate() throws IOException {
        keyturn.adopt(acme);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyturn.state())))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.walk(keyturn.state())) {
            assertThat(files.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(keyturn.audit().resolve("audit.jsonl"))))
                .isEqualTo("rw-r-----");
        Files.setPosixFilePermissions(keyturn.state(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Ran refused = keyturn.run("rotate", acme.name());
        assertThat(refused.status()).as(refused::toString).isNotEqualTo(0);
        assertThat(refused.err()).contains("chmod");
    }
}
