package dev.keyturn.daemon;

import dev.keyturn.policy.Due;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.RotationState;
import dev.keyturn.rotation.RotationSummary;
import dev.keyturn.rotation.Settling;
import dev.keyturn.rotation.Waiting;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** When a credential's next turn and its next check are: pure functions of the policy and of what the journal knows. */
final class Agenda {
    private Agenda() {}

    /**
     * @param open the credential's rotation that has not ended; it is settled at any time of the day
     * @return empty where nothing will happen by itself
     */
    static Optional<Instant> nextTurn(
            ManagedCredential credential, CredentialFacts facts, Optional<RotationState> open, Instant now) {
        if (open.isEmpty()) {
            boolean canBegin =
                    facts.current().isPresent() || credential.install().worksWithoutOldSecret();
            return canBegin ? facts.due(credential, now).map(Due::at) : Optional.empty();
        }
        Optional<Waiting> waiting = facts.lastRotation().flatMap(last -> Waiting.of(credential, last, now));
        if (waiting.isPresent()) {
            return waiting.map(Waiting::nextTry);
        }
        boolean failed = facts.lastRotation().flatMap(RotationSummary::failedAt).isPresent();
        if (!failed) {
            return Optional.of(
                    open.get() instanceof RotationState.Overlapping overlapping
                                    && facts.compromiseInForce(credential, now).isEmpty()
                            ? overlapping.until()
                            : Instant.EPOCH);
        }
        return Settling.next(credential, facts, now).map(Due::at);
    }

    /**
     * When a credential is checked next, whatever it is doing; may lie in the past, then it is due.
     *
     * @param tried when that was last tried, in this process, whatever it came to
     * @param since when this process started
     */
    static Optional<Instant> nextCheck(
            ManagedCredential credential, CredentialFacts facts, Optional<Instant> tried, Instant since, Instant now) {
        return credential.policy().verify().map(verify -> {
            // What a clock wrote that was ahead must not keep anything from being checked until then.
            Instant last = Stream.concat(Stream.of(facts.provedAt()), tried.stream())
                    .filter(at -> !at.isAfter(now))
                    .max(Comparator.naturalOrder())
                    .orElse(since);
            return verify.next(credential.name(), last, since);
        });
    }
}
