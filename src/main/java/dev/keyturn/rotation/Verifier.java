package dev.keyturn.rotation;

import dev.keyturn.rotation.AuditEvent.Result;
import dev.keyturn.secret.LoginSecret;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The three-way check: our own login on the host, Dromo's record, Dromo's own login. Changes nothing outside. */
public final class Verifier {
    private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);

    private final Hosts hosts;
    private final Dromo dromo;
    private final Journal journal;
    private final AuditTrail audit;
    private final Clock clock;
    private final Attempts attempts;

    public Verifier(Hosts hosts, Dromo dromo, Rotator.Records records, Rotator.Timing timing) {
        this.hosts = hosts;
        this.dromo = dromo;
        this.journal = records.journal();
        this.audit = records.audit();
        this.clock = timing.clock();
        this.attempts = new Attempts(timing.sleeper());
    }

    /**
     * One of the three views.
     *
     * @param name {@code host}, {@code dromo record} or {@code dromo login}
     * @param finding what was found; for a failure also what to do
     */
    public record Check(String name, boolean sound, String finding) {}

    /** @param checks in the order they were made; those that could not be made are not sound */
    public record Verification(String credential, List<Check> checks) {
        public Verification {
            checks = List.copyOf(checks);
        }

        public boolean sound() {
            return checks.stream().allMatch(Check::sound);
        }
    }

    /** Makes all three checks, also where one fails. */
    public Verification verify(ManagedCredential credential, Actor actor) {
        Optional<SecretVersion> current = journal.facts(credential.name()).flatMap(CredentialFacts::current);
        List<Check> checks = new ArrayList<>();
        checks.add(current.map(version -> host(credential, version))
                .orElseGet(() -> new Check(
                        "host", false, "the store has no secret for it; run: keyturn adopt " + credential.name())));
        checks.add(record(credential, current));
        checks.add(login(credential));
        Verification verification = new Verification(credential.name(), checks);
        write(credential, actor, current, verification);
        return verification;
    }

    private void write(
            ManagedCredential credential, Actor actor, Optional<SecretVersion> current, Verification verification) {
        boolean sound = verification.sound();
        AuditEvent event = AuditEvent.of(sound ? "credential.verified" : "credential.drifted")
                .by(actor)
                .ofCredential(credential.name())
                .on(credential.account().toString())
                .keys(current.flatMap(SecretVersion::fingerprint), Optional.empty());
        for (Check check : verification.checks()) {
            event = event.with(check.name().replace(' ', '_'), check.finding());
        }
        audit.append(event.result(sound ? Result.SUCCESS : Result.FAILURE, Optional.empty()));
        if (current.isPresent()) {
            journal.verified(credential.name(), clock.instant(), sound);
        }
        LOG.atLevel(sound ? org.slf4j.event.Level.INFO : org.slf4j.event.Level.WARN)
                .addKeyValue("credential", credential.name())
                .addKeyValue("sound", sound)
                .log("Verified");
    }

    private Check host(ManagedCredential credential, SecretVersion version) {
        String name = "host";
        try (HostVisit visit = hosts.visit(credential);
                LoginSecret secret = journal.secret(version)) {
            List<String> listed = credential.probeDirectory().map(List::of).orElse(List.of("."));
            return attempts.repeatable(() -> visit.login(secret, listed)) == HostVisit.Verdict.ACCEPTED
                    ? new Check(name, true, "logs in")
                    : new Check(
                            name,
                            false,
                            "the host refuses the credential in the store; somebody changed the account "
                                    + credential.account());
        } catch (RemoteException e) {
            return new Check(name, false, e.withHint());
        }
    }

    private Check record(ManagedCredential credential, Optional<SecretVersion> current) {
        String name = "dromo record";
        try {
            Dromo.StoredCredential stored = attempts.repeatable(() -> dromo.retrieve(credential.dromoId()));
            Optional<String> difference = current.isPresent()
                    ? RecordCheck.difference(credential, stored, current.get().fingerprint())
                    : RecordCheck.difference(credential, stored);
            return difference
                    .map(d -> new Check(name, false, "Dromo's record differs: " + d))
                    .orElseGet(() -> new Check(name, true, "as configured"));
        } catch (RemoteException e) {
            return new Check(name, false, e.withHint());
        }
    }

    private Check login(ManagedCredential credential) {
        String name = "dromo login";
        try {
            Dromo.TestResult test = attempts.repeatable(() -> dromo.testConnection(credential.dromoId()));
            return test.success()
                    ? new Check(name, true, "Dromo logs in")
                    : new Check(
                            name, false, "Dromo can't log in: " + test.error().orElse("no reason given"));
        } catch (RemoteException e) {
            return new Check(name, false, e.withHint());
        }
    }
}
