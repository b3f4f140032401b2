package dev.keyturn.faults;

import dev.keyturn.audit.AuditLog;
import dev.keyturn.dromo.DromoSettings;
import dev.keyturn.dromo.HttpDromo;
import dev.keyturn.rotation.Actor;
import dev.keyturn.rotation.Adopter;
import dev.keyturn.rotation.LoginBudget;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Progress;
import dev.keyturn.rotation.RotationResult;
import dev.keyturn.rotation.Rotator;
import dev.keyturn.rotation.SecretMaker;
import dev.keyturn.rotation.StoredSecrets;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PasswordGenerator;
import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import dev.keyturn.ssh.SshHosts;
import dev.keyturn.ssh.SshKeyPairs;
import dev.keyturn.ssh.SshTimeouts;
import dev.keyturn.store.SqliteJournal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/** The product with its real adapters, on a directory; closing and opening it anew is a restart. */
final class Product implements AutoCloseable {
    private static final String KEY =
            "keyturn-key-v1:" + Base64.getEncoder().encodeToString(new byte[32]).replace('A', 'B') + "\n";
    private static final int UNLIMITED = 100_000;

    private final SqliteJournal journal;
    private final AuditLog audit;
    private final HttpDromo dromo;
    private final SshHosts hosts;
    private final Rotator rotator;
    private final Adopter adopter;

    /**
     * @param directory has {@code ca.pem} in it
     * @param credential the one there is
     * @param patience how long host and Dromo may take for an answer
     */
    Product(
            Path directory,
            String url,
            String licenseKey,
            ManagedCredential credential,
            Waiting waiting,
            Duration patience)
            throws Exception {
        SshKeyPairs keyPairs = new SshKeyPairs();
        journal = SqliteJournal.open(directory.resolve("state"), source(KEY), waiting.instant());
        audit = AuditLog.open(auditDirectory(directory), "test", Optional.empty(), waiting);
        dromo = new HttpDromo(
                new DromoSettings(
                        URI.create(url),
                        source(licenseKey),
                        patience,
                        UNLIMITED,
                        Optional.of(directory.resolve("ca.pem")),
                        Optional.empty()),
                new HttpDromo.Timing(System::nanoTime, waiting, waiting),
                1,
                id -> StoredSecrets.of(credential, journal));
        hosts = new SshHosts(
                new SshTimeouts(patience, patience), 4, keyPairs, new LoginBudget(journal, waiting), Set::of);
        Rotator.Records records = new Rotator.Records(journal, audit, "test");
        Rotator.Timing timing = new Rotator.Timing(waiting, waiting);
        rotator = new Rotator(
                hosts, dromo, records, new SecretMaker(keyPairs, new PasswordGenerator(new SecureRandom())), timing);
        adopter = new Adopter(hosts, dromo, records, timing);
    }

    static Path auditDirectory(Path directory) {
        return directory.resolve("audit");
    }

    SqliteJournal journal() {
        return journal;
    }

    /** @return why it was not adopted */
    Optional<String> adopt(ManagedCredential credential, String secret) throws Exception {
        try (Secret text = Secret.takeOver(secret.getBytes(StandardCharsets.UTF_8));
                LoginSecret login = switch (credential.authType()) {
                    case KEY -> new SshKeyPairs().read(text);
                    case PASSWORD -> new LoginSecret.Password(text);
                }) {
            return adopter.adopt(credential, login, Optional.empty(), Actor.SCHEDULE);
        }
    }

    RotationResult rotate(ManagedCredential credential, Progress progress) throws Exception {
        return rotator.rotate(credential, "test", Actor.SCHEDULE, progress);
    }

    Optional<RotationResult> recover(ManagedCredential credential, Progress progress) throws Exception {
        return rotator.resume(credential, progress);
    }

    static SecretSource source(String text) {
        return new SecretSource() {
            @Override
            public Secret load() {
                return Secret.takeOver(text.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public String describe() {
                return "a test's secret";
            }
        };
    }

    @Override
    public void close() {
        hosts.close();
        dromo.close();
        audit.close();
        journal.close();
    }
}
