package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyturn.rotation.HostVisit.Verdict;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.LoginSecret;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a rotation relies on, whatever the host and the way to change it. Every implementation of Hosts passes it. */
public abstract class HostVisitContract {
    /** No host has it. */
    protected static final String NOWHERE = "no-such-directory";

    private LoginSecret old;
    private LoginSecret candidate;
    private ManagedCredential credential;
    private Predecessor predecessor;
    private HostVisit visit;

    protected abstract Hosts hosts() throws Exception;

    /** A new account that {@code current} logs in to, and the way to change it. */
    protected abstract ManagedCredential accountWith(LoginSecret current) throws Exception;

    protected abstract LoginSecret newSecret();

    /** An independent look at whether the host lets {@code secret} in. */
    protected abstract boolean accepts(ManagedCredential credential, LoginSecret secret) throws Exception;

    @BeforeEach
    void makeAnAccount() throws Exception {
        old = newSecret();
        candidate = newSecret();
        credential = accountWith(old);
        predecessor = Predecessor.of(old);
        visit = hosts().visit(credential);
    }

    @AfterEach
    void endTheVisit() {
        visit.close();
    }

    @Test
    void rotatesInOneVisit() throws Exception {
        visit.preflight(predecessor);
        visit.install(candidate, predecessor);
        assertThat(visit.login(candidate, List.of())).isEqualTo(Verdict.ACCEPTED);
        visit.withdraw(predecessor, candidate);
        assertThat(visit.tryPredecessor(predecessor)).isEqualTo(Verdict.REFUSED);

        assertThat(accepts(credential, candidate)).isTrue();
        assertThat(accepts(credential, old)).isFalse();
    }

    @Test
    void changesNothingInPreflight() throws Exception {
        visit.preflight(predecessor);

        assertThat(accepts(credential, old)).isTrue();
        assertThat(accepts(credential, candidate)).isFalse();
    }

    @Test
    void installsAKeyBesideTheOldOneAndAPasswordInItsPlace() throws Exception {
        visit.install(candidate, predecessor);

        assertThat(accepts(credential, candidate)).isTrue();
        assertThat(accepts(credential, old)).isEqualTo(old.authType() == AuthType.KEY);
    }

    @Test
    void installsAgainAfterAnUnclearEnd() throws Exception {
        visit.install(candidate, predecessor);
        try (HostVisit recovery = hosts().visit(credential)) {
            recovery.install(candidate, predecessor);
        }

        assertThat(accepts(credential, candidate)).isTrue();
    }

    @Test
    void refusesASecretThatTheHostDoesNotKnow() throws Exception {
        try (LoginSecret unknown = newSecret()) {
            assertThat(visit.login(unknown, List.of())).isEqualTo(Verdict.REFUSED);
        }
    }

    @Test
    void withdrawsTwiceWithoutHarm() throws Exception {
        visit.install(candidate, predecessor);
        visit.withdraw(predecessor, candidate);
        try (HostVisit recovery = hosts().visit(credential)) {
            recovery.withdraw(predecessor, candidate);
        }

        assertThat(accepts(credential, candidate)).isTrue();
        assertThat(accepts(credential, old)).isFalse();
    }

    @Test
    void undoesAnInstall() throws Exception {
        visit.install(candidate, predecessor);
        visit.uninstall(candidate, predecessor);

        assertThat(accepts(credential, old)).isTrue();
        assertThat(accepts(credential, candidate)).isFalse();
    }

    @Test
    void undoesAnInstallInAnotherVisitAndTwice() throws Exception {
        visit.install(candidate, predecessor);
        for (int i = 0; i < 2; i++) {
            try (HostVisit recovery = hosts().visit(credential)) {
                recovery.uninstall(candidate, predecessor);
            }
        }

        assertThat(accepts(credential, old)).isTrue();
        assertThat(accepts(credential, candidate)).isFalse();
    }

