package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.sandbox.DromoCredential;
import dev.keyturn.sandbox.DromoFault;
import dev.keyturn.sandbox.DromoStandIn;
import dev.keyturn.sandbox.HostStep;
import dev.keyturn.sandbox.SftpAccount;
import dev.keyturn.sandbox.SftpFault;
import dev.keyturn.sandbox.SftpStandIn;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Two accounts that take turns, on stand-ins that fail: whatever happens, Dromo logs in, and the next turn succeeds. */
class AlternateFaultsIT {
    private static final String INSTALL = "{method: chpasswd, as: {user: admin, private_key: {file: admin-key}}}";

    private static SftpStandIn host;
    private static DromoStandIn dromo;
    private static Installation keyturn;
    private static String dromoId;
    private static Map<String, SftpAccount> accounts;

    private static final Map<String, Runnable> FAULTS = Map.of(
            "PUT taken, answer lost", () -> dromo.faults().onNext(DromoCall.PUT, DromoFault.resetAfter()),
            "PUT lost", () -> dromo.faults().onNext(DromoCall.PUT, DromoFault.resetBefore()),
            "PUT answered and forgotten", () -> dromo.faults().onNext(DromoCall.PUT, DromoFault.lostWrite()),
            "PUT answered with another user", () -> dromo.faults().onNext(DromoCall.PUT, DromoFault.wrongUser()),
            "stale GET after the PUT", () -> dromo.faults().after(1, DromoCall.RETRIEVE, DromoFault.staleRead()),
            "Dromo can't log in", () -> dromo.faults().onNext(2, DromoCall.TEST_CONNECTION, DromoFault.testFails("x")),
            "chpasswd done, connection cut", () -> host.faults().onNext(SftpFault.resetAfter(HostStep.PASSWORD)),
            "chpasswd not done, connection cut", () -> host.faults().onNext(SftpFault.resetBefore(HostStep.PASSWORD)));

    @BeforeAll
    static void open() throws Exception {
        host = SftpStandIn.start();
        dromo = DromoStandIn.start();
        KeyFiles administrator = KeyFiles.make("ed25519");
        host.account("admin").withKey(administrator.publicLine()).asAdministrator();
        accounts = Map.of(
                "first", host.account("first").withPassword("words-of-the-first"),
                "second", host.account("second").withPassword("words-of-the-second"));
        dromoId = dromo.seed(DromoCredential.ofPassword(host.hostname(), host.port(), "first", "words-of-the-first"));
        keyturn = new Installation(dromo).policy("turns", "{secret: {type: password}}");
        keyturn.secretFile("admin-key", administrator.privateKey());
        keyturn.credential(
                "acme",
                "{policy: turns, dromo_id: " + dromoId + ", host: {hostname: " + host.hostname() + ", port: "
                        + host.port() + ", host_key: \"" + host.hostKeyFingerprint() + "\"}, install: " + INSTALL
                        + ", alternate: {users: [first, second]}}");
        String file = keyturn.secretFile("first", "words-of-the-first").toString();
        Ran adopted = keyturn.run("adopt", "acme", "--password-file", file);
        assertThat(adopted.status()).as(adopted::toString).isEqualTo(0);
    }

    @AfterAll
    static void close() throws Exception {
        keyturn.assertAuditVerifies();
        keyturn.close();
        dromo.close();
        host.close();
    }

    @BeforeEach
    void heal() {
        dromo.faults().clear();
        host.faults().clear();
    }

    static Stream<String> faults() {
        return FAULTS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void neverStrandsDromo(String fault) {
        String user = dromo.stored(dromoId).user();
        String untouched = Objects.requireNonNull(accounts.get(user)).password();
        Objects.requireNonNull(FAULTS.get(fault)).run();

        Ran rotated = keyturn.run("rotate", "acme", "--json");

        assertThat(dromo.faults().pending() + host.faults().pending())
                .as("the fault struck: " + rotated)
                .isZero();
        assertThat(Objects.requireNonNull(accounts.get(user)).password())
                .as("the account that Dromo used is untouched")
                .isEqualTo(untouched);
        assertDromoLogsIn(rotated);
        String outcome = rotated.jsonOf("acme").path("outcome").asString();
        assertThat(outcome).as(rotated::toString).isIn("completed", "rolled_back");
        assertThat(dromo.stored(dromoId).user().equals(user))
                .as("Dromo's user, " + outcome)
                .isEqualTo(outcome.equals("rolled_back"));
        heal();
        assertTurn();
    }

    @Test
    void takesTurns() {
        assertTurn();
        assertTurn();
    }

    private static void assertTurn() {
        String before = dromo.stored(dromoId).user();

        Ran rotated = keyturn.run("rotate", "acme", "--json");

        JsonNode result = rotated.jsonOf("acme");
        assertThat(result.path("outcome").asString()).as(rotated::toString).isEqualTo("completed");
        assertThat(dromo.stored(dromoId).user()).isNotEqualTo(before);
        assertDromoLogsIn(rotated);
    }

    private static void assertDromoLogsIn(Ran ran) {
        DromoCredential stored = dromo.stored(dromoId);
        assertThat(stored.password())
                .as("what Dromo holds of " + stored.user() + " after " + ran)
                .isEqualTo(Objects.requireNonNull(accounts.get(stored.user())).password());
    }
}
