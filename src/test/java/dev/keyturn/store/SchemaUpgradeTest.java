package dev.keyturn.store;

import static dev.keyturn.rotation.SampleRotations.password;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.RotationState;
import dev.keyturn.rotation.SecretVersion;
import dev.keyturn.secret.LoginSecret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that version 1 of the format left behind, with an adopted password and an open rotation of it: taken from such
 * a store, as an SQL dump.
 */
class SchemaUpgradeTest {
    @TempDir
    Path temporary;

    private Path state;

    @BeforeEach
    void leaveAStoreOfVersion1() throws Exception {
        state = temporary.resolve("state");
        Files.createDirectory(state, owner("rwx------"));
        Files.createFile(database(state), owner("rw-------"));
        String dump = Files.readString(Path.of("src/test/resources/store/state-1.sql"));
        try (Connection connection = connect(state);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(dump);
        }
    }

    @Test
    void readsAllThatVersion1Wrote() throws Exception {
        try (SqliteJournal journal = TestStore.open(state)) {
            CredentialFacts facts = journal.facts("acme").orElseThrow();
            SecretVersion current = facts.current().orElseThrow();
            assertThat(facts.user()).isEmpty();
            try (LoginSecret stored = journal.secret(current)) {
                assertThat(stored.sameAs(password("of version 1"))).isTrue();
            }
            RotationState open = journal.open("acme").orElseThrow();
            assertThat(open.kind()).isEqualTo(RotationState.Kind.INSTALLING);
            assertThat(open.head().previous()).contains(current);
            assertThat(open.head().users()).isEmpty();
            assertThat(open.head().replaced()).isEmpty();
            try (LoginSecret candidate = journal.secret(open.candidate().orElseThrow())) {
                assertThat(candidate.sameAs(password("candidate of version 1"))).isTrue();
            }
            assertThat(journal.history(Optional.of("acme"), 9)).hasSize(1);
            assertThat(journal.secretsOf("acme", "dromo")).isEmpty();
        }
    }

    @Test
    void hasTheTablesOfANewStoreAfterwards() throws Exception {
        TestStore.open(state).close();
        Path fresh = temporary.resolve("fresh");
        TestStore.open(fresh).close();

        assertThat(tables(state)).isEqualTo(tables(fresh));
        assertThat(version()).isEqualTo(Schema.VERSION);
    }

    @Test
    void leavesItAsItIsWhereItMayOnlyLook() throws Exception {
        assertThatThrownBy(() -> SqliteJournal.openReadOnly(state))
                .isInstanceOf(StateRefusedException.class)
                .hasMessageContaining("keyturn recover");

        assertThat(version()).isEqualTo(1);
    }

    @Test
    void leavesItAsItIsWhereTheKeyIsAnother() throws Exception {
        assertThatThrownBy(() -> SqliteJournal.open(state, TestStore.key(2), TestStore.NOW))
                .isInstanceOf(EncryptionKeyRefusedException.class);

        assertThat(version()).isEqualTo(1);
    }

    private int version() throws Exception {
        return Integer.parseInt(text(state, "SELECT version FROM keyturn_schema"));
    }

    /** Every table and index as it was made. */
    private static String tables(Path state) throws Exception {
        return text(state, "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master ORDER BY name)");
    }

    private static String text(Path state, String query) throws Exception {
        try (Connection connection = connect(state);
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(query)) {
            return results.getString(1);
        }
    }

    private static Connection connect(Path state) throws Exception {
        return DriverManager.getConnection("jdbc:sqlite:" + database(state));
    }

    private static Path database(Path state) {
        return state.resolve("keyturn.db");
    }

    private static FileAttribute<?> owner(String mode) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
    }
}
