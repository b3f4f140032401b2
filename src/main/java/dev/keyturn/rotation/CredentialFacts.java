package dev.keyturn.rotation;

import dev.keyturn.policy.Due;
import dev.keyturn.policy.DueDate;
import dev.keyturn.policy.Past;
import dev.keyturn.policy.Policy;
import dev.keyturn.policy.Schedule;
import dev.keyturn.policy.Shift;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the store knows of a credential.
 *
 * @param current the secret Dromo is known to use; empty where none was adopted or rotated yet
 * @param user whom {@code current} logs in as, of alternating accounts; empty where there is one account, or it is not
 *     known yet
 * @param firstSeenAt when the credential was first known here
 * @param rotatedAt when {@code current} became the one Dromo uses by a rotation; empty before the first
 * @param adoptedAt when a person last handed over a secret
 * @param lastVerifiedAt the last three-way check
 * @param drift what it found; none where there was none
 * @param failuresInARow rotations that did not complete since the last that did
 * @param scheduled the schedule it was last seen with; empty where no daemon has known it
 * @param lastRotation the newest rotation, open or ended
 * @param pause the last that a person asked for and nobody ended; it may have ended by itself
 * @param compromise where secrets that others know are still to be replaced
 */
public record CredentialFacts(
        String credential,
        Optional<SecretVersion> current,
        Optional<String> user,
        Instant firstSeenAt,
        Optional<Instant> rotatedAt,
        Optional<Instant> adoptedAt,
        Optional<Instant> lastVerifiedAt,
        Drift drift,
        int failuresInARow,
        Optional<RotationSummary> lastRotation,
        Optional<Pause> pause,
        Optional<Scheduled> scheduled,
        Optional<Compromise> compromise) {

    /** The pause, where it still holds. */
    public Optional<Pause> pauseAt(Instant now) {
        return pause.filter(it -> it.holdsAt(now));
    }

    /**
     * When a rotation is to begin, as far as the policy's timing, a drift that it mends, the overlap of alternating accounts
     * and a pause say; may lie in the past. Of a compromised secret only the rule for retries says anything.
     *
     * @return empty where nothing gives a date, or a pause has no end
     */
    public Optional<Due> due(ManagedCredential credential, Instant now) {
        Optional<Compromise> word = compromiseOf(credential);
        if (word.isPresent()) {
            Due replacing = DueDate.ofCompromised(
                    credential.policy(), past(credential, now), word.get().since(), now);
            Optional<Pause> later = pauseSince(word.get(), now);
            return later.isEmpty()
                    ? Optional.of(replacing)
                    : later.get()
                            .until()
                            .map(until -> replacing.notBefore(new Shift(Shift.Cause.PAUSE, until, "pause")));
        }
        if (pause.isPresent() && pause.get().until().isEmpty()) {
            return Optional.empty();
        }
        Past past = past(credential, now);
        Optional<Due> onSchedule = DueDate.next(credential.policy(), past, now);
        Optional<Due> mending = lastVerifiedAt
                .filter(found -> drifted()
                        && drift == Drift.MENDABLE
                        && credential.policy().rotatesOnDrift())
                .flatMap(found -> DueDate.afterDrift(credential.policy(), past, found, now));
        boolean scheduleFirst = onSchedule.isPresent()
                && mending.isPresent()
                && onSchedule.get().at().isBefore(mending.get().at());
        return scheduleFirst ? onSchedule : mending.or(() -> onSchedule);
    }

    /** Where secrets of the credential's users of today are still to be replaced as compromised. */
    public Optional<Compromise> compromiseOf(ManagedCredential credential) {
        return compromise.filter(word -> word.left(credential) > 0);
    }

    /**
     * The same where nothing holds that back: a pause that was asked for before does not, one that was asked for since
     * does.
     */
    public Optional<Compromise> compromiseInForce(ManagedCredential credential, Instant now) {
        return compromiseOf(credential).filter(word -> pauseSince(word, now).isEmpty());
    }

    private Optional<Pause> pauseSince(Compromise word, Instant now) {
        return pauseAt(now).filter(it -> it.since().isAfter(word.since()));
    }

    /** Whether the last check found something that is not as it should be. */
    public boolean drifted() {
        return current.isPresent() && drift != Drift.NONE;
    }

    /** When it was last known whether all is as it should be: adoptions and rotations prove that too. */
    public Instant provedAt() {
        return Stream.of(lastVerifiedAt, rotatedAt, adoptedAt)
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder())
                .orElse(firstSeenAt);
    }

    /** The same as if nobody had asked for a pause. */
    CredentialFacts resumed() {
        return new CredentialFacts(
                credential,
                current,
                user,
                firstSeenAt,
                rotatedAt,
                adoptedAt,
                lastVerifiedAt,
                drift,
                failuresInARow,
                lastRotation,
                Optional.empty(),
                scheduled,
                compromise);
    }

    /** What its next date follows from. */
    Past past(ManagedCredential credential, Instant now) {
        Optional<Instant> givenUp = lastRotation.filter(Abandonment::ended).flatMap(RotationSummary::finishedAt);
        List<Shift> holds = holds(credential);
        return givenUp.isPresent()
                ? new Past(this.credential, givenUp.get(), rotatedAt, 0, Optional.empty(), holds)
                : new Past(
                        this.credential,
                        countsFrom(credential.policy(), now),
                        rotatedAt,
                        failuresInARow,
                        lastRotation.flatMap(RotationSummary::failedAt),
                        holds);
    }

    private List<Shift> holds(ManagedCredential credential) {
        List<Shift> holds = new ArrayList<>();
        earliestTurn(credential)
                .ifPresent(
                        from -> holds.add(new Shift(Shift.Cause.OVERLAP, from, "overlap of the alternating accounts")));
        pause.flatMap(Pause::until).ifPresent(until -> holds.add(new Shift(Shift.Cause.PAUSE, until, "pause")));
        return holds;
    }

    /**
     * What the policy's schedule counts from: the last success, else the adoption, else the first sight. A date that lies
     * before the credential got this schedule was never promised: there {@code cron} counts from then, and {@code every}
     * does where nothing was rotated yet.
     */
    public Instant countsFrom(Policy policy, Instant now) {
        Instant known = rotatedAt.or(() -> adoptedAt).orElse(firstSeenAt);
        if (policy.schedule().isEmpty()
                || (rotatedAt.isPresent() && policy.schedule().get() instanceof Schedule.Every)) {
            return known;
        }
        String schedule = policy.schedule().get().describe();
        Instant since = scheduled
                .filter(it -> it.schedule().equals(schedule))
                .map(Scheduled::since)
                .orElse(now);
        return since.isAfter(known) ? since : known;
    }

    /**
     * Before when alternating accounts are not rotated: for the policy's overlap after the last switch, work that Dromo
     * began before it may log in to the other account. Empty where nothing has to be waited for.
     */
    Optional<Instant> earliestTurn(ManagedCredential credential) {
        Duration overlap = credential.policy().overlap();
        return credential.alternate().isEmpty() || user.isEmpty() || overlap.isZero()
                ? Optional.empty()
                : rotatedAt.map(switched -> switched.plus(overlap));
    }
}
