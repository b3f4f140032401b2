package dev.keyturn.daemon;

import dev.keyturn.policy.Durations;
import dev.keyturn.rotation.Compromise;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.CredentialStatus;
import dev.keyturn.rotation.Drift;
import dev.keyturn.rotation.Failure;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Notice;
import dev.keyturn.rotation.Notice.Kind;
import dev.keyturn.rotation.Outcome;
import dev.keyturn.rotation.RotationSummary;
import dev.keyturn.rotation.Waiting;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What is wrong with a credential, and what surely isn't, by what the journal knows of it; what is under way is neither.
 *
 * @param over the kinds of trouble it doesn't have
 */
record Health(List<Notice> troubles, Set<Kind> over) {
    /** Ends by which nothing is left to be done: a person gave it up, or recovery cleaned up after a crash. */
    static final Set<String> SETTLED = Set.of("abandoned", "interrupted");

    /** Longer than a rotation takes; nobody is told of a leak that he is just repairing. */
    private static final Duration TO_REPLACE = Duration.ofMinutes(15);

    Health {
        troubles = List.copyOf(troubles);
        over = Set.copyOf(over);
    }

    /** @param key what a partner is to install or to take off */
    static Health of(
            ManagedCredential credential,
            CredentialFacts facts,
            Function<Waiting, Optional<PublicKey>> key,
            Instant now) {
        CredentialStatus status = CredentialStatus.of(credential, Optional.of(facts), now);
        List<Notice> troubles = new ArrayList<>();
        Set<Kind> over = EnumSet.noneOf(Kind.class);
        Optional<RotationSummary> last = facts.lastRotation();
        if (last.map(it -> it.outcome() == Outcome.COMPLETED).orElse(true)) {
            over.add(Kind.FAILED);
        }
        last.flatMap(Health::failure)
                .ifPresent(why -> troubles.add(Notice.failed(credential, now, last.map(RotationSummary::id), why)));
        Optional<Compromise> known = facts.compromiseOf(credential).filter(word -> isLate(word, now));
        if (known.isPresent()) {
            troubles.add(compromised(credential, known.get(), now));
        } else if (status.overdue()) {
            troubles.add(overdue(credential, status, now));
        } else {
            over.add(Kind.OVERDUE);
        }
        if (facts.drift() == Drift.NONE) {
            over.add(Kind.DRIFT);
        } else {
            troubles.add(drift(credential, facts, now));
        }
        Optional<Waiting> waiting = status.waiting();
        for (Waiting.What what : Waiting.What.values()) {
            if (waiting.filter(it -> it.what() == what).isEmpty()) {
                over.add(kind(what));
            }
        }
        waiting.ifPresent(it -> troubles.add(awaiting(credential, it, key.apply(it), last.orElseThrow(), now)));
        return new Health(troubles, over);
    }

    private static Optional<Failure> failure(RotationSummary last) {
        boolean settled = last.finishedAt().isPresent();
        return last.failure().filter(why -> !(settled && SETTLED.contains(why.kind())));
    }

    /** Its rotation has had its time; a clock that was ahead when the word was given doesn't say when. */
    private static boolean isLate(Compromise word, Instant now) {
        return word.since().isAfter(now) || !now.isBefore(word.since().plus(TO_REPLACE));
    }

    private static Notice compromised(ManagedCredential credential, Compromise word, Instant now) {
        String name = credential.name();
        return Notice.of(
                        Kind.OVERDUE,
                        credential,
                        now,
                        name + ": others know its secret, as "
                                + word.by().name().orElse("somebody") + " said at " + word.since() + " ("
                                + word.reason() + "), and it is still in use",
                        "See what keeps it from being replaced: keyturn why " + name + "; then replace it: keyturn"
                                + " rotate " + name + " --compromised")
                .with(Notice.Reference.ofKind("compromised"));
    }

    private static Notice overdue(ManagedCredential credential, CredentialStatus status, Instant now) {
        return Notice.of(
                Kind.OVERDUE,
                credential,
                now,
                credential.name() + age(status, now) + "; policy "
                        + credential.policy().name() + " allows "
                        + Durations.print(credential.policy().maxAge().orElseThrow()),
                "See what keeps it from being rotated: keyturn status " + credential.name() + "; or rotate it now:"
                        + " keyturn rotate " + credential.name());
    }

    private static String age(CredentialStatus status, Instant now) {
        Duration age = status.age().orElseThrow();
        return age.isNegative()
                ? ": in use since " + now.minus(age) + ", says the store, and by this machine's clock it is " + now
                        + ": one of the two clocks was wrong, so nobody knows how old it is"
                : ": in use for " + age.toDays() + " days";
    }

    private static Notice drift(ManagedCredential credential, CredentialFacts facts, Instant now) {
        Notice drift = Notice.of(
                Kind.DRIFT,
                credential,
                now,
                credential.name()
                        + (facts.drift() == Drift.ALERT
                                ? ": a key on the host looks like ours and isn't in the store, or the idle account's"
                                        + " password isn't the store's, as the check of "
                                : ": host, Dromo and store no longer hold the same credential, as the check of ")
                        + facts.lastVerifiedAt().map(Instant::toString).orElse("an unknown date") + " found",
                "See what differs: keyturn verify " + credential.name());
        // Another fact, lest Dromo's end goes untold because of a stranger's key that was told of yesterday.
        return facts.drift() == Drift.ALERT ? drift.with(Notice.Reference.ofKind("needs_a_person")) : drift;
    }

    private static Notice awaiting(
            ManagedCredential credential,
            Waiting waiting,
            Optional<PublicKey> key,
            RotationSummary rotation,
            Instant now) {
        String name = credential.name();
        boolean install = waiting.what() == Waiting.What.INSTALL;
        return Notice.of(
                        kind(waiting.what()),
                        credential,
                        now,
                        name + ": waits since " + waiting.since() + " for the partner to "
                                + (install ? "install the new key beside the old one" : "take the old key off"),
                        "Send the partner the key (keyturn show-key " + (install ? "" : "--old ") + name
                                + "); Keyturn tries it and goes on by itself.")
                .with(new Notice.Reference(
                        Optional.of(rotation.id()),
                        Optional.empty(),
                        Optional.empty(),
                        waiting.key().map(Fingerprint::text),
                        key.map(it -> it.line() + (install ? " keyturn:" + name : ""))));
    }

    private static Kind kind(Waiting.What what) {
        return switch (what) {
            case INSTALL -> Kind.AWAITING_INSTALL;
            case WITHDRAWAL -> Kind.AWAITING_WITHDRAWAL;
        };
    }
}
