package dev.keyturn.store;

import static dev.keyturn.store.TestStore.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.rotation.Actor;
import dev.keyturn.rotation.AuditAnchor;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.rotation.Lease;
import dev.keyturn.rotation.Pause;
import dev.keyturn.rotation.RotationState;
import dev.keyturn.rotation.RotationState.Kind;
import dev.keyturn.rotation.SampleRotations;
import dev.keyturn.rotation.SecretVersion;
import dev.keyturn.secret.LoginSecret;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores that another version of Keyturn wrote. */
final class FormatTest {
    private static final Optional<Pause> PAUSE =
            Optional.of(new Pause(NOW, Optional.empty(), Optional.of("a test"), Actor.cli(0, "root")));

    @TempDir
    Path temporary;

    private Path state;
    private Path file;

    @BeforeEach
    void restoreAStoreOfFormat1() throws Exception {
        state = Files.createDirectory(
                temporary.resolve("state"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        file = Files.createFile(
                state.resolve("keyturn.db"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (InputStream dump = Objects.requireNonNull(getClass().getResourceAsStream("/store/version-1.sql"))) {
            sql(new String(dump.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void bringsAnOlderStoreUpToDateWithAllThatIsInIt() throws Exception {
        for (int opened = 0; opened < 2; opened++) {
            try (SqliteJournal journal = TestStore.open(state)) {
                RotationState open = journal.open("acme").orElseThrow();
                assertThat(open.kind()).isEqualTo(Kind.PUBLISHING);
                assertThat(open.head().users()).isEmpty();
                assertThat(open.head().place()).isEmpty();
                assertSecret(journal, open.candidate().orElseThrow(), SampleRotations.keyPair("new key"));
                assertSecret(journal, current(journal, "acme"), SampleRotations.keyPair("old key"));
                assertSecret(journal, current(journal, "archive"), SampleRotations.password("old words"));
                assertThat(journal.facts("acme").orElseThrow().failuresInARow()).isEqualTo(1);
                Lease lease = journal.lease("acme", "after", NOW, Duration.ofHours(1));
                assertThat(lease.fence()).as("never goes down").isEqualTo(2 + opened);
                assertThat(journal.facts("acme").orElseThrow().pause())
                        .isEqualTo(opened == 0 ? Optional.empty() : PAUSE);
                journal.pause("acme", PAUSE.orElseThrow());
                journal.anchorTo(() -> new AuditAnchor(7, "hash"));
                journal.release(lease);
            }
            assertThat(version()).isEqualTo(Schema.VERSION);
        }
    }

    @Test
    void givesAnOlderStoreTheTablesOfANewOne() throws Exception {
        TestStore.open(state).close();
        String brought = tables();
        file = temporary.resolve("fresh").resolve("keyturn.db");
        TestStore.open(file.getParent()).close();

        assertThat(brought).contains("CREATE TABLE").isEqualTo(tables());
    }

    @Test
    void looksAtAnOlderStoreAndLeavesItAsItIs() throws Exception {
        try (SqliteJournal reader = SqliteJournal.openReadOnly(state)) {
            assertThat(reader.open("acme").orElseThrow().kind()).isEqualTo(Kind.PUBLISHING);
            assertThat(reader.facts("acme").orElseThrow().failuresInARow()).isEqualTo(1);
            assertThat(reader.history(Optional.of("acme"), 5)).isNotEmpty();
            assertThatThrownBy(() -> reader.firstSeen(java.util.List.of("beta"), NOW))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("open for reading only");
        }
        assertThat(version()).isEqualTo(1);

        TestStore.open(state).close();

        assertThat(version()).isEqualTo(Schema.VERSION);
    }

    @Test
    void leavesAnOlderStoreAloneWhereTheKeyIsRefused() throws Exception {
        assertThatThrownBy(() -> SqliteJournal.open(state, TestStore.key(2), NOW))
                .isInstanceOf(EncryptionKeyRefusedException.class);
        assertThat(version()).isEqualTo(1);
    }

    @Test
    void leavesAnOlderStoreAsItWasWhereItCantBeBroughtUpToDate() throws Exception {
        sql("CREATE VIEW audit_anchor AS SELECT 1");

        assertThatThrownBy(() -> TestStore.open(state))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(file.toString());
        assertThat(version()).isEqualTo(1);
    }

    @Test
    void refusesANewerStoreAndLeavesItAlone() throws Exception {
        int newer = Schema.VERSION + 1;
        sql("UPDATE keyturn_schema SET version = " + newer);

        for (var opening : java.util.List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                () -> TestStore.open(state), () -> SqliteJournal.openReadOnly(state))) {
            assertThatThrownBy(opening)
                    .isInstanceOf(StateRefusedException.class)
                    .hasMessageContaining(
                            "has format " + newer + ", this Keyturn knows formats up to " + Schema.VERSION)
                    .hasMessageContaining("Install that one again, or restore the backup");
        }
        assertThat(version()).isEqualTo(newer);
    }

    private static SecretVersion current(SqliteJournal journal, String credential) {
        return journal.facts(credential).flatMap(CredentialFacts::current).orElseThrow();
    }

    private static void assertSecret(SqliteJournal journal, SecretVersion stored, LoginSecret expected) {
        assertThat(stored).isEqualTo(SampleRotations.version(stored.id(), expected));
        try (LoginSecret secret = journal.secret(stored)) {
            boolean same = secret instanceof LoginSecret.Password password
                    ? password.value().sameAs(((LoginSecret.Password) expected).value())
                    : ((LoginSecret.KeyPair) secret).privateKey().sameAs(((LoginSecret.KeyPair) expected).privateKey());
            assertThat(same).isTrue();
        }
    }

    private void sql(String statements) throws Exception {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(statements);
        }
    }

    private int version() throws Exception {
        return Integer.parseInt(answer("SELECT version FROM keyturn_schema"));
    }

    /** Each table and index as it was made. */
    private String tables() throws Exception {
        return answer("SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master ORDER BY name)");
    }

    private String answer(String query) throws Exception {
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(query)) {
            return answer.getString(1);
        }
    }

    private Connection connection() throws Exception {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }
}
