package dev.keyturn.endtoend;

import dev.keyturn.realhost.Account;
import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RealSshd;
import dev.keyturn.sandbox.DromoCredential;
import dev.keyturn.sandbox.DromoStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** OpenSSH's sshd as the customers' host, and Dromo, for the tests of a class to share. */
final class Scene implements AutoCloseable {

    private final RealSshd sshd;
    private final DromoStandIn dromo;

    private Scene(RealSshd sshd, DromoStandIn dromo) {
        this.sshd = sshd;
        this.dromo = dromo;
    }

    static Scene open() {
        RealSshd sshd = RealSshd.builder().option("MaxStartups 100").start();
        try {
            return new Scene(sshd, startDromo());
        } catch (RuntimeException e) {
            sshd.close();
            throw e;
        }
    }

    static DromoStandIn startDromo() {
        try {
            return DromoStandIn.options()
                    .licenseKey("license-of-the-end-to-end-tests")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RealSshd sshd() {
        return sshd;
    }

    DromoStandIn dromo() {
        return dromo;
    }

    Installation installation() {
        return new Installation(dromo);
    }

    ManagedAccount.Host host() {
        return new ManagedAccount.Host(sshd.host(), sshd.port(), sshd.hostKeyFingerprint(), sshd.client());
    }

    /** An account that Dromo logs in to with a key, whose line stands last in authorized_keys. */
    ManagedAccount withKey(NewAccount wanted, KeyFiles key) {
        Account account = sshd.add(wanted.withKey(key.publicLine()));
        return known(account, key);
    }

    /** An account that is there already and has the key. */
    ManagedAccount known(Account account, KeyFiles key) {
        String text = new String(key.privateKey(), StandardCharsets.US_ASCII);
        String id = dromo.seed(DromoCredential.ofKey(sshd.host(), sshd.port(), account.name(), text));
        return new ManagedAccount(account, host(), dromo, id, key, null);
    }

    /** An account that Dromo logs in to with a password. */
    ManagedAccount withPassword(NewAccount wanted, String password) {
        Account account = sshd.add(wanted.withPassword(password));
        String id = dromo.seed(DromoCredential.ofPassword(sshd.host(), sshd.port(), account.name(), password));
        return new ManagedAccount(account, host(), dromo, id, null, password);
    }

    @Override
    public void close() {
        try {
            dromo.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            sshd.close();
        }
    }
}
