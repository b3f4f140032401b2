package dev.keyturn.killmatrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An oracle that finds nothing proves nothing: here everything it looks for is wrong, one thing at a time. */
@Tag("exhaustive")
class OracleIT {
    private static Program program;
    private static Mortal keyturn;
    private static Logins logins;
    private World world;
    private Before before;

    @BeforeAll
    static void open() {
        program = new Program();
        keyturn = Mortal.start(program);
        logins = new Logins();
    }

    @AfterAll
    static void close() {
        logins.close();
        keyturn.close();
        program.close();
    }

    @BeforeEach
    void rotateAKey() {
        rotate("key, authorized_keys");
    }

    private void rotate(String kind) {
        world = World.open(
                keyturn,
                Kind.ALL.stream()
                        .filter(each -> each.name().equals(kind))
                        .findFirst()
                        .orElseThrow(),
                false);
        before = world.before();
        keyturn.mustRun(world, "rotate acme");
    }

    @AfterEach
    void closeWorld() {
        world.close();
    }

    private List<String> violations(int recoveryStatus) {
        Oracle oracle = new Oracle(world, logins);
        oracle.isSettled(recoveryStatus);
        oracle.nothingIsLeftBehind(before);
        return oracle.violations();
    }

    @Test
    void hasNothingToSayOfARotationThatWentWell() {
        assertThat(violations(0)).isEmpty();
        assertThat(violations(1)).containsExactly("recover ended with 1");
    }

    @Test
    void seesAKeyThatWasLeftBehindOnTheHost() {
        world.addKeyLine(KeyFiles.make("ed25519").publicLine());

        assertThat(violations(0))
                .contains("a key on the host is not in the store")
                .anyMatch(v -> v.contains("keys on"));
    }

    @Test
    void seesThatTheOldKeyStillLogsIn() throws IOException {
        world.addKeyLine(Files.readString(world.directory().resolve("old.pub")));

        assertThat(violations(0)).contains("the old credential still logs in");
    }

    @Test
    void seesThatDromoWasStranded() {
        String stranger = new String(KeyFiles.make("ed25519").privateKey(), java.nio.charset.StandardCharsets.US_ASCII);
        world.putIntoDromo(stranger);

        assertThat(violations(0)).contains("Dromo's key is not in the store", "Dromo's credential does not log in");
    }

    @Test
    void seesALostSecretAndAnOpenRotation() throws SQLException {
        change("UPDATE rotation SET finished_at = NULL, state = 'INSTALLING'");
        change("DELETE FROM secret");

        assertThat(violations(0)).contains("a rotation is still open", "Dromo's key is not in the store");
    }

    @Test
    void seesABrokenChainAndAnIntentThatNobodyAnswered() throws IOException {
        List<String> lines = Files.readAllLines(world.audit());
        lines.removeIf(line -> line.contains("\"dromo.publish\"") && line.contains("\"outcome\":\"success\""));
        Files.write(world.audit(), lines);

        assertThat(violations(0))
                .anyMatch(violation -> violation.contains("does not follow"))
                .anyMatch(violation -> violation.contains("neither outcome nor recovery"));
    }

    @Test
    void seesThatTheIdleAccountsPasswordIsLost() {
        rotateAlternating();
        world.putPasswordOnHost(World.USER, "A-stranger-s-password-1");

        Oracle oracle = new Oracle(world, logins);
        oracle.turnsAreApart(before);
        oracle.nothingIsLost();

        assertThat(oracle.violations())
                .containsExactly(
                        "the account that Dromo has just left was changed in its overlap",
                        "the host's password of acme is not in the store");
    }

    @Test
    void seesThatTheFormerPasswordOfTheAccountInUseIsBack() {
        rotateAlternating();
        assertThat(violations(0)).isEmpty();
        world.putPasswordOnHost(
                World.OTHER_USER, Objects.requireNonNull(before.passwords().get(World.OTHER_USER)));

        assertThat(violations(0))
                .contains(
                        "Dromo's credential does not log in",
                        "host and Dromo have different passwords",
                        "the old credential still logs in");
    }

    @Test
    void seesThatTheStoreHasTheOtherUserInUse() throws SQLException {
        rotateAlternating();
        change("UPDATE credential SET active_user = '" + World.USER + "'");

        assertThat(violations(0)).containsExactly("the secret in use in the store is not Dromo's");
    }

    @Test
    void seesAnAbandonedRotationThatWentOnAndAPartnerWhoIsStillAsked() throws SQLException {
        change("UPDATE rotation SET finished_at = NULL, state = 'AWAITING_WITHDRAWAL'");

        Oracle oracle = new Oracle(world, logins);
        oracle.isSettled(0);
        oracle.wentBack(before);

        assertThat(oracle.violations())
                .containsExactly("a rotation is still open", "a rotation that was given up went on");
    }

    private void rotateAlternating() {
        world.close();
        rotate("password, alternate chpasswd");
    }

    private void change(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + world.database());
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
