package dev.keyturn.rotation;

import dev.keyturn.policy.Due;
import dev.keyturn.policy.Past;
import dev.keyturn.secret.Fingerprint;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How a credential stands, as {@code status} shows it.
 *
 * @param user whom Dromo logs in as; empty of alternating accounts where that is not known yet
 * @param age of the secret in use; empty where it is not known
 * @param nextRotationAt empty where no schedule gives one; may lie in the past, then it is due now. Where it waits for a
 *     partner, when the daemon looks next whether that was done; where one failed and is open, when it tries to settle it
 * @param waiting what it waits for a partner to do; empty where it waits for nobody
 * @param pause the one that holds now, whatever the state is
 * @param compromise where secrets that others know are still to be replaced, whatever the state is
 */
public record CredentialStatus(
        ManagedCredential credential,
        State state,
        Optional<String> user,
        Optional<Fingerprint> fingerprint,
        Optional<Instant> rotatedAt,
        Optional<Duration> age,
        boolean overdue,
        Optional<Instant> nextRotationAt,
        Optional<RotationSummary> lastRotation,
        Optional<Instant> lastVerifiedAt,
        Optional<Waiting> waiting,
        Optional<Pause> pause,
        Optional<Compromise> compromise) {

    /** The values of {@code state} in {@code status --json}, in lower case. */
    public enum State {
        UNMANAGED,
        CURRENT,
        ROTATING,
        OVERLAP,
        AWAITING_INSTALL,
        FAILED,
        DRIFTED,
        PAUSED;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param facts empty where the store has never heard of it */
    public static CredentialStatus of(ManagedCredential credential, Optional<CredentialFacts> facts, Instant now) {
        Optional<Instant> since = facts.filter(f -> f.current().isPresent())
                .flatMap(f -> f.rotatedAt().or(f::adoptedAt));
        Optional<Duration> age = since.map(s -> Duration.between(s, now));
        Optional<Waiting> waiting =
                facts.flatMap(CredentialFacts::lastRotation).flatMap(last -> Waiting.of(credential, last, now));
        return new CredentialStatus(
                credential,
                facts.map(known -> state(known, now)).orElse(State.UNMANAGED),
                credential.alternate().isEmpty()
                        ? Optional.of(credential.account().user())
                        : facts.flatMap(CredentialFacts::user),
                facts.flatMap(CredentialFacts::current).flatMap(SecretVersion::fingerprint),
                facts.flatMap(CredentialFacts::rotatedAt),
                age,
                overdue(credential, since, now),
                waiting.map(Waiting::nextTry).or(() -> next(credential, facts, now)),
                facts.flatMap(CredentialFacts::lastRotation),
                facts.flatMap(CredentialFacts::lastVerifiedAt),
                waiting,
                facts.flatMap(known -> known.pauseAt(now)),
                facts.flatMap(CredentialFacts::compromise).filter(word -> word.left(credential) > 0));
    }

    /** What a clock wrote that was ahead may be of any age, so somebody has to look. */
    private static boolean overdue(ManagedCredential credential, Optional<Instant> since, Instant now) {
        Optional<Duration> maxAge = credential.policy().maxAge();
        return maxAge.isPresent()
                && since.filter(it -> Past.isAhead(it, now)
                                || Duration.between(it, now).compareTo(maxAge.get()) > 0)
                        .isPresent();
    }

    private static Optional<Instant> next(ManagedCredential credential, Optional<CredentialFacts> facts, Instant now) {
        Optional<Due> settling = facts.flatMap(known -> Settling.next(credential, known, now));
        if (settling.isPresent()) {
            return settling.map(Due::at);
        }
        // Without the old secret or an administrator nothing ever begins by itself.
        return facts.filter(f -> f.current().isPresent() || credential.install().worksWithoutOldSecret())
                .flatMap(f -> f.due(credential, now))
                .map(Due::at);
    }

    /**
     * A rotation that was undone or never begun leaves the credential as it was; only one that is still open and doesn't
     * go on by itself is failed. What a person has to look at is shown before a pause that a person knows of.
     */
    private static State state(CredentialFacts facts, Instant now) {
        Optional<RotationSummary> last = facts.lastRotation();
        if (last.isPresent() && last.get().finishedAt().isEmpty()) {
            return switch (last.get().outcome()) {
                case OVERLAP -> State.OVERLAP;
                case AWAITING_INSTALL -> State.AWAITING_INSTALL;
                case FAILED -> State.FAILED;
                default -> State.ROTATING;
            };
        }
        if (facts.drifted()) {
            return State.DRIFTED;
        }
        if (facts.pauseAt(now).isPresent()) {
            return State.PAUSED;
        }
        return facts.current().isPresent() ? State.CURRENT : State.UNMANAGED;
    }
}