    /** The former try was killed when it had the candidate refused: that was one of two refusals that a password has. */
    @Test
    void undoesAnInstallAgainAfterTheCandidateWasRefused() throws Exception {
        visit.install(candidate, predecessor);
        visit.uninstall(candidate, predecessor);
        assertThat(visit.login(candidate, List.of())).isEqualTo(Verdict.REFUSED);

        try (HostVisit recovery = hosts().visit(credential)) {
            recovery.uninstall(candidate, predecessor);
            assertThat(recovery.login(old, List.of())).isEqualTo(Verdict.ACCEPTED);
            assertThat(recovery.login(candidate, List.of())).isEqualTo(Verdict.REFUSED);
            assertThat(recovery.login(old, List.of())).isEqualTo(Verdict.ACCEPTED);
        }
    }

    @Test
    void undoesWhatWasNeverInstalledWithoutHarm() throws Exception {
        visit.uninstall(candidate, predecessor);

        assertThat(accepts(credential, old)).isTrue();
        assertThat(accepts(credential, candidate)).isFalse();
    }

    @Test
    void saysWhichDirectoriesASessionCannotListAndMakesNoLoginForThat() throws Exception {
        assertThat(visit.unlisted(old, List.of(NOWHERE)))
                .as("nobody is logged in")
                .isEmpty();
        assertThat(visit.login(old, List.of())).isEqualTo(Verdict.ACCEPTED);

        assertThat(visit.unlisted(old, List.of(".", NOWHERE))).containsOnlyKeys(NOWHERE);
        assertThat(visit.login(candidate, List.of())).as("the session went on").isEqualTo(Verdict.REFUSED);
    }

    @Test
    void readsTheFileOfKeysInTheSessionOfALoginAsTheAccountItself() throws Exception {
        assertThat(visit.keyFile(old)).as("nobody is logged in").isEmpty();
        assertThat(visit.login(old, List.of())).isEqualTo(Verdict.ACCEPTED);
        boolean own = credential.install() instanceof InstallMethod.AuthorizedKeys method
                && method.as().isEmpty();
        if (!own) {
            assertThat(visit.keyFile(old)).isEmpty();
            return;
        }
        assertThat(visit.keyFile(old).orElseThrow().has(((LoginSecret.KeyPair) old).publicKey()))
                .isTrue();

        visit.install(candidate, predecessor);

        assertThat(visit.keyFile(old).orElseThrow().entries())
                .filteredOn(entry -> entry.key().equals(((LoginSecret.KeyPair) candidate).publicKey()))
                .extracting(KeyFile.Entry::comment)
                .containsExactly(KeyFile.OURS + credential.name());
    }

    @Test
    void provesNoLoginThatCannotListItsDirectory() {
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> visit.login(old, List.of(NOWHERE)))
                .satisfies(e -> assertThat(e.fault()).isEqualTo(HostException.Fault.NOT_FOUND));
    }

    @Test
    void saysThatTheOldOneIsAliveWhileItIs() throws Exception {
        assertThat(visit.tryPredecessor(predecessor)).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void stopsInPreflightWhereTheOldOneIsNeededAndRefused() throws Exception {
        try (LoginSecret unknown = newSecret()) {
            Predecessor stranger = Predecessor.of(unknown);
            if (!credential.install().worksWithoutOldSecret()) {
                assertThatExceptionOfType(HostException.class)
                        .isThrownBy(() -> visit.preflight(stranger))
                        .satisfies(e -> assertThat(e.fault()).isEqualTo(HostException.Fault.AUTHENTICATION_REFUSED));
            }
        }
        assertThat(accepts(credential, old)).isTrue();
    }

    @Test
    void knowsNothingOfAPredecessorThatNobodyHasSeen() throws Exception {
        assertThat(visit.tryPredecessor(new Predecessor(Optional.empty(), Optional.empty())))
                .isEqualTo(Verdict.UNKNOWN);
    }
}
