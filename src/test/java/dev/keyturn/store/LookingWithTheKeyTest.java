package dev.keyturn.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.Drift;
import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.rotation.Lease;
import dev.keyturn.rotation.LoginBudget;
import dev.keyturn.rotation.Refusals;
import dev.keyturn.rotation.SampleRotations;
import dev.keyturn.rotation.SecretVersion;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.LoginSecret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store as a command sees it that logs in beside a daemon. */
final class LookingWithTheKeyTest {
    private static final Account ACCOUNT = new Account("sftp.example", 22, "dromo");
    private static final Instant NOW = TestStore.NOW;

    @TempDir
    Path temporary;

    private Path state;
    private SqliteJournal daemon;

    @BeforeEach
    void start() throws Exception {
        state = temporary.resolve("state");
        daemon = TestStore.open(state);
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void readsSecretsAndWritesNothing() throws Exception {
        SecretVersion version = new SecretVersion("adopted", AuthType.PASSWORD, Optional.empty());
        LoginSecret secret = SampleRotations.password("words");
        Lease lease = daemon.lease("acme", "daemon", NOW, Duration.ofHours(1));
        daemon.adopt(lease, "acme", version, secret, Optional.empty(), NOW);

        try (SqliteJournal look = looking();
                LoginSecret read = look.secret(version)) {
            assertThat(read.sameAs(secret)).isTrue();
            look.refused(version);
            assertThatThrownBy(() -> look.verified("acme", NOW, Drift.NONE)).isInstanceOf(JournalException.class);
            assertThatThrownBy(() -> look.lease("acme", "look", NOW, Duration.ofHours(1)))
                    .isInstanceOf(JournalException.class);
        }
    }

    @Test
    void refusesAnotherKey() {
        assertThatThrownBy(() -> SqliteJournal.openReadOnly(state, TestStore.key(2)))
                .isInstanceOf(EncryptionKeyRefusedException.class);
    }

    @Test
    void theDaemonCountsWhatTheLookWasRefused() throws Exception {
        try (SqliteJournal look = looking()) {
            look.refused(ACCOUNT, NOW, 1);
            assertThat(look.refusals(ACCOUNT)).contains(new Refusals(1, NOW));
        }

        assertThat(daemon.refusals(ACCOUNT)).contains(new Refusals(1, NOW));
        daemon.close();
        daemon = TestStore.open(state);
        assertThat(daemon.refusals(ACCOUNT)).as("over a restart too").contains(new Refusals(1, NOW));
    }

    @Test
    void theLookCountsWhatTheDaemonWasRefused() throws Exception {
        daemon.refused(ACCOUNT, NOW, 2);

        try (SqliteJournal look = looking()) {
            assertThat(look.refusals(ACCOUNT)).contains(new Refusals(2, NOW));
        }
    }

    /** A daemon that can't read a note tries no login to that account any more. */
    @Test
    void whatRootNotesBelongsToTheOwnerOfTheState() throws Exception {
        assumeThat(Files.getOwner(temporary).getName())
                .as("only root hands files over")
                .isEqualTo("root");
        UserPrincipal nobody =
                temporary.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        Files.setOwner(state, nobody);

        try (SqliteJournal look = looking()) {
            look.refused(ACCOUNT, NOW, 1);
        }

        Path notes = state.resolve("refused");
        assertThat(Files.getOwner(notes)).isEqualTo(nobody);
        try (Stream<Path> files = Files.list(notes)) {
            assertThat(files)
                    .singleElement()
                    .satisfies(note -> assertThat(Files.getOwner(note)).isEqualTo(nobody));
        }
    }

    /** Root would write for the daemon's user where that one may not. */
    @Test
    void noteFollowsNoLink() throws Exception {
        Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        Files.createSymbolicLink(state.resolve("refused"), elsewhere);

        try (SqliteJournal look = looking()) {
            assertThatThrownBy(() -> look.refused(ACCOUNT, NOW, 1)).isInstanceOf(JournalException.class);
        }

        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void aNoteOfAClockThatWasAheadKeepsTheAccountClosedForAQuarterOfAnHourAtMost() throws Exception {
        try (SqliteJournal look = looking()) {
            look.refused(ACCOUNT, NOW.plus(Duration.ofDays(365)), 2);
        }

        assertThatThrownBy(() -> leave(NOW)).isInstanceOf(HostException.class);
        assertThat(daemon.refusals(ACCOUNT)).contains(new Refusals(2, NOW));
        leave(NOW.plus(Duration.ofMinutes(16)));
    }

    private void leave(Instant now) throws HostException {
        new LoginBudget(daemon, Clock.fixed(now, ZoneOffset.UTC))
                .leave(ACCOUNT, AuthType.PASSWORD)
                .close();
    }

    @Test
    void theNewerOfBothIsRight() throws Exception {
        try (SqliteJournal look = looking()) {
            look.refused(ACCOUNT, NOW, 1);
            daemon.refused(ACCOUNT, NOW.plusSeconds(1), 2);
            assertThat(look.refusals(ACCOUNT)).contains(new Refusals(2, NOW.plusSeconds(1)));
            look.refused(ACCOUNT, NOW.plusSeconds(2), 3);
            assertThat(daemon.refusals(ACCOUNT)).contains(new Refusals(3, NOW.plusSeconds(2)));
        }
    }

    @Test
    void aLoginThatTheDaemonHadAcceptedEndsBoth() throws Exception {
        try (SqliteJournal look = looking()) {
            look.refused(ACCOUNT, NOW, 2);
        }

        daemon.accepted(ACCOUNT);

        assertThat(daemon.refusals(ACCOUNT)).isEmpty();
    }

    @Test
    void aLoginThatTheLookHadAcceptedEndsItsOwnNoteAlone() throws Exception {
        daemon.refused(ACCOUNT, NOW, 1);
        try (SqliteJournal look = looking()) {
            look.refused(ACCOUNT, NOW.plusSeconds(1), 2);
            look.accepted(ACCOUNT);
        }

        assertThat(daemon.refusals(ACCOUNT)).as("to be on the safe side").contains(new Refusals(1, NOW));
    }

    @Test
    void itsNotesAreForTheirOwnerAlone() throws Exception {
        try (SqliteJournal look = looking()) {
            look.refused(ACCOUNT, NOW, 1);
        }

        assertThat(mode(state.resolve("refused"))).isEqualTo("rwx------");
        try (var files = Files.list(state.resolve("refused"))) {
            assertThat(files.map(LookingWithTheKeyTest::mode).toList()).isEqualTo(List.of("rw-------"));
        }
        daemon.close();
        daemon = TestStore.open(state);
    }

    @Test
    void aNoteThatCannotBeReadIsNone() throws Exception {
        try (SqliteJournal look = looking()) {
            look.refused(ACCOUNT, NOW, 1);
        }
        try (var files = Files.list(state.resolve("refused"))) {
            for (Path note : files.toList()) {
                Files.writeString(note, "torn");
            }
        }

        assertThat(daemon.refusals(ACCOUNT)).isEmpty();
    }

    @Test
    void worksWithoutAStore() throws Exception {
        Path nowhere = temporary.resolve("nowhere");

        try (SqliteJournal look = SqliteJournal.openReadOnly(nowhere, TestStore.key(1))) {
            assertThat(look.facts("acme")).isEmpty();
            assertThat(look.refusals(ACCOUNT)).isEmpty();
        }
        assertThat(nowhere).doesNotExist();
    }

    private SqliteJournal looking() throws Exception {
        return SqliteJournal.openReadOnly(state, TestStore.key(1));
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
