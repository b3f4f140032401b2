package dev.keyturn.rotation;

import dev.keyturn.secret.LoginSecret;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one rotation's proof lists: the directories of all connectors, up to a bound, for a password is dead in Dromo
 * meanwhile. One that the credential in use can't list either is passed over: no import from it works before the rotation,
 * and a directory that somebody deleted must not keep a secret from being rotated for ever.
 */
final class Probe {
    static final int MOST = 20;

    private final InFlight flight;
    private final ProbeDirectories directories;
    private Map<String, String> unlisted = Map.of();
    private boolean looked;

    Probe(InFlight flight, ProbeDirectories directories) {
        this.flight = flight;
        this.directories = directories;
    }

    Connectors connectors() throws RemoteException {
        return directories.connectors(flight.credential());
    }

    /**
     * Looks what the credential in use can list, where it is logged in anyhow.
     *
     * @return the directories that it certainly can't list, each with the host's words
     */
    Map<String, String> look(RotationHead head) throws RemoteException {
        looked = true;
        Optional<LoginSecret> inUse = flight.secrets().inDromo(head);
        if (inUse.isPresent()) {
            List<String> asked = asked();
            unlisted = unlisted(inUse.get(), asked);
        }
        return unlisted;
    }

    /** Where the session has come to its end, or opens no SFTP, as one with an expired password does, nothing is known. */
    private Map<String, String> unlisted(LoginSecret inUse, List<String> asked) {
        try {
            return flight.accounts().visitToActive().unlisted(inUse, asked);
        } catch (HostException e) {
            return Map.of();
        }
    }

    /** What the new credential has to list. A directory that the configuration names is never passed over. */
    List<String> required(RotationHead head) throws RemoteException {
        if (!looked) {
            look(head);
        }
        boolean named = flight.credential().probeDirectory().isPresent();
        return asked().stream()
                .filter(directory -> named || !unlisted.containsKey(directory))
                .toList();
    }

    /** What was listed, for people; and what was not. */
    String told(List<String> listed) throws RemoteException {
        int all = ProbeDirectories.of(flight.credential(), connectors()).size();
        List<String> passedOver =
                asked().stream().filter(asked -> !listed.contains(asked)).toList();
        return "listed " + (listed.isEmpty() ? "where it starts" : String.join(", ", listed))
                + (passedOver.isEmpty()
                        ? ""
                        : "; not " + String.join(", ", passedOver) + ", which the credential in use can't list either")
                + (all > MOST ? "; " + (all - MOST) + " more that connectors read are past the bound" : "");
    }

    private List<String> asked() throws RemoteException {
        return ProbeDirectories.of(flight.credential(), connectors()).stream()
                .limit(MOST)
                .toList();
    }
}
