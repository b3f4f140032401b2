package dev.keyturn.store;

import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.AuditAnchor;
import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.Compromise;
import dev.keyturn.rotation.CrashPoint;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.Drift;
import dev.keyturn.rotation.Journal;
import dev.keyturn.rotation.JournalEntry;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.rotation.Lease;
import dev.keyturn.rotation.Pause;
import dev.keyturn.rotation.Refusals;
import dev.keyturn.rotation.RotationState;
import dev.keyturn.rotation.RotationSummary;
import dev.keyturn.rotation.SecretVersion;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import dev.keyturn.secret.SecretSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The journal in an SQLite database below the state directory: write-ahead log, each commit synced to the disk. One
 * process at a time has it open for writing; any number may read beside it. Thread-safe.
 */
public final class SqliteJournal implements Journal, AutoCloseable {
    /** So many credentials' facts are in memory together, and others get their turn after as many. */
    private static final int AT_ONCE = 1_000;

    private final Database database;
    private final @Nullable StateLock lock;
    private final @Nullable SecretTable secrets;
    private final LeaseTable leases;
    private final CredentialTable credentials;
    private final RotationTable rotations;
    private final RefusalTable refusals;
    private final RefusalNotes refusalNotes;
    private final EntryWriter writer;
    private final History history;
    private final AnchorTable anchor;
    private volatile Supplier<Optional<AuditAnchor>> auditEnd = Optional::empty;

    /**
     * @param lock held until the journal is closed; without one it is for reading only
     * @param vault without one no secret can be read
     */
    SqliteJournal(Database database, @Nullable StateLock lock, @Nullable Vault vault, RefusalNotes refusalNotes) {
        this.database = database;
        this.refusalNotes = refusalNotes;
        this.lock = lock;
        this.secrets = vault == null ? null : new SecretTable(database, vault);
        this.leases = new LeaseTable(database, UUID.randomUUID().toString());
        this.credentials = new CredentialTable(database);
        this.rotations = new RotationTable(database);
        this.refusals = new RefusalTable(database);
        this.writer = new EntryWriter(leases, credentials, rotations, this::secrets);
        this.history = new History(database);
        this.anchor = new AnchorTable(database);
    }

    /**
     * Opens the store for writing, and makes directory and database where they are missing. Whatever is refused, nothing
     * was changed.
     *
     * @param key read once, now; a new store belongs to it from then on
     * @param now told to a process that finds the directory in use
     * @throws BusyException where another process has it open; the message names it
     * @throws EncryptionKeyRefusedException where the key can't be had or isn't the store's
     * @throws StateRefusedException where others may read the directory, or a newer Keyturn wrote it
     */
    public static SqliteJournal open(Path stateDirectory, SecretSource key, Instant now)
            throws BusyException, EncryptionKeyRefusedException, StateRefusedException {
        return open(stateDirectory, key, now, CrashPoint.Watch.NONE);
    }

    /**
     * The same.
     *
     * @param watch told of each commit
     */
    public static SqliteJournal open(Path stateDirectory, SecretSource key, Instant now, CrashPoint.Watch watch)
            throws BusyException, EncryptionKeyRefusedException, StateRefusedException {
        return Opening.toWrite(stateDirectory, key, now, watch);
    }

    /**
     * Opens the store to look at it, also while a daemon works with it. It needs no key: secrets can't be read, and
     * every write fails with a {@link JournalException}. Where there is no store yet, it is empty; one of an older Keyturn
     * stays as it is, and is read as this one would have it.
     *
     * @throws StateRefusedException where others may read the directory, or a newer Keyturn wrote it
     */
    public static SqliteJournal openReadOnly(Path stateDirectory) throws StateRefusedException {
        return Opening.toLook(stateDirectory);
    }

    /**
     * The same with the key, for a command that logs in to look: secrets can be read. All it writes are notes of refused
     * logins, which whoever writes to the store counts too.
     *
     * @throws EncryptionKeyRefusedException where the key can't be had or isn't the store's
     */
    public static SqliteJournal openReadOnly(Path stateDirectory, SecretSource key)
            throws StateRefusedException, EncryptionKeyRefusedException {
        return Opening.toLook(stateDirectory, key);
    }

    @Override
    public Lease lease(String credential, String holder, Instant now, Duration ttl) throws BusyException {
        requireWritable();
        return database.transaction(() -> leases.take(credential, holder, now, ttl))
                .orBusy(credential);
    }

    @Override
    public void release(Lease lease) {
        writing(() -> {
            leases.release(lease);
            return lease;
        });
    }

