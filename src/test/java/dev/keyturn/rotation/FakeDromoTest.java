package dev.keyturn.rotation;

import dev.keyturn.secret.LoginSecret;
import java.util.UUID;

/** The fake of the heart's own tests keeps what every Dromo promises. */
class FakeDromoTest extends DromoContract {
    private final FakeHosts hosts = new FakeHosts();
    private final FakeDromo dromo = new FakeDromo(hosts);

    @Override
    protected Dromo dromo() {
        return dromo;
    }

    @Override
    protected Account accountWith(String password) {
        hosts.passwords.put(World.ACCOUNT.user(), password);
        return World.ACCOUNT;
    }

    @Override
    protected String seed(Account account, LoginSecret secret) {
        String id = UUID.randomUUID().toString();
        dromo.seed(id, account, secret);
        return id;
    }

    @Override
    protected void seedConnector(String credentialId, String directory) {
        dromo.connectors.add(new Dromo.Connector(UUID.randomUUID().toString(), credentialId, directory, "hourly"));
    }

    @Override
    protected LoginSecret.KeyPair newKey() {
        return World.key("key-" + UUID.randomUUID());
    }
}
