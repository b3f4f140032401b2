package dev.keyturn.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.Administrator;
import dev.keyturn.rotation.HostKeyTrust;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Progress;
import dev.keyturn.rotation.RotationResult;
import dev.keyturn.sandbox.DromoConnector;
import dev.keyturn.sandbox.DromoCredential;
import dev.keyturn.sandbox.DromoStandIn;
import dev.keyturn.sandbox.OpensshKeys;
import dev.keyturn.sandbox.SftpAccount;
import dev.keyturn.sandbox.SftpStandIn;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.ssh.TestCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One credential in a Dromo and on a host of its own, adopted and ready to be rotated. */
final class FaultWorld implements AutoCloseable {
    static final String USER = "orders";
    private static final String ADMINISTRATOR = "keyturn-admin";
    private static final String LICENSE_KEY = "license-of-the-fault-tests";
    /** Stands in authorized_keys before Keyturn comes, and for ever. */
    static final String FOREIGN_LINE = "# somebody else's line";

    /** Where nothing hangs, a busy machine may take its time. */
    private static final Duration PATIENT = Duration.ofSeconds(20);

    /** What hangs is waited for so long, up to four times; less than the stand-in for Dromo waits for the host. */
    static final Duration IMPATIENT = Duration.ofSeconds(4);

    /** Longer than the product spares an account that refused logins. */
    private static final Duration A_WHILE = Duration.ofHours(1);

    private final Path directory;
    private final Waiting waiting = new Waiting();
    private final SftpStandIn host;
    private final DromoStandIn dromo;
    private final SftpAccount account;
    private final Editor editor;
    private final DromoCredential old;
    private final ManagedCredential credential;
    private final boolean hangs;
    private Product product;
    private boolean healed;

    /**
     * @param hangs whether a fault in it leaves the product waiting for an answer
     * @param directory empty, for this world alone
     */
    FaultWorld(AuthType secret, boolean hangs, Path directory) throws Exception {
        this.directory = directory;
        this.hangs = hangs;
        Files.writeString(directory.resolve("ca.pem"), Certificates.trusted());
        host = SftpStandIn.start();
        dromo = DromoStandIn.options()
                .licenseKey(LICENSE_KEY)
                .https(Certificates.GOOD.certificate())
                .start();
        account = host.account(USER).withDirectory("uploads");
        editor = new Editor(account);
        old = secret == AuthType.KEY ? oldKey() : oldPassword();
        dromo.seed(old);
        dromo.seed(DromoConnector.of(old.id(), "uploads"));
        credential = credential(secret);
        product = product(PATIENT);
        assertThat(product.adopt(credential, text(old))).isEmpty();
        restart();
    }

    private Product product(Duration patience) throws Exception {
        return new Product(directory, dromo.url(), LICENSE_KEY, credential, waiting, patience);
    }

    private void restart() throws Exception {
        product.close();
        product = product(hangs && !healed ? IMPATIENT : PATIENT);
    }

    private DromoCredential oldKey() {
        OpensshKeys keys = OpensshKeys.ed25519();
        account.withKey(FOREIGN_LINE).withKey(keys.publicLine());
        return DromoCredential.ofKey(host.hostname(), host.port(), USER, keys.privateKey());
    }

    private DromoCredential oldPassword() {
        String password = "Old-words-that-nobody-guesses-1";
        account.withPassword(password);
        return DromoCredential.ofPassword(host.hostname(), host.port(), USER, password);
    }

    private ManagedCredential credential(AuthType secret) throws IOException {
        Account managed = new Account(host.hostname(), host.port(), USER);
        HostKeyTrust trust = new HostKeyTrust.Pinned(new Fingerprint(host.hostKeyFingerprint()));
        ManagedCredential made = secret == AuthType.KEY
                ? TestCredentials.key(managed, trust)
                : TestCredentials.password(managed, trust, chpasswd());
        return new ManagedCredential(
                made.name(), made.policy(), old.id(), managed, trust, made.install(), Optional.empty(), Map.of());
    }

    private InstallMethod chpasswd() throws IOException {
        OpensshKeys keys = OpensshKeys.ed25519();
        host.account(ADMINISTRATOR).withKey(keys.publicLine()).asAdministrator();
        return new InstallMethod.Chpasswd(
                new Administrator(ADMINISTRATOR, AuthType.KEY, Product.source(keys.privateKey())),
                InstallMethod.Chpasswd.DEFAULT_COMMAND);
    }

    /** What logs in: a private key or a password. */
    static String text(DromoCredential credential) {
        String text = credential.authType().equals("KEY") ? credential.privateKey() : credential.password();
        return Objects.requireNonNull(text);
    }

    SftpStandIn host() {
        return host;
    }

    DromoStandIn dromo() {
        return dromo;
    }

    SftpAccount account() {
        return account;
    }

    Editor editor() {
        return editor;
    }

    ManagedCredential credential() {
        return credential;
    }

    Product product() {
        return product;
    }

    Path directory() {
        return directory;
    }

    /** What was in use before the first rotation. */
    DromoCredential old() {
        return old;
    }

    DromoCredential inDromo() {
        return dromo.stored(old.id());
    }

    /** How often a fault of a stand-in struck. */
    int strikes() {
        return host.faults().strikes() + dromo.faults().strikes();
    }

    int pauses() {
        return waiting.pauses();
    }

    RotationResult rotate(Progress progress) throws Exception {
        return product.rotate(credential, progress);
    }

    /** Rotates once more when the host has forgotten the logins it refused; nothing disturbs it. */
    RotationResult rotateLater() throws Exception {
        waiting.sleep(A_WHILE);
        return product.rotate(credential, Progress.NONE);
    }

    /** Restarts the product, and has it settle what is open. */
    Optional<RotationResult> recover(Progress progress) throws Exception {
        restart();
        return product.recover(credential, progress);
    }

    /** From now on nothing is wrong any more. */
    void heal() throws IOException {
        healed = true;
        waiting.sleep(A_WHILE);
        host.faults().clear();
        dromo.faults().clear();
        // What hangs would hang on.
        host.resetConnections();
        HostFaultKinds.heal(this);
        dromo.present(Certificates.GOOD.certificate());
    }

    @Override
    public void close() throws IOException {
        product.close();
        dromo.close();
        host.close();
    }
}
