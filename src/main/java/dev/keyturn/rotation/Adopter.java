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
     * @param user which one of two alternating accounts it is of; empty for the one that Dromo logs in to
     * @return why it was not adopted; empty where it was
     * @throws BusyException where a rotation of the credential is in flight
     */
    public Optional<String> adopt(ManagedCredential credential, LoginSecret secret, Optional<String> user, Actor actor)
            throws BusyException {
        Lease lease = records.journal().lease(credential.name(), records.holder(), clock.instant(), LEASE);
        try {
            Examined examined = examine(credential, secret, user);
            Optional<String> refusal = examined.refusal();
            AuditEvent event = AuditEvent.of("credential.adopted")
                    .by(actor)
                    .ofCredential(credential.name())
                    .on(examined.at().account().toString())
                    .keys(secret.fingerprint(), Optional.empty());
            if (refusal.isPresent()) {
                records.audit().append(event.result(Result.FAILURE, refusal));
                return refusal;
            }
            SecretVersion version =
                    new SecretVersion(UUID.randomUUID().toString(), secret.authType(), secret.fingerprint());
            // What can't be written down is not done.
            records.audit().append(event.result(Result.SUCCESS, Optional.empty()));
            keep(lease, examined, version, secret);
            return Optional.empty();
        } finally {
            records.journal().release(lease);
        }
    }

    private void keep(Lease lease, Examined examined, SecretVersion version, LoginSecret secret) {
        ManagedCredential at = examined.at();
        String user = at.account().user();
        if (examined.idle()) {
            records.journal().adoptIdle(lease, at.name(), version, secret, user);
        } else {
            Optional<String> whose = at.alternate().map(pair -> user);
            records.journal().adopt(lease, at.name(), version, secret, whose, clock.instant());
        }
    }

    /**
     * What a look at host and Dromo came to.
     *
     * @param at the credential with the account whose secret it is
     * @param idle whether Dromo logs in to the other account
     */
    private record Examined(ManagedCredential at, boolean idle, Optional<String> refusal) {}

    private Examined examine(ManagedCredential credential, LoginSecret secret, Optional<String> user) {
        if (user.isPresent()
                && !credential.alternate().map(pair -> pair.has(user.get())).orElse(false)) {
            return new Examined(
                    credential,
                    false,
                    Optional.of("its accounts are not those of user " + user.get()
                            + "; a user is for credentials with alternate.users, and one of them"));
        }
        ManagedCredential at = user.map(credential::on).orElse(credential);
        Optional<String> refusal = refusal(credential, secret);
        if (refusal.isPresent()) {
            return new Examined(at, false, refusal);
        }
        try {
            Dromo.StoredCredential stored = attempts.repeatable(() -> dromo.retrieve(credential.dromoId()));
            ManagedCredential active = credential
                    .alternate()
                    .filter(pair -> pair.has(stored.user()))
                    .map(pair -> credential.on(stored.user()))
                    .orElse(credential);
            ManagedCredential whose = user.map(credential::on).orElse(active);
            boolean idle = !whose.account().equals(active.account());
            return new Examined(whose, idle, refusal(active, whose, stored, secret, idle));
        } catch (RemoteException e) {
            return new Examined(at, false, Optional.of(e.withHint()));
        }
    }

    private Optional<String> refusal(ManagedCredential credential, LoginSecret secret) {
        Optional<RotationState> open = records.journal().open(credential.name());
        if (open.isPresent()) {
            return open.map(Adopter::stillOpen);
        }
        if (secret.authType() != credential.authType()) {
            return Optional.of(
                    "its policy is for a " + kind(credential.authType()) + ", this is a " + kind(secret.authType()));
        }
        return Optional.empty();
    }

    private static String stillOpen(RotationState open) {
        String name = open.head().credential();
        if (open instanceof RotationState.Overlapping overlapping) {
            return "its last rotation is in its overlap until " + overlapping.until()
                    + ", and Dromo uses the key that it made; hand another over after that";
        }
        return switch (open.kind()) {
            case AWAITING_INSTALL ->
                "a rotation of it waits for the partner to install the new key (keyturn show-key " + name
                        + " prints it); let it come to its end, or give it up first with: keyturn recover --abandon "
                        + name;
            case AWAITING_WITHDRAWAL ->
                "a rotation of it waits for the partner to take the old key off (keyturn show-key --old " + name
                        + " prints it); once that is done, run keyturn recover, and then hand over the key";
            default -> "a rotation of it is still open; run keyturn recover first";
        };
    }

    /** @param active the credential with the account that Dromo logs in to */
    private Optional<String> refusal(
            ManagedCredential active,
            ManagedCredential whose,
            Dromo.StoredCredential stored,
            LoginSecret secret,
            boolean idle)
            throws RemoteException {
        try (HostVisit visit = hosts.visit(whose)) {
            Optional<String> difference = RecordCheck.difference(active, stored);
            if (difference.isPresent()) {
                return Optional.of("Dromo's credential " + active.dromoId() + " isn't the configured one: "
                        + difference.get() + "; correct dromo_id or host in the configuration");
            }
            if (secret.authType() == AuthType.KEY && !stored.fingerprint().equals(secret.fingerprint())) {
                return Optional.of("Dromo holds the key "
                        + stored.fingerprint().map(Fingerprint::text).orElse("(none)") + ", this is "
                        + secret.fingerprint().map(Fingerprint::text).orElse("(none)")
                        + "; hand over the key that Dromo uses today");
            }
            String user = whose.account().user();
            boolean inUse = records.journal()
                    .facts(whose.name())
                    .flatMap(CredentialFacts::user)
                    .equals(Optional.of(user));
            if (idle && inUse) {
                return Optional.of("the store knows " + user + " as the user that Dromo logs in as, Dromo says "
                        + stored.user() + "; hand over the password of " + stored.user() + " first");
            }
            List<String> listed = whose.probeDirectory().map(List::of).orElse(List.of("."));
            if (attempts.repeatable(() -> visit.login(secret, listed)) != HostVisit.Verdict.ACCEPTED) {
                return Optional.of("the host refuses it for " + whose.account());
            }
            return Optional.empty();
        }
    }

    private static String kind(AuthType type) {
        return type == AuthType.KEY ? "key" : "password";
    }
}
