package dev.keyturn.rotation;

import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Dromo in memory, logging in to a {@link FakeHosts}; and what goes wrong in it. A test that has one credential only need
 * not name it.
 */
final class FakeDromo implements Dromo {
    private final FakeHosts hosts;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    final List<Connector> connectors = new ArrayList<>();
    final List<String> calls = new ArrayList<>();
    CrashPoints crash = new CrashPoints();
    private final List<Fault> planned = new ArrayList<>();
    /** What the next answers claim instead of the stored key's fingerprint. */
    Optional<Fingerprint> claimed = Optional.empty();
    /** How often a test fails from now on, whatever is stored. */
    int failingTests;

    private Optional<Fingerprint> claimAfterPut = Optional.empty();
    private Optional<DromoException.Fault> failGetsAfterPut = Optional.empty();
    private Optional<Account> misplaced = Optional.empty();
    private int lost;
    private Optional<LoginSecret> foreign = Optional.empty();

    /** The PUT after this call is answered with another fingerprint than the stored key's. */
    void claimAfterNextPut(Optional<Fingerprint> fingerprint) {
        claimAfterPut = fingerprint;
    }

    /** From the next PUT on, GETs fail. */
    void failGetsAfterNextPut(DromoException.Fault fault) {
        failGetsAfterPut = Optional.of(fault);
    }

    /** The PUT after the next one is lost on its way, and nobody says so. */
    void loseSecondPut() {
        lost = 2;
    }

    /** Somebody else writes at the moment of the next PUT. */
    void overwriteAtNextPut(LoginSecret secret) {
        foreign = Optional.of(secret);
    }

    private static final class Entry {
        private final String id;
        private Account account;
        private LoginSecret secret;

        Entry(String id, Account account, LoginSecret secret) {
            this.id = id;
            this.account = account;
            this.secret = secret;
        }
    }

    private record Fault(String call, boolean after, DromoException exception, int[] times) {}

    FakeDromo(FakeHosts hosts) {
        this.hosts = hosts;
    }

    void seed(String id, Account account, LoginSecret secret) {
        entries.put(id, new Entry(id, account, secret.copy()));
    }

    private Entry first() {
        return entries.values().iterator().next();
    }

    void before(String call, DromoException.Fault fault, int times) {
        planned.add(new Fault(call, false, new DromoException(fault, "injected before " + call), new int[] {times}));
    }

    void after(String call, DromoException.Fault fault, int times) {
        planned.add(new Fault(call, true, new DromoException(fault, "injected after " + call), new int[] {times}));
    }

    void clearFaults() {
        planned.clear();
        claimed = Optional.empty();
        failingTests = 0;
    }

    /** Somebody else writes. */
    void overwrite(LoginSecret secret) {
        first().secret = secret.copy();
    }

    /** The next PUT is answered by nobody, and stored for another account. */
    void misplaceNextPut(Account to) {
        misplaced = Optional.of(to);
    }

    void move(Account to) {
        first().account = to;
    }

    String user() {
        return first().account.user();
    }

    LoginSecret stored() {
        return first().secret;
    }

    boolean logsIn() {
        return hosts.accepts(first().account.user(), stored());
    }

    @Override
    public StoredCredential retrieve(String id) throws DromoException {
        Entry entry = begin("GET", id);
        StoredCredential record = record(entry);
        fire("GET", true);
        return record;
    }

    @Override
    public StoredCredential update(String id, Account to, LoginSecret secret) throws DromoException {
        foreign.ifPresent(this::overwrite);
        foreign = Optional.empty();
        failGetsAfterPut.ifPresent(fault -> before("GET", fault, 1000));
        failGetsAfterPut = Optional.empty();
        Entry entry = begin("PUT", id);
        if (secret instanceof LoginSecret.Password password && password.value().length() == 0) {
            throw new DromoException(DromoException.Fault.REJECTED, "PUT " + id + ": an empty password keeps the old");
        }
        if (lost > 0 && --lost == 0) {
            throw new DromoException(DromoException.Fault.NO_ANSWER, "injected: the PUT was lost");
        }
        claimed = claimAfterPut;
        claimAfterPut = Optional.empty();
        entry.account = misplaced.orElse(to);
        entry.secret = secret.copy();
        if (misplaced.isPresent()) {
            misplaced = Optional.empty();
            throw new DromoException(DromoException.Fault.NO_ANSWER, "injected: misplaced");
        }
        crash.reach("after dromo PUT");
        fire("PUT", true);
        return record(entry);
    }

    @Override
    public TestResult testConnection(String id) throws DromoException {
        Entry entry = begin("TEST", id);
        boolean success = hosts.accepts(entry.account.user(), entry.secret);
        if (failingTests > 0) {
            failingTests--;
            success = false;
        }
        fire("TEST", true);
        return new TestResult(success, success ? Optional.empty() : Optional.of("Authentication failed"));
    }

    @Override
    public List<StoredCredential> credentials() throws DromoException {
        called("LIST");
        return entries.values().stream().map(this::record).toList();
    }

    @Override
    public List<Connector> connectors() throws DromoException {
        called("CONNECTORS");
        return List.copyOf(connectors);
    }

    private StoredCredential record(Entry entry) {
        Optional<Fingerprint> fingerprint =
                entry.secret.authType() == AuthType.KEY ? claimed.or(entry.secret::fingerprint) : Optional.empty();
        Account account = entry.account;
        return new StoredCredential(
                entry.id, account.hostname(), account.port(), account.user(), entry.secret.authType(), fingerprint);
    }

    private Entry begin(String call, String id) throws DromoException {
        called(call);
        Entry entry = entries.get(id);
        if (entry == null) {
            throw new DromoException(DromoException.Fault.NOT_FOUND, call + " " + id + ": Not found.");
        }
        return entry;
    }

    private void called(String call) throws DromoException {
        calls.add(call);
        crash.reach("before dromo " + call);
        fire(call, false);
    }

    private void fire(String call, boolean after) throws DromoException {
        for (Fault fault : planned) {
            if (fault.call().equals(call) && fault.after() == after && fault.times()[0] > 0) {
                fault.times()[0]--;
                throw fault.exception();
            }
        }
    }
}
