package dev.keyturn.rotation;

import dev.keyturn.rotation.RotationSummary.Transition;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A journal in memory that passes {@link JournalContract}. It outlives a "crash": {@link #restart()} is what a new
 * process finds. A write that throws changes nothing.
 */
final class InMemoryJournal implements Journal {
    private final Map<String, Row> rotations = new LinkedHashMap<>();
    private final Map<String, CredentialFacts> facts = new TreeMap<>();
    private final Map<String, Kept> secrets = new LinkedHashMap<>();
    private final Map<String, Held> leases = new HashMap<>();
    private final Map<Account, Refusals> refusals = new HashMap<>();
    private final Map<String, Pause> pauses = new HashMap<>();
    private final Map<String, Scheduled> schedules = new HashMap<>();
    private final Map<String, Compromise> compromises = new HashMap<>();
    /** Rotations that began before the word that holds now. */
    private final Set<RotationId> ofFormerWord = new HashSet<>();
    /** Called before an entry is durable; what it throws ends the write, and nothing of the entry is kept. */
    Consumer<JournalEntry> beforeWrite = entry -> {};
    /** Called once an entry is durable; what it throws ends the write, and the entry stays. */
    Consumer<JournalEntry> afterWrite = entry -> {};

    private final Map<String, PublicKey> seen = new HashMap<>();
    /** Those that the host refused, in that order. */
    private final Set<String> refused = new LinkedHashSet<>();

    private record Kept(String credential, LoginSecret secret, Optional<String> user) {}

    private record Held(Lease lease, Optional<Instant> until) {}

    private static final class Row {
        RotationSnapshot now;
        Optional<Instant> finishedAt = Optional.empty();
        final List<Transition> steps = new ArrayList<>();
        boolean countedAsFailure;

        Row(RotationSnapshot now) {
            this.now = now;
        }

        Optional<Failure> failure() {
            return steps.get(steps.size() - 1).failure();
        }

        boolean open() {
            return !now.kind().terminal();
        }

        RotationSummary summary() {
            RotationHead head = now.head();
            return new RotationSummary(
                    head.id(),
                    head.credential(),
                    head.authType(),
                    head.reason(),
                    head.actor(),
                    head.startedAt(),
                    finishedAt,
                    Outcome.of(now.kind(), failure().isPresent()),
                    now.candidate().flatMap(SecretVersion::fingerprint),
                    head.previousFingerprint(),
                    failure(),
                    head.users(),
                    steps);
        }
    }

    /** A new process: no lease of the former one holds any more. */
    synchronized void restart() {
        leases.replaceAll((credential, held) -> new Held(held.lease(), Optional.empty()));
    }

    /** The ids of the secrets that are in the store. */
    synchronized List<String> secretIds() {
        return secrets.keySet().stream().sorted().toList();
    }

    @Override
    public synchronized Lease lease(String credential, String holder, Instant now, Duration ttl) throws BusyException {
        Held held = leases.get(credential);
        if (held != null && held.until().isPresent() && held.until().get().isAfter(now)) {
            throw new BusyException(credential + ": " + held.lease().holder() + " is rotating it");
        }
        Lease lease =
                new Lease(credential, holder, held == null ? 1 : held.lease().fence() + 1);
        leases.put(credential, new Held(lease, Optional.of(now.plus(ttl))));
        return lease;
    }

    @Override
    public synchronized void release(Lease lease) {
        Held held = leases.get(lease.credential());
        if (held != null && held.lease().equals(lease)) {
            leases.put(lease.credential(), new Held(lease, Optional.empty()));
        }
    }

    private void requireHeld(Lease lease) {
        Held held = leases.get(lease.credential());
        if (held == null || !held.lease().equals(lease) || held.until().isEmpty()) {
            throw new JournalException(lease.credential() + ": the lease of " + lease.holder() + " is held no more");
        }
    }

    @Override
    public synchronized Optional<RotationState> open(String credential) {
        return rotations.values().stream()
                .filter(row -> row.open() && row.now.head().credential().equals(credential))
                .map(row -> ofFormerWord.contains(row.now.head().id()) ? unflagged(row.now) : row.now)
                .map(RotationSnapshot::restore)
                .findFirst();
    }

    @Override
    public synchronized List<RotationState> open() {
        return rotations.values().stream()
                .filter(Row::open)
                .map(row -> row.now.restore())
                .toList();
    }

    @Override
    public synchronized void write(Lease lease, List<JournalEntry> entries) {
        requireHeld(lease);
        for (JournalEntry entry : entries) {
            String credential = entry.state().head().credential();
            if (!credential.equals(lease.credential())) {
                throw new JournalException("a lease of " + lease.credential() + " is none of " + credential);
            }
            requireSound(entry);
            beforeWrite.accept(entry);
        }
        entries.forEach(this::apply);
        entries.forEach(afterWrite);
    }

    private void apply(JournalEntry entry) {
        RotationState state = entry.state();
        RotationHead head = state.head();
        entry.store()
                .ifPresent(secret -> keep(
                        head.credential(),
                        state.candidate().orElseThrow().id(),
                        secret,
                        switched(head).map(RotationHead.Users::changed)));
        know(head.credential(), entry.at());
        Row row = rotations.computeIfAbsent(head.id().text(), id -> new Row(RotationSnapshot.of(state)));
        row.now = RotationSnapshot.of(state);
        row.steps.add(new Transition(state.kind(), entry.at(), entry.failure(), entry.findings()));
        row.finishedAt = row.open() ? Optional.empty() : Optional.of(entry.at());
        promote(row, entry);
        count(row, entry);
        entry.erase().forEach(this::erase);
    }

    private void requireSound(JournalEntry entry) {
        RotationHead head = entry.state().head();
        Optional<RotationState> open = open(head.credential());
        if (open.isPresent() && !open.get().head().id().equals(head.id())) {
            throw new JournalException(head.credential() + ": another rotation is open");
        }
        Optional<SecretVersion> current = entry.promote()
                .or(() -> Optional.ofNullable(facts.get(head.credential())).flatMap(CredentialFacts::current));
        if (current.isPresent() && entry.erase().contains(current.get().id())) {
            throw new JournalException(head.credential() + ": the secret in use is never erased");
        }
    }

    private void promote(Row row, JournalEntry entry) {
        if (entry.promote().isPresent()) {
            CredentialFacts old = know(row.now.head().credential(), entry.at());
            row.countedAsFailure = false;
            Optional<RotationHead.Users> users = switched(row.now.head());
            row.now.head().previous().ifPresent(before -> users.ifPresent(u -> belongsTo(before, u.active())));
            put(new CredentialFacts(
                    old.credential(),
                    entry.promote(),
                    users.map(RotationHead.Users::changed),
                    old.firstSeenAt(),
                    row.now.kind() == RotationState.Kind.ROLLED_BACK ? old.rotatedAt() : Optional.of(entry.at()),
                    old.adoptedAt(),
                    old.lastVerifiedAt(),
                    Drift.NONE,
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()));
        }
    }

    private void count(Row row, JournalEntry entry) {
        CredentialFacts old = know(row.now.head().credential(), entry.at());
        RotationState.Kind kind = row.now.kind();
        if (kind == RotationState.Kind.COMPLETED) {
            put(withFailures(old, 0));
            replaced(row);
        } else if (!row.countedAsFailure && (entry.failure().isPresent() || kind == RotationState.Kind.ROLLED_BACK)) {
            row.countedAsFailure = true;
            put(withFailures(old, old.failuresInARow() + 1));
        }
    }

    private static CredentialFacts withFailures(CredentialFacts old, int failures) {
        return new CredentialFacts(
                old.credential(),
                old.current(),
                old.user(),
                old.firstSeenAt(),
                old.rotatedAt(),
                old.adoptedAt(),
                old.lastVerifiedAt(),
                old.drift(),
                failures,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Optional<RotationHead.Users> switched(RotationHead head) {
        return head.users().filter(RotationHead.Users::alternate);
    }

    private void belongsTo(SecretVersion version, String user) {
        secrets.computeIfPresent(
                version.id(), (id, kept) -> new Kept(kept.credential(), kept.secret(), Optional.of(user)));
    }

    private void keep(String credential, String id, LoginSecret secret, Optional<String> user) {
        if (secrets.putIfAbsent(id, new Kept(credential, secret.copy(), user)) != null) {
            throw new JournalException("secret " + id + " is in the store already");
        }
    }

    private void erase(String id) {
        Kept kept = secrets.remove(id);
        if (kept != null) {
            kept.secret().close();
        }
    }

    @Override
    public synchronized LoginSecret secret(SecretVersion version) {
        Kept kept = secrets.get(version.id());
        if (kept == null) {
            throw new JournalException("secret " + version.id() + " isn't in the store");
        }
        return kept.secret().copy();
    }

    @Override
    public synchronized Optional<PublicKey> publicKey(SecretVersion version) {
        Kept kept = secrets.get(version.id());
        return kept != null && kept.secret() instanceof LoginSecret.KeyPair pair
                ? Optional.of(pair.publicKey())
                : Optional.empty();
    }

    private boolean mayBeFor(Account account, String id) {
        return rotations.values().stream()
                .filter(row ->
                        row.now.candidate().filter(made -> made.id().equals(id)).isPresent())
                .map(row -> row.now.head())
                .allMatch(head -> head.place()
                                .map(place ->
                                        place.hostname().equals(account.hostname()) && place.port() == account.port())
                                .orElse(true)
                        && head.users()
                                .map(users -> users.changed().equals(account.user()))
                                .orElse(true));
    }

    @Override
    public synchronized void seen(String credential, PublicKey key) {
        seen.put(credential, key);
    }

    @Override
    public synchronized Optional<PublicKey> seen(String credential) {
        return Optional.ofNullable(seen.get(credential));
    }

    @Override
    public synchronized List<SecretVersion> kept(String credential, Account account) {
        Set<String> inUse = new HashSet<>();
        Optional.ofNullable(facts.get(credential))
                .flatMap(CredentialFacts::current)
                .ifPresent(current -> inUse.add(current.id()));
        open(credential).ifPresent(open -> {
            open.candidate().ifPresent(candidate -> inUse.add(candidate.id()));
            open.head().previous().ifPresent(previous -> inUse.add(previous.id()));
        });
        List<SecretVersion> kept = new ArrayList<>();
        secrets.forEach((id, secret) -> {
            if (secret.credential().equals(credential) && !inUse.contains(id) && mayBeFor(account, id)) {
                kept.add(
                        0,
                        new SecretVersion(
                                id, secret.secret().authType(), secret.secret().fingerprint()));
            }
        });
        return refusedLast(kept);
    }

    private List<SecretVersion> refusedLast(List<SecretVersion> versions) {
        List<String> order = List.copyOf(refused);
        return versions.stream()
                .sorted(Comparator.comparing(version -> order.indexOf(version.id())))
                .toList();
    }

    @Override
    public synchronized void refused(SecretVersion password) {
        refused.remove(password.id());
        refused.add(password.id());
    }

    @Override
    public synchronized Optional<CredentialFacts> facts(String credential) {
        return Optional.ofNullable(facts.get(credential)).map(this::withLastRotation);
    }

    @Override
    public void facts(Consumer<CredentialFacts> each) {
        known().forEach(each);
    }

    private synchronized List<CredentialFacts> known() {
        return facts.values().stream().map(this::withLastRotation).toList();
    }

    private CredentialFacts withLastRotation(CredentialFacts known) {
        return new CredentialFacts(
                known.credential(),
                known.current(),
                known.user(),
                known.firstSeenAt(),
                known.rotatedAt(),
                known.adoptedAt(),
                known.lastVerifiedAt(),
                known.drift(),
                known.failuresInARow(),
                history(Optional.of(known.credential()), 1).stream().findFirst(),
                Optional.ofNullable(pauses.get(known.credential())),
                Optional.ofNullable(schedules.get(known.credential())),
                Optional.ofNullable(compromises.get(known.credential())));
    }

    private CredentialFacts know(String credential, Instant at) {
        return facts.computeIfAbsent(
                credential,
                name -> new CredentialFacts(
                        name,
                        Optional.empty(),
                        Optional.empty(),
                        at,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Drift.NONE,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    private void put(CredentialFacts known) {
        facts.put(known.credential(), known);
    }

    @Override
    public synchronized void scheduled(Map<String, String> wanted, Instant at) {
        schedules.keySet().retainAll(wanted.keySet());
        schedules.replaceAll((name, it) -> it.since().isAfter(at) ? new Scheduled(it.schedule(), at) : it);
        wanted.forEach((name, schedule) -> {
            Scheduled before = schedules.get(name);
            if (facts.containsKey(name) && (before == null || !before.schedule().equals(schedule))) {
                schedules.put(name, new Scheduled(schedule, at));
            }
        });
    }

    @Override
    public synchronized boolean knows(PublicKey key) {
        Optional<Fingerprint> fingerprint = Optional.of(key.fingerprint());
        return secrets.values().stream()
                        .anyMatch(kept -> kept.secret().fingerprint().equals(fingerprint))
                || open().stream()
                        .anyMatch(state -> state.head().previousFingerprint().equals(fingerprint));
    }

    @Override
    public synchronized void firstSeen(Collection<String> credentials, Instant at) {
        credentials.forEach(credential -> know(credential, at));
    }

    @Override
    public synchronized void adopt(
            Lease lease,
            String credential,
            SecretVersion version,
            LoginSecret secret,
            Optional<String> user,
            Instant at) {
        requireHeld(lease);
        CredentialFacts old = know(credential, at);
        old.current()
                .filter(before -> user.isEmpty() || !isOfAnother(before, user.get()))
                .ifPresent(before -> erase(before.id()));
        user.ifPresent(whose -> eraseAll(credential, whose));
        keep(credential, version.id(), secret, user);
        put(new CredentialFacts(
                credential,
                Optional.of(version),
                user,
                old.firstSeenAt(),
                Optional.empty(),
                Optional.of(at),
                old.lastVerifiedAt(),
                Drift.NONE,
                old.failuresInARow(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    @Override
    public synchronized void adoptIdle(
            Lease lease, String credential, SecretVersion version, LoginSecret secret, String user) {
        requireHeld(lease);
        eraseAll(credential, user);
        keep(credential, version.id(), secret, Optional.of(user));
    }

    @Override
    public synchronized void compromised(Map<String, Compromise> words) {
        words.forEach((credential, word) -> {
            know(credential, word.since());
            compromises.put(credential, word);
            put(withFailures(know(credential, word.since()), 0));
            open(credential).ifPresent(open -> ofFormerWord.add(open.head().id()));
        });
    }

    @Override
    public synchronized List<String> compromised() {
        return compromises.keySet().stream().sorted().toList();
    }

    @Override
    public synchronized void notCompromised(String credential, Compromise word) {
        compromises.computeIfPresent(credential, (name, known) -> known.since().equals(word.since()) ? null : known);
    }

    private void replaced(Row row) {
        RotationHead head = row.now.head();
        if (head.compromised() && !ofFormerWord.contains(head.id())) {
            head.users()
                    .ifPresent(users -> compromises.computeIfPresent(
                            head.credential(),
                            (name, word) -> word.without(users.changed()).orElse(null)));
        }
    }

    private static RotationSnapshot unflagged(RotationSnapshot open) {
        RotationHead head = open.head();
        RotationHead other = new RotationHead(
                head.id(),
                head.credential(),
                head.authType(),
                head.reason(),
                head.actor(),
                head.startedAt(),
                head.overlap(),
                head.previous(),
                head.previousFingerprint(),
                head.users(),
                head.place(),
                head.replaced(),
                false);
        return new RotationSnapshot(open.kind(), other, open.candidate(), open.overlapUntil(), open.undoneBecause());
    }

    private boolean isOfAnother(SecretVersion version, String user) {
        Kept kept = secrets.get(version.id());
        return kept != null && kept.user().filter(whose -> !whose.equals(user)).isPresent();
    }

    private void eraseAll(String credential, String user) {
        secretsOf(credential, user).forEach(version -> erase(version.id()));
    }

    @Override
    public synchronized List<SecretVersion> secretsOf(String credential, String user) {
        return refusedLast(secrets.entrySet().stream()
                .filter(entry -> entry.getValue().credential().equals(credential)
                        && entry.getValue().user().equals(Optional.of(user)))
                .map(entry -> new SecretVersion(
                        entry.getKey(), entry.getValue().secret().authType(), Optional.empty()))
                .toList());
    }

    @Override
    public synchronized void verified(String credential, Instant at, Drift found) {
        CredentialFacts old = know(credential, at);
        put(new CredentialFacts(
                credential,
                old.current(),
                old.user(),
                old.firstSeenAt(),
                old.rotatedAt(),
                old.adoptedAt(),
                Optional.of(at),
                found,
                old.failuresInARow(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    @Override
    public synchronized void pause(String credential, Pause pause) {
        know(credential, pause.since());
        pauses.put(credential, pause);
    }

    @Override
    public synchronized void resume(String credential) {
        pauses.remove(credential);
    }

    @Override
    public synchronized Optional<Refusals> refusals(Account account) {
        return Optional.ofNullable(refusals.get(account));
    }

    @Override
    public synchronized void refused(Account account, Instant at, int inARow) {
        refusals.put(account, new Refusals(inARow, at));
    }

    @Override
    public synchronized void accepted(Account account) {
        refusals.remove(account);
    }

    @Override
    public synchronized List<RotationSummary> history(Optional<String> credential, int limit) {
        List<RotationSummary> newestFirst = new ArrayList<>();
        for (Row row : rotations.values()) {
            if (credential.isEmpty() || credential.get().equals(row.now.head().credential())) {
                newestFirst.add(0, row.summary());
            }
        }
        return newestFirst.stream().limit(limit).toList();
    }
}