    @Override
    public Optional<RotationState> open(String credential) {
        return database.transaction(() -> rotations.open(credential));
    }

    @Override
    public List<RotationState> open() {
        return database.transaction(() -> rotations.open());
    }

    @Override
    public void write(Lease lease, List<JournalEntry> entries) {
        List<Optional<SecretTable.Entry>> sealed =
                entries.stream().map(writer::seal).toList();
        GroupCommit.Work<List<JournalEntry>> work = () -> {
            for (int i = 0; i < entries.size(); i++) {
                writer.write(lease, entries.get(i), sealed.get(i));
            }
            anchor.write(auditEnd.get());
            return entries;
        };
        if (entries.stream().allMatch(entry -> entry.erase().isEmpty())) {
            writing(work);
        } else {
            erasing(work);
        }
    }

    @Override
    public LoginSecret secret(SecretVersion version) {
        SecretTable.Entry entry = database.transaction(() -> secrets().find(version.id()))
                .orElseThrow(() -> new JournalException("secret " + version.id() + " isn't in " + database.file()));
        return secrets().open(entry, version);
    }

    @Override
    public Optional<PublicKey> publicKey(SecretVersion version) {
        return database.transaction(() -> database.find(
                        "SELECT public_key FROM secret WHERE id = ?",
                        row -> row.optionalText("public_key").map(PublicKey::parse),
                        version.id())
                .flatMap(key -> key));
    }

    @Override
    public void seen(String credential, PublicKey key) {
        writing(() -> {
            credentials.seen(credential, key);
            return key;
        });
    }

    @Override
    public Optional<PublicKey> seen(String credential) {
        return database.transaction(() -> credentials.seen(credential));
    }

    @Override
    public List<SecretVersion> kept(String credential, Account account) {
        return database.transaction(() -> secrets().besidesThoseInUse(credential, account));
    }

    @Override
    public boolean knows(PublicKey key) {
        return database.transaction(() -> SecretTable.knows(database, key));
    }

    @Override
    public Optional<CredentialFacts> facts(String credential) {
        return database.transaction(() -> credentials.one(credential, history.lastOf(credential)));
    }

    @Override
    public void facts(Consumer<CredentialFacts> each) {
        List<CredentialFacts> some = List.of();
        do {
            String after = some.isEmpty() ? "" : some.get(some.size() - 1).credential();
            some = database.transaction(() -> {
                List<String> names = credentials.names(after, AT_ONCE);
                return names.isEmpty()
                        ? List.of()
                        : credentials.between(
                                names.get(0),
                                names.get(names.size() - 1),
                                history.lastOfEach(names.get(0), names.get(names.size() - 1)));
            });
            some.forEach(each);
        } while (some.size() == AT_ONCE);
    }

    @Override
    public void firstSeen(Collection<String> names, Instant at) {
        writing(() -> {
            Set<String> known = credentials.schedules().keySet();
            for (String name : names) {
                if (!known.contains(name)) {
                    credentials.know(name, at);
                }
            }
            return names;
        });
    }

    @Override
    public void scheduled(Map<String, String> schedules, Instant at) {
        writing(() -> {
            credentials.scheduledNoLaterThan(at);
            Map<String, Optional<String>> known = credentials.schedules();
            for (Map.Entry<String, String> each : schedules.entrySet()) {
                if (!Optional.of(each.getValue()).equals(known.get(each.getKey()))) {
                    credentials.schedule(each.getKey(), each.getValue(), at);
                }
            }
            for (Map.Entry<String, Optional<String>> each : known.entrySet()) {
                if (each.getValue().isPresent() && !schedules.containsKey(each.getKey())) {
                    credentials.unschedule(each.getKey());
                }
            }
            return schedules;
        });
    }

    @Override
    public void adopt(
            Lease lease,
            String credential,
            SecretVersion version,
            LoginSecret secret,
            Optional<String> user,
            Instant at) {
        SecretTable.Entry sealed = secrets().seal(credential, version.id(), secret);
        erasing(() -> {
            leases.require(lease, credential);
            credentials.know(credential, at);
            Optional<SecretVersion> before = credentials.current(credential);
            if (before.isPresent() && !secrets().isOfAnother(before.get().id(), user)) {
                secrets().erase(before.get().id());
            }
            eraseAll(credential, user);
            secrets().insert(sealed, user);
            credentials.adopt(credential, version, user, at);
            return version;
        });
    }

    @Override
    public void adoptIdle(Lease lease, String credential, SecretVersion version, LoginSecret secret, String user) {
        SecretTable.Entry sealed = secrets().seal(credential, version.id(), secret);
        erasing(() -> {
            leases.require(lease, credential);
            eraseAll(credential, Optional.of(user));
            secrets().insert(sealed, Optional.of(user));
            return version;
        });
    }

