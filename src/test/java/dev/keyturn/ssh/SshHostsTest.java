package dev.keyturn.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.rotation.HostVisit;
import dev.keyturn.rotation.HostVisit.Verdict;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Predecessor;
import dev.keyturn.sandbox.HostStep;
import dev.keyturn.sandbox.SftpAccount;
import dev.keyturn.sandbox.SftpAccount.Expiry;
import dev.keyturn.sandbox.SftpFault;
import dev.keyturn.secret.LoginSecret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong on hosts, and that nothing of it is taken for a refusal or harms the key file. */
class SshHostsTest {
    private final LoginSecret.KeyPair old = TestCredentials.newKey();
    private final LoginSecret.KeyPair candidate = TestCredentials.newKey();
    private final Predecessor predecessor = Predecessor.of(old);

    private StandInHost stand;
    private SftpAccount account;
    private HostVisit visit;

    @BeforeEach
    void start() throws Exception {
        stand = new StandInHost();
        account = stand.with("dromo", old);
        visit = stand.visit(stand.keyOf("dromo"));
    }

    @AfterEach
    void stop() throws Exception {
        visit.close();
        stand.close();
    }

    @Test
    void authenticatesOnceForEachCredential() throws Exception {
        visit.preflight(predecessor);
        visit.install(candidate, predecessor);
        visit.login(candidate, List.of("uploads"));
        visit.withdraw(predecessor, candidate);
        visit.tryPredecessor(predecessor);

        assertThat(stand.logins("dromo", true)).isEqualTo(2);
        assertThat(stand.logins("dromo", false)).isEqualTo(1);
    }

    @Test
    void provesALoginByTheDirectoriesAsked() throws Exception {
        assertThat(visit.login(old, List.of("uploads"))).isEqualTo(Verdict.ACCEPTED);
        assertFault(Fault.NOT_FOUND, () -> visit.login(old, List.of("uploads", "no [such] * place?")));
    }

    @Test
    void listsADirectoryWithWildcardsInItsName() throws Exception {
        account.withDirectory("in [*]?");
        assertThat(visit.login(old, List.of("in [*]?"))).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void takesALostConnectionForNoRefusal() throws Exception {
        // From the version on through key exchange and authentication, wherever the connection breaks.
        for (int bytes = 40; bytes < 2400; bytes += 150) {
            stand.host.faults().onNext(SftpFault.onConnect(dev.keyturn.sandbox.Welcome.resetAfter(bytes)));
            try {
                assertThat(visit.login(old, List.of()))
                        .as("reset after " + bytes)
                        .isEqualTo(Verdict.ACCEPTED);
            } catch (HostException e) {
                assertThat(e.fault())
                        .as("reset after " + bytes)
                        .isIn(Fault.CONNECTION_LOST, Fault.CONNECTION_LIMIT, Fault.PROTOCOL);
            }
            stand.host.faults().clear();
        }
    }

    @Test
    void recognisesAHostThatHasTooManyConnections() {
        stand.host.faults().always(SftpFault.maxStartups(0));
        assertFault(Fault.CONNECTION_LIMIT, () -> visit.login(old, List.of()));
        stand.host.faults().clear();
        stand.host.faults().always(SftpFault.resetOnConnect());
        assertFault(Fault.CONNECTION_LIMIT, () -> visit.login(old, List.of()));
    }

    @Test
    void givesUpOnAHostThatSaysNothing() throws Exception {
        stand.host.faults().always(SftpFault.hangOnConnect());
        try (SshHosts hasty = StandInHost.hosts(new SshTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(1)));
                HostVisit other = hasty.visit(stand.keyOf("dromo"))) {
            assertFault(Fault.TIMED_OUT, () -> other.login(old, List.of()));
        }
    }

    @Test
    void givesUpOnAnSftpServerThatHangs() throws Exception {
        // Loads all that a login needs: below it has no more time than what hangs.
        visit.preflight(predecessor);
        stand.host.faults().always(SftpFault.hangBefore(HostStep.READ));
        try (SshHosts hasty = StandInHost.hosts(new SshTimeouts(Duration.ofSeconds(20), Duration.ofSeconds(5)));
                HostVisit other = hasty.visit(stand.keyOf("dromo"))) {
            assertFault(Fault.CONNECTION_LOST, () -> other.preflight(predecessor));
        }
    }

    @Test
    void reportsAHostThatRefusesConnections() throws Exception {
        stand.host.refuseConnections();
        assertFault(Fault.CONNECTION_REFUSED, () -> visit.login(old, List.of()));
    }

