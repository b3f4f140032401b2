package dev.keyturn.rotation;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Why a rotation that was asked for is not begun now, although nothing is wrong with the credential. */
final class NotNow {
    private NotNow() {}

    /** Empty where it can begin. */
    static Optional<Failure> of(ManagedCredential credential, CredentialFacts facts, Instant now) {
        Optional<Pause> pause = facts.pauseAt(now);
        return pause.isPresent()
                ? Optional.of(paused(credential, pause.get()))
                : facts.earliestTurn(credential).filter(now::isBefore).map(from -> tooSoon(credential, facts, from));
    }

    private static Failure paused(ManagedCredential credential, Pause pause) {
        return new Failure(
                Step.PREFLIGHT,
                FailureKind.PAUSED.label(),
                credential.name() + ": paused since " + pause.since()
                        + pause.by().name().map(name -> " by " + name).orElse("")
                        + pause.until().map(until -> " until " + until).orElse("")
                        + pause.reason().map(reason -> ": " + reason).orElse("") + "; nothing was changed",
                "the one in use; the pause changes nothing about it",
                "Run keyturn resume " + credential.name()
                        + " first, or wait until the pause is over. If it was compromised: keyturn"
                        + " rotate --compromised " + credential.name() + ".");
    }

    /** Of alternating accounts the one whose turn it is may still be in use. */
    private static Failure tooSoon(ManagedCredential credential, CredentialFacts facts, Instant from) {
        String active = facts.user().orElseThrow();
        String idle = credential.alternate().orElseThrow().other(active);
        return new Failure(
                Step.OVERLAP,
                FailureKind.IN_OVERLAP.label(),
                credential.name() + ": Dromo was switched to " + active + " at "
                        + facts.rotatedAt().orElseThrow().truncatedTo(ChronoUnit.SECONDS)
                        + "; what it began before that may log in as " + idle
                        + " until "
                        + from.truncatedTo(ChronoUnit.SECONDS)
                        + ", the end of the policy's overlap, and would fail if its password changed now",
                "Dromo logs in as " + active + "; the password of " + idle + " is valid too",
                "Wait until then. If it can't wait, set overlap: 0s in policy "
                        + credential.policy().name()
                        + " and rotate again; if a password was compromised: keyturn rotate"
                        + " --compromised " + credential.name() + ", which changes both.");
    }
}
