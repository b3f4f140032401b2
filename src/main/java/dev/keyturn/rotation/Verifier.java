package dev.keyturn.rotation;

import dev.keyturn.rotation.AuditEvent.Result;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The three-way check: our own login on the host, Dromo's record, Dromo's own login. Changes nothing outside. */
public final class Verifier {
    private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);

    private static final Duration LEASE = Duration.ofMinutes(10);

    private final Hosts hosts;
    private final Dromo dromo;
    private final Journal journal;
    private final AuditTrail audit;
    private final Clock clock;
    private final Attempts attempts;
    private final SharedRecords dromoRecords;
    private final ForeignKeys foreignKeys;
    private final IdleAccount idleAccount;
    private final String holder;

    public Verifier(Hosts hosts, Dromo dromo, Rotator.Records records, Rotator.Timing timing) {
        this.hosts = hosts;
        this.dromo = dromo;
        this.journal = records.journal();
        this.audit = records.audit();
        this.holder = records.holder();
        this.clock = timing.clock();
        this.attempts = new Attempts(timing.sleeper());
        this.dromoRecords = new SharedRecords(dromo, attempts, clock);
        this.foreignKeys = new ForeignKeys(journal);
        this.idleAccount = new IdleAccount(hosts, journal, attempts);
    }

    /**
     * One of the three views, or of what is looked at besides.
     *
     * @param name {@code host}, {@code dromo record} or {@code dromo login}; {@code foreign keys} or {@code idle account}
     * @param finding what was found; for a failure also what to do
     */
    public record Check(String name, Verdict verdict, String finding) {
        static final String FOREIGN_KEYS = "foreign keys";
        static final String IDLE_ACCOUNT = "idle account";
        static final List<String> NAMES = List.of("host", "dromo record", "dromo login", FOREIGN_KEYS, IDLE_ACCOUNT);

        public Check {
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("docs/recover.md knows no check '" + name + "'");
            }
        }

        public boolean sound() {
            return verdict == Verdict.SOUND;
        }

        /** Whether it takes nothing away from the whole. */
        boolean harmless() {
            return sound() || verdict == Verdict.NOT_LOOKED_AT;
        }

        /** Whether a rotation could put it right. */
        boolean mendable() {
            return !name.equals(FOREIGN_KEYS) && !name.equals(IDLE_ACCOUNT);
        }
    }

    /** What a check came to. An outage is no drift: what can't be asked is not known, and says nothing of a change. */
    public enum Verdict {
        SOUND,
        DIFFERENT,
        NOT_KNOWN,
        /** It can't be seen from here, which is no fault of the credential's. */
        NOT_LOOKED_AT;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param checks in the order they were made; those that could not be made are not sound */
    public record Verification(String credential, List<Check> checks) {
        public Verification {
            checks = List.copyOf(checks);
        }

        public boolean sound() {
            return checks.stream().allMatch(Check::harmless);
        }

        /** Whether something is certainly not as it should be. */
        public boolean drifted() {
            return checks.stream().anyMatch(check -> check.verdict() == Verdict.DIFFERENT);
        }

        /** What is certainly not as it should be, by who can put it right. */
        public Drift drift() {
            return checks.stream()
                    .filter(check -> check.verdict() == Verdict.DIFFERENT)
                    .map(check -> check.mendable() ? Drift.MENDABLE : Drift.ALERT)
                    .max(Comparator.naturalOrder())
                    .orElse(Drift.NONE);
        }

        /** What was found by the checks that are not sound, in a line. */
        String unsound() {
            return checks.stream()
                    .filter(check -> !check.harmless())
                    .map(check -> check.name() + ": " + check.finding())
                    .collect(Collectors.joining("; "));
        }
    }

    /**
     * Makes all three checks, also where one fails.
     *
     * @throws BusyException where a rotation of it is in flight: in the middle of one, nothing is as it should be
     */
    public Verification verify(ManagedCredential credential, Actor actor) throws BusyException {
        Lease lease = journal.lease(credential.name(), holder, clock.instant(), LEASE);
        try {
            return verifyUndisturbed(credential, actor);
        } finally {
            journal.release(lease);
        }
    }

    private Verification verifyUndisturbed(ManagedCredential configured, Actor actor) {
        Optional<CredentialFacts> facts = journal.facts(configured.name());
        Optional<SecretVersion> current = facts.flatMap(CredentialFacts::current);
        ManagedCredential credential = facts.flatMap(CredentialFacts::user)
                .or(() -> userInDromo(configured))
                .filter(user -> configured.alternate().isPresent())
                .map(configured::on)
                .orElse(configured);
        List<Check> checks = new ArrayList<>();
        List<Check> onHost = current.map(version -> host(credential, version))
                .orElseGet(() -> List.of(new Check(
                        "host",
                        Verdict.NOT_KNOWN,
                        "the store has no secret for it; run: keyturn adopt " + credential.name())));
        checks.add(onHost.get(0));
        checks.add(record(credential, current));
        // The way to a host that can't be reached may be as closed for Dromo.
        boolean outage = current.isPresent() && checks.get(0).verdict() == Verdict.NOT_KNOWN;
        checks.add(login(credential, outage ? Verdict.NOT_KNOWN : Verdict.DIFFERENT));
        checks.addAll(onHost.subList(1, onHost.size()));
        if (current.isPresent() && !outage) {
            idleAccount.look(credential).ifPresent(checks::add);
        }
        Verification verification = new Verification(credential.name(), checks);
        write(credential, actor, current, verification);
        return verification;
    }

    /** Of alternating accounts of which the store knows nothing yet: the one that Dromo uses. */
    private Optional<String> userInDromo(ManagedCredential credential) {
        if (credential.alternate().isEmpty()) {
            return Optional.empty();
        }
        try {
            String user = attempts.repeatable(() -> dromo.retrieve(credential.dromoId()))
                    .user();
            return Optional.of(user).filter(credential.alternate().get()::has);
        } catch (RemoteException e) {
            // The check of Dromo's record says why.
            return Optional.empty();
        }
    }

    private void write(
            ManagedCredential credential, Actor actor, Optional<SecretVersion> current, Verification verification) {
        boolean drifted = verification.drifted();
        boolean sound = verification.sound();
        AuditEvent event = AuditEvent.of(drifted ? "credential.drifted" : "credential.verified")
                .by(actor)
                .ofCredential(credential.name())
                .on(credential.account().toString())
                .keys(current.flatMap(SecretVersion::fingerprint), Optional.empty());
        for (Check check : verification.checks()) {
            event = event.with(check.name().replace(' ', '_'), check.finding());
        }
        Result result = sound ? Result.SUCCESS : drifted ? Result.FAILURE : Result.UNKNOWN;
        audit.append(event.result(result, Optional.empty()));
        if (current.isPresent() && (sound || drifted)) {
            journal.verified(credential.name(), clock.instant(), verification.drift());
        }
        LOG.atLevel(sound ? Level.INFO : drifted ? Level.ERROR : Level.WARN)
                .addKeyValue("credential", credential.name())
                .addKeyValue("result", result.name().toLowerCase(Locale.ROOT))
                .log(sound ? "Verified" : (drifted ? "Drifted: {}" : "Not known: {}"), verification.unsound());
    }

    private static Check failed(String name, RemoteException e) {
        return new Check(name, saysOfAChange(e) ? Verdict.DIFFERENT : Verdict.NOT_KNOWN, e.withHint());
    }

    /** What stops us alone (our license key, a proxy, a file that is missing here) is no drift of a credential. */
    private static boolean saysOfAChange(RemoteException e) {
        if (e instanceof DromoException dromo) {
            return dromo.fault() == DromoException.Fault.NOT_FOUND;
        }
        return e.disposition() == RemoteException.Disposition.REFUSED
                && !(e instanceof HostException host && host.fault() == HostException.Fault.SECRET_UNAVAILABLE);
    }

    /** Our login; and, in the session that it opens, the keys beside ours. */
    private List<Check> host(ManagedCredential credential, SecretVersion version) {
        String name = "host";
        try (HostVisit visit = hosts.visit(credential);
                LoginSecret secret = journal.secret(version)) {
            List<String> listed = credential.probeDirectory().map(List::of).orElse(List.of("."));
            if (attempts.repeatable(() -> visit.login(secret, listed)) == HostVisit.Verdict.ACCEPTED) {
                return Stream.concat(
                                Stream.of(new Check(name, Verdict.SOUND, "logs in")),
                                foreignKeys.look(visit, credential, secret).stream())
                        .toList();
            }
            return List.of(new Check(
                    name,
                    Verdict.DIFFERENT,
                    "the host refuses the credential in the store; somebody changed the account "
                            + credential.account()));
        } catch (RemoteException e) {
            return List.of(failed(name, e));
        }
    }

    private Check record(ManagedCredential credential, Optional<SecretVersion> current) {
        String name = "dromo record";
        try {
            Optional<Fingerprint> expected = current.flatMap(SecretVersion::fingerprint);
            Dromo.StoredCredential stored = dromoRecords.find(
                    credential.dromoId(),
                    it -> RecordCheck.difference(credential, it, expected).isEmpty());
            return RecordCheck.difference(credential, stored, expected)
                    .map(d -> new Check(name, Verdict.DIFFERENT, "Dromo's record differs: " + d))
                    .orElseGet(() -> new Check(name, Verdict.SOUND, "as configured"));
        } catch (RemoteException e) {
            return failed(name, e);
        }
    }

    /** @param otherwise what it says where Dromo can't log in */
    private Check login(ManagedCredential credential, Verdict otherwise) {
        String name = "dromo login";
        try {
            Dromo.TestResult test = attempts.repeatable(() -> dromo.testConnection(credential.dromoId()));
            return test.success()
                    ? new Check(name, Verdict.SOUND, "Dromo logs in")
                    : new Check(
                            name,
                            otherwise,
                            "Dromo can't log in: " + test.error().orElse("no reason given"));
        } catch (RemoteException e) {
            return failed(name, e);
        }
    }
}
