package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.Login;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import dev.keyturn.sandbox.FaultyDisk;
import dev.keyturn.sandbox.FaultyDisk.Fault;
import dev.keyturn.sandbox.FaultyDisk.Place;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator sees of a full or failing disk; each single write and sync is in {@code StorageFaultsTest}. */
@RequiresSshd
class StorageFaultIT {

    private static final int NEVER = Integer.MAX_VALUE;

    @TempDir
    static Path directory;

    private static FaultyDisk disk;
    private static Scene scene;
    private static int number;

    private Installation keyturn;
    private ManagedAccount acme;

    @BeforeAll
    static void openScene() {
        disk = FaultyDisk.in(directory);
        scene = Scene.open();
    }

    @AfterAll
    static void closeScene() {
        scene.close();
    }

    @BeforeEach
    void install() {
        keyturn = scene.installation().policy("keys", "{secret: {type: ssh_key}, schedule: {cron: \"* * * * * ?\"}}");
        acme = scene.withKey(NewAccount.shell("disk-" + number++), KeyFiles.make("ed25519"));
        keyturn.manage(acme, "keys", "{method: authorized_keys}").adopt(acme);
        disk.environment().forEach(keyturn::environment);
    }

    @AfterEach
    void remove() {
        disk.mend();
        keyturn.close();
    }

    @ParameterizedTest
    @CsvSource({"FULL, STATE, 1", "FULL, AUDIT, 77", "FAILED_SYNC, STATE, 1", "FAILED_SYNC, AUDIT, 77"})
    void endsInTheMiddleAndIsSettledOnceTheDiskIsMended(Fault fault, Place place, int status) {
        disk.arm(fault, place, NEVER);
        assertThat(keyturn.run("rotate", acme.name()).status()).isZero();
        disk.arm(fault, place, disk.calls() * 2 / 3);

        Ran rotated = keyturn.run("rotate", acme.name());

        assertThat(disk.fired()).isTrue();
        assertThat(rotated.status()).as(rotated::toString).isEqualTo(status);
        assertThat(rotated.err())
                .contains(acme.name(), "valid now: ", "keyturn recover")
                .contains(place == Place.STATE ? "keyturn.db" : "audit.jsonl")
                .doesNotContain("\tat ");
        assertThat(acme.dromosLogin()).as("before anybody does anything").isEqualTo(Login.ACCEPTED);
        disk.mend();
        Ran recovered = keyturn.run("recover");
        assertThat(recovered.status()).as(recovered::toString).isZero();
        assertThat(acme.dromosLogin()).isEqualTo(Login.ACCEPTED);
        keyturn.assertAuditVerifies();
    }

    @Test
    void endsTheDaemonWhereASyncFails() {
        disk.arm(Fault.FAILED_SYNC, Place.AUDIT, 8);
        try (Running daemon = keyturn.start("run")) {
            Ran ended = daemon.ended();

            assertThat(ended.status()).as(ended::toString).isEqualTo(77);
            assertThat(ended.err()).contains("nothing more is changed", "keyturn recover");
        }
        disk.mend();
        assertThat(keyturn.run("recover").status()).isZero();
        assertThat(acme.dromosLogin()).isEqualTo(Login.ACCEPTED);
    }
}
