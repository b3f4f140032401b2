package dev.keyturn.ssh;

import dev.keyturn.rotation.HostVisitContract;
import dev.keyturn.rotation.Hosts;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.sandbox.SftpAccount;
import dev.keyturn.secret.LoginSecret;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** Keys in an authorized_keys file. */
class KeysOnStandInTest {

    @Nested
    class AsTheAccountItself extends Contract {
        @Override
        InstallMethod method(String user) {
            return new InstallMethod.AuthorizedKeys(InstallMethod.AuthorizedKeys.DEFAULT_PATH, Optional.empty());
        }
    }

    @Nested
    class AsAnAdministrator extends Contract {
        @Override
        InstallMethod method(String user) throws Exception {
            LoginSecret.KeyPair key = TestCredentials.newKey();
            stand.with("root2", key).asAdministrator();
            return new InstallMethod.AuthorizedKeys(
                    "/home/" + user + "/.ssh/authorized_keys",
                    Optional.of(TestCredentials.administrator("root2", key)));
        }
    }

    abstract static class Contract extends HostVisitContract {
        final StandInHost stand = open();
        private SftpAccount account;

        abstract InstallMethod method(String user) throws Exception;

        private static StandInHost open() {
            try {
                return new StandInHost();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @AfterEach
        void closeTheHost() throws Exception {
            stand.close();
        }

        @Override
        protected Hosts hosts() {
            return stand.hosts;
        }

        @Override
        protected ManagedCredential accountWith(LoginSecret current) throws Exception {
            account = stand.with("dromo", current);
            return TestCredentials.key(stand.account("dromo"), stand.trust(), method("dromo"));
        }

        @Override
        protected LoginSecret newSecret() {
            return TestCredentials.newKey();
        }

        @Override
        protected boolean accepts(ManagedCredential credential, LoginSecret secret) {
            return account.authorizedKeys()
                    .contains(((LoginSecret.KeyPair) secret).publicKey().line());
        }
    }
}
