package dev.keyturn.daemon;

import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.Journal;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Notice;
import dev.keyturn.rotation.Notice.Kind;
import dev.keyturn.rotation.Notices;
import dev.keyturn.rotation.Outcome;
import dev.keyturn.rotation.RotationResult;
import dev.keyturn.rotation.Waiting;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.PublicKey;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reports to {@link Notices} how each credential stands: after each of its turns, and all of them now and then. */
final class Lookout {
    private static final Set<Kind> ENDED_BY_A_ROTATION = EnumSet.of(Kind.FAILED, Kind.DRIFT, Kind.AWAITING_INSTALL);

    private final Journal journal;
    private final Notices notices;
    private final Clock clock;

    Lookout(Journal journal, Notices notices, Clock clock) {
        this.journal = journal;
        this.notices = notices;
        this.clock = clock;
    }

    boolean isBlind() {
        return notices == Notices.NONE;
    }

    /** @param credentials by name */
    void lookAtAll(Map<String, ManagedCredential> credentials) {
        journal.facts(facts -> {
            ManagedCredential credential = credentials.get(facts.credential());
            if (credential != null) {
                report(credential, facts);
            }
        });
    }

    /** A check came to an end, or a person changed something. People are told of a drift, and of its end, when it is found. */
    void checked(ManagedCredential credential) {
        if (!isBlind()) {
            journal.facts(credential.name()).ifPresent(facts -> report(credential, facts));
        }
    }

    /**
     * A turn came to an end.
     *
     * @param interrupted whether it settled a rotation that a former process had left in the middle
     */
    void turned(ManagedCredential credential, RotationResult result, boolean interrupted) {
        if (isBlind()) {
            return;
        }
        Instant now = clock.instant();
        boolean settled = interrupted
                && result.failure()
                        .map(why -> Health.SETTLED.contains(why.kind()))
                        .orElse(true);
        if (settled) {
            notices.raise(settled(credential, result, now));
        }
        boolean inUse = result.outcome() == Outcome.COMPLETED || result.outcome() == Outcome.OVERLAP;
        if (result.failure().isEmpty() && inUse) {
            notices.over(ENDED_BY_A_ROTATION, recovered(credential, "is in use; the rotation went through", now));
        }
        // Not each refusal is in the journal. That nothing was begun is no trouble: who asked for it is told.
        result.failure()
                .filter(why -> !settled && result.rotation().isPresent())
                .ifPresent(why -> notices.raise(Notice.failed(credential, now, result.rotation(), why)));
        journal.facts(credential.name()).ifPresent(facts -> report(credential, facts));
    }

    /** The turn met a bug of ours; another one follows. */
    void stumbled(ManagedCredential credential, Throwable bug) {
        notices.raise(Notice.of(
                        Kind.FAILED,
                        credential,
                        clock.instant(),
                        credential.name() + ": its turn met a bug of Keyturn ("
                                + bug.getClass().getSimpleName() + ")",
                        "Please report what the log says. Where the rotation stands: keyturn status "
                                + credential.name())
                .with(Notice.Reference.ofKind("internal_error")));
    }

    /** The daemon ends, since it may no longer change anything. */
    void ended(String kind, RuntimeException why) {
        notices.raise(Notice.general(
                Kind.FAILED,
                clock.instant(),
                kind,
                "the daemon ends and changes nothing more: " + why.getMessage(),
                "Mend the cause, then start it again; it settles what is open."));
    }

    /** The daemon has gone on for a while; whoever was told that it ended hears of that. */
    void goesOn() {
        notices.over(
                EnumSet.of(Kind.FAILED),
                Notice.general(Kind.RECOVERED, clock.instant(), "-", "the daemon runs again", "")
                        .with(Notice.Reference.NONE));
    }

    private void report(ManagedCredential credential, CredentialFacts facts) {
        Instant now = clock.instant();
        Health health = Health.of(credential, facts, waiting -> key(credential, waiting), now);
        notices.over(health.over(), recovered(credential, "is well again", now));
        health.troubles().forEach(notices::raise);
    }

    private Optional<PublicKey> key(ManagedCredential credential, Waiting waiting) {
        return journal.open(credential.name())
                .flatMap(open -> switch (waiting.what()) {
                    case INSTALL -> open.candidate();
                    case WITHDRAWAL -> open.head().previous();
                })
                .flatMap(journal::publicKey);
    }

    private static Notice recovered(ManagedCredential credential, String how, Instant now) {
        return Notice.of(Kind.RECOVERED, credential, now, credential.name() + ": " + how, "");
    }

    private static Notice settled(ManagedCredential credential, RotationResult result, Instant now) {
        return Notice.of(
                        Kind.RECOVERED,
                        credential,
                        now,
                        credential.name() + ": a rotation that was interrupted was settled, as "
                                + result.outcome().label(),
                        "")
                .with(new Notice.Reference(
                        result.rotation(),
                        Optional.empty(),
                        Optional.empty(),
                        result.fingerprint().map(Fingerprint::text),
                        Optional.empty()));
    }
}
