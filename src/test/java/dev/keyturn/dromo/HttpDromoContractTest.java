package dev.keyturn.dromo;

import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.Dromo;
import dev.keyturn.rotation.DromoContract;
import dev.keyturn.sandbox.DromoConnector;
import dev.keyturn.sandbox.DromoCredential;
import dev.keyturn.sandbox.DromoStandIn;
import dev.keyturn.sandbox.SftpStandIn;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** HttpDromo against the stand-in, two records a page, with real logins. */
class HttpDromoContractTest extends DromoContract {
    private DromoStandIn standIn;
    private SftpStandIn host;
    private HttpDromo dromo;

    @BeforeEach
    void start() throws IOException {
        standIn = DromoStandIn.options().pageSize(2).start();
        host = SftpStandIn.start();
        dromo = new HttpDromo(Fixture.settings(standIn.url()), new Fixture().timing());
    }

    @AfterEach
    void stop() throws IOException {
        dromo.close();
        host.close();
        standIn.close();
    }

    @Override
    protected Dromo dromo() {
        return dromo;
    }

    @Override
    protected Account accountWith(String password) throws IOException {
        host.account("dromo").withPassword(password);
        return new Account(host.hostname(), host.port(), "dromo");
    }

    @Override
    protected String seed(Account account, LoginSecret secret) {
        String hostname = account.hostname();
        return standIn.seed(
                secret instanceof LoginSecret.KeyPair pair
                        ? DromoCredential.ofKey(hostname, account.port(), account.user(), text(pair.privateKey()))
                        : DromoCredential.ofPassword(
                                hostname,
                                account.port(),
                                account.user(),
                                text(((LoginSecret.Password) secret).value())));
    }

    private static String text(Secret secret) {
        return new String(secret.expose(), StandardCharsets.UTF_8);
    }

    @Override
    protected void seedConnector(String credentialId, String directory) {
        standIn.seed(DromoConnector.of(credentialId, directory));
    }

    @Override
    protected LoginSecret.KeyPair newKey() {
        return Fixture.key();
    }
}
