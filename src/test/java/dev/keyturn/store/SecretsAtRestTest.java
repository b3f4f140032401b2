package dev.keyturn.store;

import static dev.keyturn.rotation.SampleRotations.entry;
import static dev.keyturn.rotation.SampleRotations.head;
import static dev.keyturn.rotation.SampleRotations.keyPair;
import static dev.keyturn.rotation.SampleRotations.password;
import static dev.keyturn.rotation.SampleRotations.storing;
import static dev.keyturn.rotation.SampleRotations.version;
import static dev.keyturn.store.TestStore.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.rotation.JournalEntry;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.rotation.Lease;
import dev.keyturn.rotation.RotationState.Generated;
import dev.keyturn.rotation.SecretVersion;
import dev.keyturn.secret.LoginSecret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No secret in the clear in any file, and no row that opens in another's place. */
final class SecretsAtRestTest {
    private static final SecretVersion ACME = version("v-acme", keyPair("CANARY-acme"));
    private static final SecretVersion BETA = version("v-beta", keyPair("CANARY-beta"));

    @TempDir
    Path temporary;

    private Path state;

    @BeforeEach
    void storeTwoKeys() throws Exception {
        state = temporary.resolve("state");
        try (SqliteJournal journal = TestStore.open(state)) {
            store(journal, "acme", ACME, keyPair("CANARY-acme"));
            store(journal, "beta", BETA, keyPair("CANARY-beta"));
        }
    }

    private static Generated store(SqliteJournal journal, String credential, SecretVersion version, LoginSecret secret)
            throws Exception {
        Generated state = new Generated(head(credential, Optional.empty()), version);
        write(journal, credential, storing(state, NOW, secret));
        return state;
    }

    private static void write(SqliteJournal journal, String credential, JournalEntry entry) throws Exception {
        Lease lease = journal.lease(credential, "h", NOW, Duration.ofHours(1));
        journal.write(lease, entry);
        journal.release(lease);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE secret SET ciphertext = (SELECT s.ciphertext FROM secret s WHERE s.id = 'v-beta'),"
                        + " nonce = (SELECT s.nonce FROM secret s WHERE s.id = 'v-beta'),"
                        + " public_key = (SELECT s.public_key FROM secret s WHERE s.id = 'v-beta') WHERE id = 'v-acme'",
                "UPDATE secret SET credential = 'beta' WHERE id = 'v-acme'",
                "UPDATE secret SET auth_type = 'PASSWORD' WHERE id = 'v-acme'",
                "UPDATE secret SET auth_type = 'PASSWORD', public_key = NULL WHERE id = 'v-acme'",
                "UPDATE secret SET public_key = (SELECT s.public_key FROM secret s WHERE s.id = 'v-beta')"
                        + " WHERE id = 'v-acme'",
                "UPDATE secret SET nonce = (SELECT s.nonce FROM secret s WHERE s.id = 'v-beta') WHERE id = 'v-acme'"
            })
    void opensNoRowThatWasMovedOrChanged(String tampering) throws Exception {
        sql(tampering);

        try (SqliteJournal journal = TestStore.open(state)) {
            assertThatThrownBy(() -> journal.secret(ACME))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("v-acme")
                    .hasMessageNotContaining("CANARY");
            journal.secret(BETA).close();
        }
    }

    @Test
    void opensNoSecretUnderAnothersVersion() throws Exception {
        try (SqliteJournal journal = TestStore.open(state)) {
            SecretVersion wrong = new SecretVersion("v-acme", BETA.authType(), BETA.fingerprint());
            assertThatThrownBy(() -> journal.secret(wrong)).isInstanceOf(JournalException.class);
        }
    }

    @Test
    void writesNoSecretInTheClearAnywhere() throws Exception {
        try (SqliteJournal journal = TestStore.open(state)) {
            LoginSecret handed = password("CANARY-handed-over");
            Lease lease = journal.lease("delta", "h", NOW, Duration.ofHours(1));
            journal.adopt(lease, "delta", version("a", handed), handed, Optional.empty(), NOW);
            store(journal, "gamma", version("p", password("CANARY-password")), password("CANARY-password"));

            // While it is open: the write-ahead log is there too. A copy is read, because closing a file that SQLite
            // has open drops its locks.
            Path copy = temporary.resolve("copy");
            copyByProcess(state, copy);
            assertThat(Files.size(copy.resolve("keyturn.db-wal"))).isPositive();
            assertNowhere(copy, "CANARY");
        }
        assertNowhere(state, "CANARY");
    }

    @Test
    void leavesNothingOfAnErasedSecret() throws Exception {
        String ciphertext = ciphertext("v-acme");
        try (SqliteJournal journal = TestStore.open(state)) {
            Generated open = (Generated) journal.open("acme").orElseThrow();
            assertThat(copies(ciphertext)).isPositive();

            write(journal, "acme", entryErasing(open, "v-acme"));

            assertThat(copies(ciphertext)).isZero();
        }
        assertNowhere(state, ciphertext);
    }

    private static JournalEntry entryErasing(Generated open, String id) {
        JournalEntry plain =
                entry(new dev.keyturn.rotation.RotationState.Abandoned(open.head(), Optional.of(open.secret())), NOW);
        return new JournalEntry(
                plain.state(), plain.at(), plain.failure(), plain.store(), plain.promote(), Set.of(id), List.of());
    }

    private long copies(String text) throws Exception {
        Path copy = temporary.resolve("copy");
        copyByProcess(state, copy);
        long copies = 0;
        for (Path file : files(copy)) {
            copies += new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text) ? 1 : 0;
        }
        return copies;
    }

    private static void copyByProcess(Path from, Path to) throws Exception {
        Files.createDirectories(to);
        assertThat(new ProcessBuilder("cp", "-r", from + "/.", to.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void assertNowhere(Path directory, String secret) throws Exception {
        for (Path file : files(directory)) {
            String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            assertThat(bytes.contains(secret)).as("in %s", file).isFalse();
            for (int shift = 0; shift < 3; shift++) {
                assertThat(bytes.contains(base64(secret, shift)))
                        .as("in base64 in %s", file)
                        .isFalse();
            }
        }
    }

    /** The part of the secret's base64 that does not depend on what stands {@code shift} bytes before and behind it. */
    private static String base64(String secret, int shift) {
        String middle = secret.substring(shift);
        String whole = middle.substring(0, middle.length() / 3 * 3);
        return Base64.getEncoder().encodeToString(whole.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Path> files(Path directory) throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private String ciphertext(String id) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + state.resolve("keyturn.db"));
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT ciphertext FROM secret WHERE id = '" + id + "'")) {
            return found.getString(1);
        }
    }

    private void sql(String text) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + state.resolve("keyturn.db"));
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(text)).isEqualTo(1);
        }
    }
}