    private void eraseAll(String credential, Optional<String> user) throws SQLException {
        if (user.isPresent()) {
            for (SecretVersion version : SecretTable.of(database, credential, user.get())) {
                secrets().erase(version.id());
            }
        }
    }

    @Override
    public List<SecretVersion> secretsOf(String credential, String user) {
        return database.transaction(() -> SecretTable.of(database, credential, user));
    }

    @Override
    public void refused(SecretVersion password) {
        if (looksWithKey()) {
            // Whoever only looks leaves the order as it is; the budget bounds its tries.
            return;
        }
        writing(() -> {
            secrets().refused(password.id());
            return password;
        });
    }

    @Override
    public void verified(String credential, Instant at, Drift found) {
        writing(() -> {
            credentials.know(credential, at);
            credentials.verified(credential, at, found);
            return credential;
        });
    }

    @Override
    public void pause(String credential, Pause pause) {
        writing(() -> {
            credentials.know(credential, pause.since());
            credentials.pause(credential, Optional.of(pause));
            return credential;
        });
    }

    @Override
    public void resume(String credential) {
        writing(() -> {
            credentials.pause(credential, Optional.empty());
            return credential;
        });
    }

    @Override
    public void compromised(Map<String, Compromise> words) {
        writing(() -> {
            for (Map.Entry<String, Compromise> word : words.entrySet()) {
                credentials.know(word.getKey(), word.getValue().since());
                credentials.compromised(word.getKey(), Optional.of(word.getValue()));
                credentials.forgetFailures(word.getKey());
                rotations.noneOfCompromised(word.getKey());
            }
            return words;
        });
    }

    @Override
    public void notCompromised(String credential, Compromise word) {
        writing(() -> {
            Optional<Compromise> known = credentials.compromise(credential);
            if (known.filter(it -> it.since().equals(word.since())).isPresent()) {
                credentials.compromised(credential, Optional.empty());
            }
            return credential;
        });
    }

    @Override
    public List<String> compromised() {
        return database.transaction(credentials::compromised);
    }

    @Override
    public Optional<Refusals> refusals(Account account) {
        return newer(database.transaction(() -> refusals.find(account)), refusalNotes.find(account));
    }

    private static Optional<Refusals> newer(Optional<Refusals> one, Optional<Refusals> other) {
        return Stream.concat(one.stream(), other.stream()).max(Comparator.comparing(Refusals::lastAt));
    }

    @Override
    public void refused(Account account, Instant at, int inARow) {
        if (looksWithKey()) {
            refusalNotes.put(account, new Refusals(inARow, at));
            return;
        }
        writing(() -> {
            refusals.put(account, new Refusals(inARow, at));
            return account;
        });
    }

    @Override
    public void accepted(Account account) {
        refusalNotes.remove(account);
        if (looksWithKey()) {
            return;
        }
        writing(() -> {
            refusals.remove(account);
            return account;
        });
    }

    @Override
    public List<RotationSummary> history(Optional<String> credential, int limit) {
        return database.transaction(() -> history.newest(credential, limit));
    }

    /** How far the audit log reached when that was last remembered; empty where it never was. */
    public Optional<AuditAnchor> auditAnchor() {
        return database.transaction(anchor::read);
    }

    /**
     * Remembers now how far the audit log reaches, and from now on again with each entry of a rotation, in the same
     * transaction: that costs no sync of its own.
     *
     * @param end how far it reaches durably
     */
    public void anchorTo(Supplier<AuditAnchor> end) {
        writing(() -> {
            anchor.write(Optional.of(end.get()));
            return anchor;
        });
        auditEnd = () -> Optional.of(end.get());
    }

    private <T> void writing(GroupCommit.Work<T> work) {
        requireWritable();
        database.transaction(work);
    }

    private <T> void erasing(GroupCommit.Work<T> work) {
        requireWritable();
        database.erasing(work);
    }

    private void requireWritable() {
        if (lock == null) {
            throw new JournalException(database.file() + " is open for reading only");
        }
    }

    private boolean looksWithKey() {
        return lock == null && secrets != null;
    }

    private SecretTable secrets() {
        if (secrets == null) {
            throw new JournalException(database.file() + " is open for reading only, without the encryption key");
        }
        return secrets;
    }

    @Override
    public void close() {
        try {
            database.close();
        } finally {
            if (lock != null) {
                lock.close();
            }
        }
    }
}
