package dev.keyturn.store;

import static dev.keyturn.rotation.SampleRotations.entry;
import static dev.keyturn.rotation.SampleRotations.head;
import static dev.keyturn.rotation.SampleRotations.password;
import static dev.keyturn.store.TestStore.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.rotation.Lease;
import dev.keyturn.rotation.RotationState.Started;
import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import dev.keyturn.secret.SecretUnavailableException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the store refuses when it is opened, and how it looks on the disk. */
final class RefusalTest {
    @TempDir
    Path temporary;

    private Path state;

    @BeforeEach
    void makeAStore() throws Exception {
        state = temporary.resolve("state");
        TestStore.open(state).close();
    }

    @Test
    void refusesAnotherKeyAndNamesItsReference() throws Exception {
        assertThatThrownBy(() -> SqliteJournal.open(state, TestStore.key(2), NOW))
                .isInstanceOf(EncryptionKeyRefusedException.class)
                .hasMessageContaining("credential 'keyturn-key'")
                .hasMessageContaining("nothing was changed");
        TestStore.open(state).close();
    }

    @Test
    void refusesAKeyThatOnlyClaimsToBeTheRightOne() throws Exception {
        String claimed = EncryptionKey.load(TestStore.key(2)).id();
        sql("PRAGMA foreign_keys = OFF", "UPDATE encryption_key SET id = '" + claimed + "'");

        assertThatThrownBy(() -> SqliteJournal.open(state, TestStore.key(2), NOW))
                .isInstanceOf(EncryptionKeyRefusedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "keyturn-key-v1:",
                "keyturn-key-v1:AQEBAQEBAQEBAQEBAQEBAQ==",
                "keyturn-key-v1:%%%SECRETPART%%%",
                "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
            })
    void refusesAMalformedKeyWithoutQuotingIt(String text) {
        assertThatThrownBy(() -> SqliteJournal.open(temporary.resolve("other"), TestStore.text(text), NOW))
                .isInstanceOf(EncryptionKeyRefusedException.class)
                .hasMessageContaining("credential 'keyturn-key'")
                .hasMessageContaining("keyturn init-key")
                .hasMessageNotContaining("SECRETPART")
                .hasMessageNotContaining("AQEB");
        assertThat(temporary.resolve("other")).doesNotExist();
    }

    @Test
    void refusesAKeyThatCantBeRead() {
        SecretSource missing = new SecretSource() {
            @Override
            public Secret load() throws SecretUnavailableException {
                throw new SecretUnavailableException("credential 'keyturn-key' does not exist");
            }

            @Override
            public String describe() {
                return "credential 'keyturn-key'";
            }
        };

        assertThatThrownBy(() -> SqliteJournal.open(state, missing, NOW))
                .isInstanceOf(EncryptionKeyRefusedException.class)
                .hasMessageContaining("credential 'keyturn-key' does not exist");
    }

    @Test
    void makesAKeyThatOpensAStoreAndNeverOverwritesOne() throws Exception {
        Path file = temporary.resolve("key");
        EncryptionKey.write(file);
        byte[] written = Files.readAllBytes(file);

        assertThat(new String(written, java.nio.charset.StandardCharsets.US_ASCII))
                .matches("keyturn-key-v1:[A-Za-z0-9+/]{43}=\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        SqliteJournal.open(temporary.resolve("new"), TestStore.text(Files.readString(file)), NOW)
                .close();
        assertThatThrownBy(() -> EncryptionKey.write(file)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(Files.readAllBytes(file)).isEqualTo(written);
    }

    @Test
    void isOpenToItsOwnerAlone() throws Exception {
        try (SqliteJournal journal = TestStore.open(state)) {
            journal.firstSeen(List.of("acme"), NOW);
            assertThat(mode(state)).isEqualTo("rwx------");
            try (Stream<Path> files = Files.list(state)) {
                assertThat(files.toList())
                        .hasSizeGreaterThanOrEqualTo(3)
                        .allSatisfy(file ->
                                assertThat(mode(file)).as(file.toString()).isEqualTo("rw-------"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "keyturn.db", "lock"})
    void refusesWhatOthersMayReadWithTheCommandThatMendsIt(String name) throws Exception {
        Path open = state.resolve(name);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-----"));

        assertThatThrownBy(() -> TestStore.open(state))
                .isInstanceOf(StateRefusedException.class)
                .hasMessageContaining("chmod go= " + state);
        assertThatThrownBy(() -> SqliteJournal.openReadOnly(state)).isInstanceOf(StateRefusedException.class);
    }

    @Test
    void saysWhichProcessHasTheDirectory() throws Exception {
        try (SqliteJournal journal = TestStore.open(state)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> TestStore.open(state))
                        .isInstanceOf(BusyException.class)
                        .hasMessageContaining("pid " + ProcessHandle.current().pid() + " on ")
                        .hasMessageContaining(" since " + NOW)
                        .hasMessageContaining("(keyturn");
            }
            journal.firstSeen(List.of("acme"), NOW);
        }
        TestStore.open(state).close();
    }

    @Test
    void canBeReadBesideTheWriterWithoutAKey() throws Exception {
        Started started = new Started(head("acme", Optional.empty()));
        try (SqliteJournal writer = TestStore.open(state);
                SqliteJournal reader = SqliteJournal.openReadOnly(state)) {
            Lease lease = writer.lease("acme", "h", NOW, Duration.ofHours(1));
            writer.write(lease, entry(started, NOW));

            assertThat(reader.open("acme")).contains(started);
            assertThat(reader.history(Optional.empty(), 9)).hasSize(1);
            assertThat(reader.facts()).hasSize(1);
            assertThatThrownBy(() -> reader.firstSeen(List.of("x"), NOW))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("reading only");
            assertThatThrownBy(() -> reader.secret(dev.keyturn.rotation.SampleRotations.version("v", password("x"))))
                    .isInstanceOf(JournalException.class);
        }
        try (SqliteJournal alone = SqliteJournal.openReadOnly(state)) {
            assertThat(alone.open("acme")).contains(started);
        }
    }

    @Test
    void looksEmptyWhereThereIsNoStoreYet() throws Exception {
        Path nowhere = temporary.resolve("nowhere");
        try (SqliteJournal reader = SqliteJournal.openReadOnly(nowhere)) {
            assertThat(reader.facts()).isEmpty();
            assertThat(reader.open()).isEmpty();
        }
        assertThat(nowhere).doesNotExist();
    }

    private void sql(String... statements) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + state.resolve("keyturn.db"));
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private static String mode(Path path) throws java.io.IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
