package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.audit.AuditLog;
import dev.keyturn.audit.AuditVerification;
import dev.keyturn.audit.AuditVerifier;
import dev.keyturn.rotation.RotationState.Kind;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import dev.keyturn.store.SqliteJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The credential of a {@link World} with a journal and an audit log on the disk. */
final class StoredRecords implements AutoCloseable {
    private static final SecretSource KEY = new SecretSource() {
        @Override
        public Secret load() {
            return Secret.takeOver(("keyturn-key-v1:" + "A".repeat(43) + "=").getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public String describe() {
            return "a test's key";
        }
    };
    /** What has to be announced before a call. A state from which recovery comes to the same call is as good. */
    private static final Map<String, Announcement> ANNOUNCEMENTS = Map.of(
            "before host install", new Announcement("host.install", Set.of(Kind.INSTALLING)),
            "before host uninstall", new Announcement("host.install", Set.of(Kind.RESTORING, Kind.UNDOING)),
            "before dromo PUT",
                    new Announcement("dromo.publish", Set.of(Kind.PUBLISHING, Kind.RESTORING, Kind.UNDOING)),
            "before host withdraw", new Announcement("host.withdraw", Set.of(Kind.WITHDRAWING)));

    private record Announcement(String event, Set<Kind> states) {}

    private final World world;
    private final Path audit;
    private final SqliteJournal journal;
    private final AuditLog log;

    private StoredRecords(World world, Path audit, SqliteJournal journal, AuditLog log) {
        this.world = world;
        this.audit = audit;
        this.journal = journal;
        this.log = log;
    }

    static StoredRecords open(Path directory, World world) throws Exception {
        Path audit = directory.resolve("audit");
        SqliteJournal journal = SqliteJournal.open(directory.resolve("state"), KEY, world.clock.instant());
        try {
            AuditLog log = AuditLog.open(audit, "host7", Optional.empty(), world.clock);
            return new StoredRecords(world, audit, journal, log);
        } catch (Exception e) {
            journal.close();
            throw e;
        }
    }

    void adopt() throws BusyException {
        Lease lease = journal.lease("acme", "test", world.clock.instant(), Duration.ofMinutes(1));
        SecretVersion version = new SecretVersion("adopted", world.old.authType(), world.old.fingerprint());
        journal.adopt(lease, "acme", version, world.old, Optional.empty(), world.clock.instant());
        journal.release(lease);
    }

    RotationResult rotate() throws BusyException {
        return rotator().rotate(world.credential, "a test", Actor.SCHEDULE, Progress.NONE);
    }

    Optional<RotationResult> recover() throws BusyException {
        return rotator().resume(world.credential, Progress.NONE);
    }

    private Rotator rotator() {
        return new Rotator(
                world.hosts,
                world.dromo,
                new Rotator.Records(journal, log, "test"),
                world.secretMaker(),
                new Rotator.Timing(world.clock, world.clock::advance));
    }

    /** Journal and audit log say that this call may have happened. */
    void assertAnnounced(String call) {
        Announcement announced = ANNOUNCEMENTS.get(call);
        assertThat(journal.open("acme").map(RotationState::kind))
                .as("the journal " + call)
                .get()
                .isIn(announced.states());
        assertThat(verified().openIntents())
                .as("intents " + call)
                .extracting(AuditVerification.OpenIntent::event)
                .contains(announced.event());
    }

    /** Dromo logs in, nothing is lost, nothing is left behind, and the log tells all of it. */
    void assertSettled() {
        assertThat(world.dromo.logsIn()).as("Dromo logs in").isTrue();
        assertThat(journal.open("acme")).isEmpty();
        if (world.old instanceof LoginSecret.KeyPair) {
            assertThat(world.hosts.keys)
                    .as("no key is left behind")
                    .containsExactly(world.dromo.stored().fingerprint().orElseThrow());
        }
        SecretVersion current =
                journal.facts("acme").flatMap(CredentialFacts::current).orElseThrow();
        try (LoginSecret stored = journal.secret(current)) {
            assertThat(world.hosts.accepts(stored)).as("the store has it").isTrue();
        }
        AuditVerification found = verified();
        assertThat(found.problem()).isEmpty();
        assertThat(found.openIntents()).isEmpty();
    }

    private AuditVerification verified() {
        try {
            return AuditVerifier.verify(audit);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            log.close();
        } finally {
            journal.close();
        }
    }
}
