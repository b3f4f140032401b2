package dev.keyturn.ssh;

import dev.keyturn.rotation.HostVisitContract;
import dev.keyturn.rotation.Hosts;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.sandbox.SftpAccount;
import dev.keyturn.secret.LoginSecret;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** Passwords, by each way to change one. */
class PasswordsOnStandInTest {

    @Nested
    class ByPasswd extends Contract {
        @Override
        InstallMethod method() {
            return new InstallMethod.Passwd();
        }
    }

    @Nested
    class ByChpasswd extends Contract {
        @Override
        InstallMethod method() throws Exception {
            LoginSecret.KeyPair key = TestCredentials.newKey();
            stand.with("root2", key).asAdministrator();
            return new InstallMethod.Chpasswd(
                    TestCredentials.administrator("root2", key), InstallMethod.Chpasswd.DEFAULT_COMMAND);
        }
    }

    @Nested
    class ByChpasswdOfAnAdministratorWithAPassword extends Contract {
        @Override
        InstallMethod method() throws Exception {
            LoginSecret.Password password = TestCredentials.newPassword();
            stand.with("root2", password).asAdministrator();
            return new InstallMethod.Chpasswd(
                    TestCredentials.administrator("root2", password), "sudo -n /usr/sbin/chpasswd");
        }
    }

    abstract static class Contract extends HostVisitContract {
        final StandInHost stand = open();
        private SftpAccount account;

        abstract InstallMethod method() throws Exception;

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
            return TestCredentials.password(stand.account("dromo"), stand.trust(), method());
        }

        @Override
        protected LoginSecret newSecret() {
            return TestCredentials.newPassword();
        }

        @Override
        protected boolean accepts(ManagedCredential credential, LoginSecret secret) {
            return TestCredentials.text(secret).equals(account.password());
        }
    }
}
