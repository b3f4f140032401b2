package dev.keyturn.rotation;

import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import java.util.List;
import java.util.Optional;

/**
 * Looks, without changing anything, whether a rotation can succeed: Dromo first, for from a password's install to its
 * PUT there is no time to find out that Dromo doesn't answer.
 */
final class Preflight {
    private final InFlight flight;
    private final ProbeDirectories directories;

    Preflight(InFlight flight, ProbeDirectories directories) {
        this.flight = flight;
        this.directories = directories;
    }

    /**
     * @return the fingerprint of the key Dromo logs in with today; empty for a password
     * @throws StepException with the reason why no rotation should be begun
     */
    Optional<Fingerprint> run(RotationHead head) throws StepException {
        Dromo.StoredCredential stored = flight.orPark(
                Step.PREFLIGHT,
                () -> flight.attempts()
                        .repeatable(() ->
                                flight.dromo().retrieve(flight.credential().dromoId())));
        checkRecord(stored, head);
        Optional<Fingerprint> inUse = stored.fingerprint();
        if (head.previous().isEmpty() && !flight.credential().install().worksWithoutOldSecret()) {
            throw refuse(
                    "not_adopted",
                    "the secret that is in use today isn't in the store, and install method "
                            + flight.credential().install().configName() + " needs it to log in",
                    "Hand it over with: keyturn adopt " + flight.credential().name() + " --"
                            + (flight.isKey() ? "private-key" : "password") + "-file FILE, or set install.as.");
        }
        // Asked now, for after the install is too late to find out that Dromo's connectors can't be listed.
        flight.orPark(Step.PREFLIGHT, () -> directories.of(flight.credential()));
        Predecessor predecessor = flight.secrets().predecessor(head.replacing(inUse));
        flight.orPark(Step.PREFLIGHT, () -> {
            flight.attempts().repeatable(() -> flight.visit().preflight(predecessor));
            return true;
        });
        proveKnownPassword(predecessor);
        return inUse;
    }

    /**
     * An administrator could replace a password that the store knows wrongly, but it couldn't be put back: the way back
     * would strand Dromo. An expired one is the right one.
     */
    private void proveKnownPassword(Predecessor predecessor) throws StepException {
        Optional<LoginSecret> known = predecessor.secret();
        boolean loggedInAlready = flight.credential().install() instanceof InstallMethod.Passwd;
        if (flight.isKey() || known.isEmpty() || loggedInAlready) {
            return;
        }
        HostVisit.Verdict verdict = flight.orPark(Step.PREFLIGHT, () -> {
            try {
                return flight.attempts().repeatable(() -> flight.visit().login(known.get(), List.of()));
            } catch (HostException e) {
                if (e.fault() == HostException.Fault.PASSWORD_EXPIRED) {
                    return HostVisit.Verdict.ACCEPTED;
                }
                throw e;
            }
        });
        if (verdict != HostVisit.Verdict.ACCEPTED) {
            throw refuse(
                    "drifted",
                    "the host refuses the password that the store knows: somebody else changed it",
                    "Find out who; then hand over the password in use with: keyturn adopt "
                            + flight.credential().name() + " --password-file FILE.");
        }
    }

    private void checkRecord(Dromo.StoredCredential stored, RotationHead head) throws StepException {
        Optional<String> difference = RecordCheck.difference(flight.credential(), stored);
        if (difference.isPresent()) {
            throw refuse(
                    "dromo_record_differs",
                    "Dromo's credential " + flight.credential().dromoId() + " isn't the configured one: "
                            + difference.get(),
                    "Correct dromo_id or host in the configuration, or the credential in Dromo.");
        }
        if (stored.authType() == AuthType.KEY
                && head.previous().isPresent()
                && !stored.fingerprint().equals(head.previous().get().fingerprint())) {
            throw refuse(
                    "drifted",
                    "Dromo holds the key "
                            + stored.fingerprint().map(Fingerprint::text).orElse("(none)") + ", the store knows "
                            + head.previous()
                                    .get()
                                    .fingerprint()
                                    .map(Fingerprint::text)
                                    .orElse("(none)") + ": somebody else changed it",
                    "Find out who; then hand over the key in use with: keyturn adopt "
                            + flight.credential().name() + " --private-key-file FILE.");
        }
    }

    private StepException refuse(String kind, String message, String hint) {
        return new StepException(flight.why(Step.PREFLIGHT, kind, message, hint));
    }
}
