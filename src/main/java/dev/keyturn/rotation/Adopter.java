package dev.keyturn.rotation;

import dev.keyturn.rotation.AuditEvent.Result;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Takes over the credential that is in use today: after proving that it logs in on the host and, for a key, that Dromo
 * holds the same one. Changes nothing on host or in Dromo.
 */
public final class Adopter {
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final Hosts hosts;
    private final Dromo dromo;
    private final Rotator.Records records;
    private final Clock clock;
    private final Attempts attempts;

    public Adopter(Hosts hosts, Dromo dromo, Rotator.Records records, Rotator.Timing timing) {
        this.hosts = hosts;
        this.dromo = dromo;
        this.records = records;
        this.clock = timing.clock();
        this.attempts = new Attempts(timing.sleeper());
    }

    /**
     * @param secret stays the caller's
     * @return why it was not adopted; empty where it was
     * @throws BusyException where a rotation of the credential is in flight
     */
    public Optional<String> adopt(ManagedCredential credential, LoginSecret secret, Actor actor) throws BusyException {
        Lease lease = records.journal().lease(credential.name(), records.holder(), clock.instant(), LEASE);
        try {
            Optional<String> refusal = refusal(credential, secret);
            AuditEvent event = AuditEvent.of("credential.adopted")
                    .by(actor)
                    .ofCredential(credential.name())
                    .on(credential.account().toString())
                    .keys(secret.fingerprint(), Optional.empty());
            if (refusal.isPresent()) {
                records.audit().append(event.result(Result.FAILURE, refusal));
                return refusal;
            }
            SecretVersion version =
                    new SecretVersion(UUID.randomUUID().toString(), secret.authType(), secret.fingerprint());
            // What can't be written down is not done.
            records.audit().append(event.result(Result.SUCCESS, Optional.empty()));
            records.journal().adopt(lease, credential.name(), version, secret, clock.instant());
            return Optional.empty();
        } finally {
            records.journal().release(lease);
        }
    }

    private Optional<String> refusal(ManagedCredential credential, LoginSecret secret) {
        if (records.journal().open(credential.name()).isPresent()) {
            return Optional.of("a rotation of it is still open; run keyturn recover first");
        }
        if (secret.authType() != credential.authType()) {
            return Optional.of(
                    "its policy is for a " + kind(credential.authType()) + ", this is a " + kind(secret.authType()));
        }
        try (HostVisit visit = hosts.visit(credential)) {
            Dromo.StoredCredential stored = attempts.repeatable(() -> dromo.retrieve(credential.dromoId()));
            Optional<String> difference = RecordCheck.difference(credential, stored);
            if (difference.isPresent()) {
                return Optional.of("Dromo's credential " + credential.dromoId() + " isn't the configured one: "
                        + difference.get() + "; correct dromo_id or host in the configuration");
            }
            if (secret.authType() == AuthType.KEY && !stored.fingerprint().equals(secret.fingerprint())) {
                return Optional.of("Dromo holds the key "
                        + stored.fingerprint().map(Fingerprint::text).orElse("(none)") + ", this is "
                        + secret.fingerprint().map(Fingerprint::text).orElse("(none)")
                        + "; hand over the key that Dromo uses today");
            }
            List<String> listed = credential.probeDirectory().map(List::of).orElse(List.of("."));
            if (attempts.repeatable(() -> visit.login(secret, listed)) != HostVisit.Verdict.ACCEPTED) {
                return Optional.of("the host refuses it for " + credential.account());
            }
            return Optional.empty();
        } catch (RemoteException e) {
            return Optional.of(e.withHint());
        }
    }

    private static String kind(AuthType type) {
        return type == AuthType.KEY ? "key" : "password";
    }
}