    @Test
    void noticesThatTheHostKeyHasChanged() throws Exception {
        visit.login(old, List.of());
        stand.host.changeHostKey();
        assertFault(Fault.HOST_KEY_CHANGED, () -> visit.login(old, List.of()));
        assertThat(stand.host.loginLog()).hasSize(1);
    }

    @Test
    void leavesTheFileAloneWhereTheDiskIsFull() throws Exception {
        stand.host.faults().always(SftpFault.diskFull());
        String before = account.authorizedKeys();

        assertFault(Fault.DISK_FULL, () -> visit.install(candidate, predecessor));

        assertThat(account.authorizedKeys()).isEqualTo(before);
        assertNothingIsLeftBehind();
    }

    @Test
    void leavesTheFileAloneWhereItsDirectoryIsReadOnly() throws Exception {
        stand.host.faults().always(SftpFault.readOnly(".ssh"));
        assertFault(Fault.PERMISSION, () -> visit.install(candidate, predecessor));
        assertNothingIsLeftBehind();
    }

    @Test
    void refusesToReplaceTheFileWithoutAnAtomicRename() {
        stand.host.faults().always(SftpFault.noPosixRename());
        assertFault(Fault.NO_ATOMIC_RENAME, () -> visit.preflight(predecessor));
        assertFault(Fault.NO_ATOMIC_RENAME, () -> visit.install(candidate, predecessor));
    }

    @Test
    void keepsWhatSomebodyElseWroteInTheMeantime() throws Exception {
        String theirs = TestCredentials.newKey().publicKey().line() + " theirs\n";
        stand.host.faults().onNext(SftpFault.meanwhile(HostStep.CREATE, () -> append(theirs)));

        visit.install(candidate, predecessor);

        assertThat(account.authorizedKeys())
                .isEqualTo(old.publicKey().line() + "\n" + candidate.publicKey().line() + " keyturn:dromo\n" + theirs);
        assertNothingIsLeftBehind();
    }

    @Test
    void givesUpWhereSomebodyElseNeverStopsWriting() throws Exception {
        stand.host.faults().always(SftpFault.meanwhile(HostStep.CREATE, () -> append("# again\n")));
        assertFault(Fault.CONCURRENT_EDIT, () -> visit.install(candidate, predecessor));
        assertThat(account.authorizedKeys())
                .doesNotContain(candidate.publicKey().base64());
        assertNothingIsLeftBehind();
    }

    @Test
    void goesOnAfterAConnectionThatBrokeAroundTheRename() throws Exception {
        for (SftpFault fault : List.of(SftpFault.resetBefore(HostStep.RENAME), SftpFault.resetAfter(HostStep.RENAME))) {
            stand.host.faults().onNext(fault);
            assertFault(Fault.CONNECTION_LOST, () -> visit.install(candidate, predecessor));
            visit.install(candidate, predecessor);
            assertThat(account.authorizedKeys())
                    .isEqualTo(old.publicKey().line() + "\n"
                            + candidate.publicKey().line() + " keyturn:dromo\n");
            visit.uninstall(candidate, predecessor);
        }
    }

    @Test
    void writesNothingWhereTheKeyIsThereAlready() throws Exception {
        visit.install(candidate, predecessor);
        stand.host.faults().always(SftpFault.readOnly(".ssh"));

        visit.install(candidate, predecessor);
    }

    @Test
    void changesAPasswordThatTheHostWantsChangedAtLogin() throws Exception {
        LoginSecret.Password first = TestCredentials.newPassword();
        LoginSecret.Password next = TestCredentials.newPassword();
        SftpAccount expired = stand.with("expired", first).withExpiredPassword(Expiry.AT_LOGIN);
        ManagedCredential credential =
                TestCredentials.password(stand.account("expired"), stand.trust(), new InstallMethod.Passwd());

        try (HostVisit other = stand.visit(credential)) {
            assertFault(Fault.PASSWORD_EXPIRED, () -> other.login(first, List.of()));
            other.preflight(Predecessor.of(first));
            other.install(next, Predecessor.of(first));
            assertThat(other.login(next, List.of())).isEqualTo(Verdict.ACCEPTED);
        }
        assertThat(expired.password()).isEqualTo(TestCredentials.text(next));
    }

    @Test
    void restoresTheInterruptFlag() throws Exception {
        Thread.currentThread().interrupt();
        try {
            visit.login(old, List.of());
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } catch (HostException e) {
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private void append(String text) {
        try {
            Files.writeString(account.keysFile(), text, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertNothingIsLeftBehind() throws IOException {
        try (var files = Files.list(account.keysFile().getParent())) {
            assertThat(files).containsExactly(account.keysFile());
        }
    }

    private static void assertFault(Fault fault, ThrowingCallable call) {
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.fault()).as(e.getMessage()).isEqualTo(fault));
    }
}
