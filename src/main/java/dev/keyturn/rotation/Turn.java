package dev.keyturn.rotation;

import dev.keyturn.rotation.RotationHead.Users;
import java.util.List;
import java.util.Optional;

/** The part of preflight that is about alternating accounts: whose turn it is, and whether that account can be changed. */
final class Turn {
    private final InFlight flight;

    Turn(InFlight flight) {
        this.flight = flight;
    }

    /**
     * Whose accounts this rotation is about. Which one Dromo uses is what the store knows since the last switch or the
     * adoption; only where it knows nothing, what Dromo's record says.
     */
    Users users(Dromo.StoredCredential stored) throws StepException {
        ManagedCredential credential = flight.credential();
        if (credential.alternate().isEmpty()) {
            String user = credential.account().user();
            return new Users(user, user);
        }
        Alternate pair = credential.alternate().get();
        Optional<String> known = flight.journal().facts(credential.name()).flatMap(CredentialFacts::user);
        if (known.isPresent() && !pair.has(known.get())) {
            throw refuse(
                    FailureKind.CONFIGURATION_CHANGED,
                    "Dromo logs in as " + known.get() + " since the last rotation, which is none of alternate.users ("
                            + pair + ")",
                    "Put " + known.get() + " back; or have Dromo log in as one of the two, then run: keyturn adopt "
                            + credential.name() + " --password-file FILE.");
        }
        if (!pair.has(stored.user())) {
            throw refuse(
                    FailureKind.DROMO_RECORD_DIFFERS,
                    "Dromo's credential " + credential.dromoId() + " isn't the configured one: user is '"
                            + stored.user() + "' instead of " + pair,
                    "Correct dromo_id or alternate.users in the configuration, or the credential in Dromo.");
        }
        String active = known.orElse(stored.user());
        if (!active.equals(stored.user())) {
            throw refuse(
                    FailureKind.DRIFTED,
                    "Dromo logs in as " + stored.user() + ", the store knows " + active + ": somebody else switched it",
                    "Find out who; then hand over the password in use with: keyturn adopt " + credential.name()
                            + " --password-file FILE.");
        }
        return new Users(active, pair.other(active));
    }

    /**
     * Looks whether the account whose turn it is can be changed.
     *
     * @return the head, with that account's former password where the store has it
     */
    RotationHead ready(RotationHead head) throws StepException {
        String user = flight.accounts().changed().account().user();
        List<SecretVersion> known =
                flight.journal().secretsOf(flight.credential().name(), user);
        for (SecretVersion former : known) {
            if (canBeChangedWith(former, known.size())) {
                return head.changing(former);
            }
        }
        if (!flight.credential().install().worksWithoutOldSecret()) {
            throw refuse(
                    known.isEmpty() ? FailureKind.NOT_ADOPTED : FailureKind.DRIFTED,
                    "it is the turn of " + user + ", and install method "
                            + flight.credential().install().configName() + " has to log in as " + user + ", but "
                            + (known.isEmpty()
                                    ? "its password isn't in the store"
                                    : "the host refuses what the store knows of its password"),
                    "Hand it over with: keyturn adopt " + flight.credential().name() + " --user " + user
                            + " --password-file FILE.");
        }
        try (Predecessor unknown = new Predecessor(Optional.empty(), Optional.empty())) {
            flight.orPark(Step.PREFLIGHT, () -> preflight(unknown));
        }
        return head;
    }

    /**
     * The first password that is let in is the account's; the others are left from rotations that were undone. There may be
     * more of them than may be refused in a row: each try begins with those that were not refused lately.
     */
    private boolean canBeChangedWith(SecretVersion former, int known) throws StepException {
        try (Predecessor predecessor = Predecessor.of(flight.journal().secret(former))) {
            return flight.orPark(Step.PREFLIGHT, () -> preflight(predecessor));
        } catch (StepException e) {
            if (e.getCause() instanceof HostException host) {
                if (host.fault() == HostException.Fault.AUTHENTICATION_REFUSED) {
                    flight.journal().refused(former);
                    return false;
                }
                if (host.fault() == HostException.Fault.LOGIN_BUDGET && known > 1) {
                    throw later(host, known);
                }
            }
            throw e;
        }
    }

    private StepException later(HostException budget, int known) {
        String user = flight.accounts().changed().account().user();
        return new StepException(flight.why(
                Step.PREFLIGHT,
                budget.kind(),
                budget.getMessage() + "; of the " + known + " passwords that the store has of " + user
                        + ", the next try begins with those that were not refused lately",
                "Rotate again after that time; or hand over the password in use with: keyturn adopt "
                        + flight.credential().name() + " --user " + user + " --password-file FILE."));
    }

    private boolean preflight(Predecessor predecessor) throws RemoteException {
        flight.attempts().repeatable(() -> flight.visit().preflight(predecessor));
        return true;
    }

    private StepException refuse(FailureKind kind, String message, String hint) {
        return new StepException(flight.why(Step.PREFLIGHT, kind, message, hint));
    }
}
