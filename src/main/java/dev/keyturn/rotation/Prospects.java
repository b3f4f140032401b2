package dev.keyturn.rotation;

import dev.keyturn.policy.Due;
import dev.keyturn.policy.DueDate;
import dev.keyturn.policy.Past;
import dev.keyturn.policy.Shift;
import dev.keyturn.rotation.Forecast.Planned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the daemon is going to do with one credential, and why that may be nothing. */
public final class Prospects {
    private Prospects() {}

    /**
     * In order, as if there were no other credential.
     *
     * @param facts empty where the store has never heard of it
     */
    public static List<Planned> of(
            ManagedCredential credential, Optional<CredentialFacts> facts, Instant now, Instant until) {
        Optional<Due> settling = facts.flatMap(known -> Settling.next(credential, known, now));
        if (settling.isPresent()) {
            return settled(credential, facts.get(), Forecast.of(credential, settling, now, until), now);
        }
        if (!canBegin(credential, facts)) {
            return List.of();
        }
        Optional<Waiting> waiting =
                facts.flatMap(CredentialFacts::lastRotation).flatMap(last -> Waiting.of(credential, last, now));
        if (waiting.isPresent()) {
            return List.of(look(credential, facts.get(), waiting.get(), now));
        }
        Optional<Due> first = facts.isPresent()
                ? facts.get().due(credential, now)
                : DueDate.next(credential.policy(), Past.without(credential.name(), now), now);
        return Forecast.of(credential, first, now, until);
    }

    /** For the reader of a list in which the credential is missing; empty where it may well be in it. */
    public static Optional<String> whyNothing(
            ManagedCredential credential, Optional<CredentialFacts> facts, Instant now) {
        boolean hasDate = facts.flatMap(known -> known.due(credential, now)).isPresent();
        if (!hasDate && facts.flatMap(known -> known.compromiseOf(credential)).isPresent()) {
            return Optional.of("paused, although others know its secret; run keyturn resume " + credential.name());
        }
        if (credential.policy().schedule().isEmpty() && !hasDate) {
            return Optional.of("policy " + credential.policy().name() + " has no schedule");
        }
        if (!hasDate
                && facts.flatMap(known -> known.pauseAt(now))
                        .filter(pause -> pause.until().isEmpty())
                        .isPresent()) {
            return Optional.of("paused; run keyturn resume " + credential.name());
        }
        return canBegin(credential, facts)
                ? Optional.empty()
                : Optional.of("never adopted; run keyturn adopt " + credential.name());
    }

    private static boolean canBegin(ManagedCredential credential, Optional<CredentialFacts> facts) {
        return credential.install().worksWithoutOldSecret()
                || facts.flatMap(CredentialFacts::current).isPresent();
    }

    private static List<Planned> settled(
            ManagedCredential credential, CredentialFacts facts, List<Planned> dates, Instant now) {
        if (dates.isEmpty() || !isReplacedAfterwards(credential, facts, now)) {
            return dates;
        }
        List<Planned> all = new ArrayList<>(dates);
        Instant settled = dates.get(0).at().plus(Forecast.LENGTH);
        all.add(1, new Planned(credential, settled, List.of(DueDate.compromised(settled))));
        return all;
    }

    /** When the partner is done nobody knows, so there is no further date. */
    private static Planned look(ManagedCredential credential, CredentialFacts facts, Waiting waiting, Instant now) {
        Instant at = waiting.nextTry();
        String why = "looks whether the partner is done"
                + (isReplacedAfterwards(credential, facts, now)
                        ? ", and then replaces the secret that others know"
                        : "");
        return new Planned(credential, at.isBefore(now) ? now : at, List.of(new Shift(Shift.Cause.SCHEDULE, at, why)));
    }

    /** A rotation that was open when somebody said that others know the secret doesn't replace it. */
    private static boolean isReplacedAfterwards(ManagedCredential credential, CredentialFacts facts, Instant now) {
        Optional<Instant> began = facts.lastRotation().map(RotationSummary::startedAt);
        return facts.compromiseInForce(credential, now)
                .filter(word -> began.filter(it -> it.isBefore(word.since())).isPresent())
                .isPresent();
    }
}
