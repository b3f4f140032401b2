package dev.keyturn.rotation;

import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks, without changing anything, whether a rotation can succeed: Dromo first, for from a password's install to its
 * PUT there is no time to find out that Dromo doesn't answer.
 */
final class Preflight {
    private final InFlight flight;
    private final Probe probe;
    private Part part = Part.RECORD;
    private Connectors connectors = new Connectors(List.of(), Optional.of("not asked for"));
    private Map<String, String> unlisted = Map.of();

    /** What is looked at, in this order. */
    enum Part {
        RECORD,
        CONNECTORS,
        LOGIN,
        DONE
    }

    Preflight(InFlight flight, Probe probe) {
        this.flight = flight;
        this.probe = probe;
    }

    /** How far it came: what it looks at now, or was looking at when it failed. */
    Part part() {
        return part;
    }

    /** What depends on the credential, as far as it was asked for. */
    Connectors connectors() {
        return connectors;
    }

    /** The directories that the credential in use certainly can't list. */
    List<String> unlisted() {
        return List.copyOf(unlisted.keySet());
    }

    /** In one line, what it found. */
    String told() {
        return "host key matches, login works, Dromo's record is ours; " + connectors.summary()
                + (unlisted.isEmpty() ? "" : "; the credential in use can't list " + String.join(", ", unlisted()));
    }

    /** The same for the audit log. */
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("connectors", connectors.detail());
        if (!unlisted.isEmpty()) {
            facts.put("not_listed", unlisted());
        }
        return facts;
    }

    /**
     * @return the head with what was found: whose accounts, and the predecessor that is in use today
     * @throws StepException with the reason why no rotation should be begun
     */
    RotationHead run(RotationHead head) throws StepException {
        Dromo.StoredCredential stored = flight.orPark(
                Step.PREFLIGHT,
                () -> flight.attempts()
                        .repeatable(() ->
                                flight.dromo().retrieve(flight.credential().dromoId())));
        Turn turn = new Turn(flight);
        RotationHead.Users users = turn.users(stored);
        flight.accounts().are(users);
        checkRecord(stored, head);
        // Asked now, for after the install is too late to find out that Dromo's connectors can't be listed.
        part = Part.CONNECTORS;
        connectors = flight.orPark(Step.PREFLIGHT, probe::connectors);
        part = Part.LOGIN;
        if (!users.alternate()
                && head.previous().isEmpty()
                && !flight.credential().install().worksWithoutOldSecret()) {
            throw refuse(
                    FailureKind.NOT_ADOPTED,
                    "the secret that is in use today isn't in the store, and install method "
                            + flight.credential().install().configName() + " needs it "
                            + (flight.byPartner() ? "to prove, later, that it is dead" : "to log in"),
                    "Hand it over with: keyturn adopt " + flight.credential().name() + " --"
                            + (flight.isKey() ? "private-key" : "password") + "-file FILE"
                            + (flight.byPartner() ? "." : ", or set install.as."));
        }
        RotationHead bound = head.of(users, RotationHead.Place.of(flight.credential()), toReplace(stored, head));
        RotationHead known = users.alternate() ? turn.ready(bound) : bound;
        RotationHead found =
                flight.isKey() || known.previous().isEmpty() ? known : new PasswordInUse(flight).find(known);
        RotationHead ready = users.alternate() ? found : ready(found);
        unlisted = flight.orPark(Step.PREFLIGHT, () -> probe.look(ready));
        if (!users.alternate()) {
            requireNamedDirectory();
        }
        part = Part.DONE;
        return ready;
    }

    /** Whoever named a directory that isn't there would see each rotation undone. */
    private void requireNamedDirectory() throws StepException {
        Optional<String> named = flight.credential().probeDirectory().filter(unlisted::containsKey);
        if (named.isPresent()) {
            throw refuse(
                    FailureKind.DIRECTORY_NOT_LISTED,
                    "the credential in use can't list probe.directory: " + unlisted.get(named.get()),
                    "Correct probe.directory, or the directory on the host.");
        }
    }

    /**
     * The key in use by Dromo's record. Where a PUT of a rotation that was undone came late, that is none that the host takes:
     * the one to be replaced is then the store's, and a rotation puts Dromo right.
     */
    private Optional<Fingerprint> toReplace(Dromo.StoredCredential stored, RotationHead head) {
        return head.previous().isPresent() && flight.wasMadeAndUndone(stored.fingerprint())
                ? head.previous().get().fingerprint()
                : stored.fingerprint();
    }

    private RotationHead ready(RotationHead found) throws StepException {
        Predecessor predecessor = flight.secrets().predecessor(found);
        flight.orPark(Step.PREFLIGHT, () -> {
            flight.attempts().repeatable(() -> flight.visit().preflight(predecessor));
            return true;
        });
        return found;
    }

    private void checkRecord(Dromo.StoredCredential stored, RotationHead head) throws StepException {
        Optional<String> difference = RecordCheck.difference(flight.accounts().active(), stored);
        if (difference.isPresent()) {
            throw refuse(
                    FailureKind.DROMO_RECORD_DIFFERS,
                    "Dromo's credential " + flight.credential().dromoId() + " isn't the configured one: "
                            + difference.get(),
                    "Correct dromo_id or host in the configuration, or the credential in Dromo.");
        }
        if (stored.authType() == AuthType.KEY && stored.fingerprint().isEmpty()) {
            throw refuse(
                    FailureKind.DROMO_RECORD_DIFFERS,
                    "Dromo shows no fingerprint of the key it holds, so nobody can tell which key is to be replaced",
                    "Put the key in use into Dromo once more, by hand, and report it to Dromo.");
        }
        if (stored.authType() == AuthType.KEY
                && head.previous().isPresent()
                && !stored.fingerprint().equals(head.previous().get().fingerprint())
                && !flight.wasMadeAndUndone(stored.fingerprint())) {
            throw refuse(
                    FailureKind.DRIFTED,
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

    private StepException refuse(FailureKind kind, String message, String hint) {
        return new StepException(flight.why(Step.PREFLIGHT, kind, message, hint));
    }
}
