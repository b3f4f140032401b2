package dev.keyturn.rotation;

import dev.keyturn.policy.Due;
import dev.keyturn.policy.DueDate;
import dev.keyturn.policy.Past;
import dev.keyturn.policy.Shift;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

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
 * @param verifiedSound what it found; true where there was none
 * @param failuresInARow rotations that did not complete since the last that did
 * @param lastRotation the newest rotation, open or ended
 */
public record CredentialFacts(
        String credential,
        Optional<SecretVersion> current,
        Optional<String> user,
        Instant firstSeenAt,
        Optional<Instant> rotatedAt,
        Optional<Instant> adoptedAt,
        Optional<Instant> lastVerifiedAt,
        boolean verifiedSound,
        int failuresInARow,
        Optional<RotationSummary> lastRotation) {

    /**
     * When a rotation is to begin, as far as the policy's timing and the overlap of alternating accounts say; may lie in the
     * past.
     */
    public Optional<Due> due(ManagedCredential credential, Instant now) {
        return DueDate.next(credential.policy(), past(credential), now);
    }

    private Past past(ManagedCredential credential) {
        Optional<Shift> hold = earliestTurn(credential)
                .map(from -> new Shift(Shift.Cause.OVERLAP, from, "overlap of the alternating accounts"));
        Optional<Instant> givenUp = lastRotation.filter(Abandonment::ended).flatMap(RotationSummary::finishedAt);
        return givenUp.isPresent()
                ? new Past(this.credential, givenUp.get(), 0, Optional.empty(), hold)
                : new Past(
                        this.credential,
                        countsFrom(),
                        failuresInARow,
                        lastRotation.flatMap(RotationSummary::failedAt),
                        hold);
    }

    /** What a schedule counts from: the last success, else the adoption, else the first sight. */
    public Instant countsFrom() {
        return rotatedAt.or(() -> adoptedAt).orElse(firstSeenAt);
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
