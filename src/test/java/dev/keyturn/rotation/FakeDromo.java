package dev.keyturn.rotation;

import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Dromo in memory, with one credential, logging in to a {@link FakeHosts}; and what goes wrong in it. */
final class FakeDromo implements Dromo {
    private final FakeHosts hosts;
    private final String id;
    private Account account;
    private LoginSecret stored;
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
    private Optional<LoginSecret> foreign = Optional.empty();

    /** The PUT after this call is answered with another fingerprint than the stored key's. */
    void claimAfterNextPut(Optional<Fingerprint> fingerprint) {
        claimAfterPut = fingerprint;
    }

    /** From the next PUT on, GETs fail. */
    void failGetsAfterNextPut(DromoException.Fault fault) {
        failGetsAfterPut = Optional.of(fault);
    }

    /** Somebody else writes at the moment of the next PUT. */
    void overwriteAtNextPut(LoginSecret secret) {
        foreign = Optional.of(secret);
    }

    private record Fault(String call, boolean after, DromoException exception, int[] times) {}

    FakeDromo(FakeHosts hosts, String id, Account account, LoginSecret stored) {
        this.hosts = hosts;
        this.id = id;
        this.account = account;
        this.stored = stored.copy();
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
        stored = secret.copy();
    }

    void move(Account to) {
        account = to;
    }

    LoginSecret stored() {
        return stored;
    }

    boolean logsIn() {
        return hosts.accepts(stored);
    }

    @Override
    public StoredCredential retrieve(String wanted) throws DromoException {
        begin("GET", wanted);
        StoredCredential record = record();
        fire("GET", true);
        return record;
    }

    @Override
    public StoredCredential update(String wanted, Account to, LoginSecret secret) throws DromoException {
        foreign.ifPresent(this::overwrite);
        foreign = Optional.empty();
        failGetsAfterPut.ifPresent(fault -> before("GET", fault, 1000));
        failGetsAfterPut = Optional.empty();
        begin("PUT", wanted);
        claimed = claimAfterPut;
        claimAfterPut = Optional.empty();
        account = to;
        stored = secret.copy();
        crash.reach("after dromo PUT");
        fire("PUT", true);
        return record();
    }

    @Override
    public TestResult testConnection(String wanted) throws DromoException {
        begin("TEST", wanted);
        boolean success = logsIn();
        if (failingTests > 0) {
            failingTests--;
            success = false;
        }
        fire("TEST", true);
        return new TestResult(success, success ? Optional.empty() : Optional.of("Authentication failed"));
    }

    @Override
    public List<StoredCredential> credentials() throws DromoException {
        begin("LIST", id);
        return List.of(record());
    }

    @Override
    public List<Connector> connectors() throws DromoException {
        begin("CONNECTORS", id);
        return List.copyOf(connectors);
    }

    private StoredCredential record() {
        Optional<Fingerprint> fingerprint =
                stored.authType() == AuthType.KEY ? claimed.or(stored::fingerprint) : Optional.empty();
        return new StoredCredential(
                id, account.hostname(), account.port(), account.user(), stored.authType(), fingerprint);
    }

    private void begin(String call, String wanted) throws DromoException {
        calls.add(call);
        crash.reach("before dromo " + call);
        fire(call, false);
        if (!id.equals(wanted)) {
            throw new DromoException(DromoException.Fault.NOT_FOUND, "GET " + wanted + ": Not found.");
        }
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
