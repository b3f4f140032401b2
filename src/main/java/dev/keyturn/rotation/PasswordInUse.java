package dev.keyturn.rotation;

import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.rotation.HostVisit.Verdict;
import dev.keyturn.secret.LoginSecret;
import java.util.List;
import java.util.Optional;

/**
 * Finds out whether the host takes the password that Dromo has, before anything is replaced: one that the store knows wrongly couldn't be put back, and
 * the way back would strand Dromo.
 */
final class PasswordInUse {
    private final InFlight flight;

    PasswordInUse(InFlight flight) {
        this.flight = flight;
    }

    /**
     * @param head with the password that the store has as the current one
     * @return the same, or with the password of a rotation that was undone and came to have an effect all the same
     * @throws StepException where the host has neither, and nobody may replace it without being sure
     */
    RotationHead find(RotationHead head) throws StepException {
        if (logsIn(flight.secrets().inDromo(head).orElseThrow())) {
            return head;
        }
        Optional<RotationHead> late = head.alternates() ? Optional.empty() : lateEffect(head);
        if (late.isPresent()) {
            return late.get();
        }
        // Where Dromo logs in, somebody gave another password to both. Where it doesn't, it is stranded, which an
        // administrator puts right, or a switch to the other account.
        boolean rescue = head.alternates() || flight.credential().install().worksWithoutOldSecret();
        if (rescue && !dromoLogsIn()) {
            return head;
        }
        throw new StepException(flight.why(
                Step.PREFLIGHT,
                FailureKind.DRIFTED,
                "the host refuses the password that the store knows of "
                        + flight.accounts().active().account().user() + ": somebody else changed it",
                "Find out who; then hand over the password in use with: keyturn adopt "
                        + flight.credential().name() + " --password-file FILE."));
    }

    /**
     * One is tried, for each refusal brings the account nearer to being locked: the newest, and at each further attempt
     * another one.
     */
    private Optional<RotationHead> lateEffect(RotationHead head) throws StepException {
        Optional<SecretVersion> next =
                flight
                        .journal()
                        .kept(head.credential(), flight.accounts().active().account())
                        .stream()
                        .filter(version -> version.authType() == head.authType())
                        .findFirst();
        if (next.isEmpty()) {
            return Optional.empty();
        }
        try (LoginSecret kept = flight.journal().secret(next.get())) {
            if (logsIn(kept)) {
                return Optional.of(head.replacing(next.get()));
            }
        }
        flight.journal().refused(next.get());
        return Optional.empty();
    }

    /** An expired password is the right one. */
    private boolean logsIn(LoginSecret password) throws StepException {
        return flight.orPark(Step.PREFLIGHT, () -> {
            try {
                return flight.attempts()
                                .repeatable(
                                        () -> flight.accounts().visitToActive().login(password, List.of()))
                        == Verdict.ACCEPTED;
            } catch (HostException e) {
                if (e.fault() == Fault.PASSWORD_EXPIRED) {
                    return true;
                }
                throw e;
            }
        });
    }

    private boolean dromoLogsIn() throws StepException {
        return flight.orPark(
                        Step.PREFLIGHT,
                        () -> flight.attempts()
                                .repeatable(() -> flight.dromo()
                                        .testConnection(flight.credential().dromoId())))
                .success();
    }
}
