package dev.keyturn.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.rotation.HostVisit;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.InstallMethod.AuthorizedKeys;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Predecessor;
import dev.keyturn.sandbox.HostStep;
import dev.keyturn.sandbox.SftpAccount;
import dev.keyturn.sandbox.SftpFault;
import dev.keyturn.secret.LoginSecret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Somebody else, such as a configuration management, writes an authorized_keys file without a look at what is in it. */
class LostUpdatesTest {

    @Nested
    class AsTheAccountItself extends Edits {
        @Override
        InstallMethod method() {
            return new AuthorizedKeys(AuthorizedKeys.DEFAULT_PATH, Optional.empty());
        }
    }

    @Nested
    class AsAnAdministrator extends Edits {
        @Override
        InstallMethod method() throws Exception {
            LoginSecret.KeyPair key = TestCredentials.newKey();
            stand.with("root2", key).asAdministrator();
            return new AuthorizedKeys(
                    "/home/dromo/.ssh/authorized_keys", Optional.of(TestCredentials.administrator("root2", key)));
        }
    }

    abstract static class Edits {
        final StandInHost stand;
        private final LoginSecret.KeyPair old = TestCredentials.newKey();
        private final LoginSecret.KeyPair fresh = TestCredentials.newKey();
        private final Predecessor predecessor = Predecessor.of(old);
        private final SftpAccount account;
        private final String before;

        Edits() {
            try {
                stand = new StandInHost();
                account = stand.with("dromo", old);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            before = account.authorizedKeys();
        }

        abstract InstallMethod method() throws Exception;

        @AfterEach
        void closeTheHost() throws IOException {
            stand.close();
        }

        /** With neither key the file would let nobody in, and Dromo has the new one. */
        @Test
        void theOldKeyStaysWhereAFormerVersionIsPutBack() throws Exception {
            try (HostVisit visit = installed()) {
                write(before);

                assertConcurrentEdit(() -> visit.withdraw(predecessor, fresh));
            }
            assertThat(account.authorizedKeys()).isEqualTo(before);
        }

        @Test
        void theOldKeyStaysWhereAFormerVersionIsPutBackWhileTheFileIsEdited() throws Exception {
            try (HostVisit visit = installed()) {
                stand.host.faults().onNext(SftpFault.meanwhile(HostStep.CREATE, () -> write(before)));

                assertConcurrentEdit(() -> visit.withdraw(predecessor, fresh));
            }
            assertThat(account.authorizedKeys()).isEqualTo(before);
        }

        @Test
        void nothingIsSaidOfTheNewKeyWhereTheFileIsGone() throws Exception {
            try (HostVisit visit = installed()) {
                Files.delete(account.keysFile());

                visit.withdraw(predecessor, fresh);

                assertThat(visit.seen(fresh.publicKey().fingerprint())).isEmpty();
            }
        }

        @Test
        void theNewKeyIsSeenToStay() throws Exception {
            try (HostVisit visit = installed()) {
                visit.withdraw(predecessor, fresh);

                assertThat(visit.seen(fresh.publicKey().fingerprint())).contains(fresh.publicKey());
            }
        }

        /** What a file holds that is just being written in its place is not all that it will hold. */
        @Test
        void nothingIsInstalledInAFileThatIsEmptyForAMoment() throws Exception {
            try (HostVisit visit = stand.visit(credential())) {
                visit.preflight(predecessor);
                write("");

                assertConcurrentEdit(() -> visit.install(fresh, predecessor));
                assertThat(account.authorizedKeys()).isEmpty();
                write(before);
                visit.install(fresh, predecessor);
            }
            assertThat(account.authorizedKeys())
                    .startsWith(before.strip())
                    .contains(fresh.publicKey().line());
        }

        private HostVisit installed() throws Exception {
            HostVisit visit = stand.visit(credential());
            visit.preflight(predecessor);
            visit.install(fresh, predecessor);
            assertThat(visit.login(fresh, List.of())).isEqualTo(HostVisit.Verdict.ACCEPTED);
            return visit;
        }

        private ManagedCredential credential() throws Exception {
            return TestCredentials.key(stand.account("dromo"), stand.trust(), method());
        }

        private void write(String content) {
            try {
                Files.writeString(account.keysFile(), content);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void assertConcurrentEdit(ThrowingCallable call) {
            assertThatExceptionOfType(HostException.class)
                    .isThrownBy(call::call)
                    .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.CONCURRENT_EDIT));
        }
    }
}
