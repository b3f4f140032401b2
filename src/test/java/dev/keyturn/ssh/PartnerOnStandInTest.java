package dev.keyturn.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostVisit;
import dev.keyturn.rotation.HostVisit.Verdict;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.Predecessor;
import dev.keyturn.sandbox.SftpAccount;
import dev.keyturn.secret.LoginSecret;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys on the host of a partner, who changes it by hand; so it can't pass the contract of hosts that we change. */
class PartnerOnStandInTest {
    private final LoginSecret.KeyPair old = TestCredentials.newKey();
    private final LoginSecret.KeyPair fresh = TestCredentials.newKey();

    private StandInHost stand;
    private SftpAccount account;
    private HostVisit visit;

    @BeforeEach
    void open() throws Exception {
        stand = new StandInHost();
        account = stand.with("dromo", old);
        visit = stand.visit(TestCredentials.key(stand.account("dromo"), stand.trust(), new InstallMethod.Manual()));
    }

    @AfterEach
    void close() throws Exception {
        visit.close();
        stand.close();
    }

    @Test
    void logsInAndChangesNothingInPreflight() throws Exception {
        String before = account.authorizedKeys();

        visit.preflight(Predecessor.of(old));

        assertThat(account.authorizedKeys()).isEqualTo(before);
        assertThat(stand.logins("dromo", true)).isEqualTo(1);
    }

    @Test
    void stopsInPreflightWhereTheOldKeyIsRefused() {
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> visit.preflight(Predecessor.of(fresh)))
                .satisfies(e -> assertThat(e.fault()).isEqualTo(HostException.Fault.AUTHENTICATION_REFUSED));
    }

    @Test
    void looksOnceWhetherThePartnerHasInstalledTheKey() throws Exception {
        assertThat(visit.login(fresh, List.of())).isEqualTo(Verdict.REFUSED);
        assertThat(stand.logins("dromo", false)).isEqualTo(1);

        account.withKey(fresh.publicKey().line() + " keyturn:dromo");
        assertThat(visit.login(fresh, List.of())).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void seesThatThePartnerHasTakenTheOldKeyOff() throws Exception {
        assertThat(visit.tryPredecessor(Predecessor.of(old))).isEqualTo(Verdict.ACCEPTED);

        Files.writeString(account.keysFile(), fresh.publicKey().line() + "\n");
        assertThat(visit.tryPredecessor(Predecessor.of(old))).isEqualTo(Verdict.REFUSED);
    }
}
