package dev.keyturn.sandbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Dromo has stored. Thread-safe. */
final class DromoRecords {
    private final Map<String, DromoCredential> credentials = new LinkedHashMap<>();
    private final Map<String, DromoCredential> replaced = new HashMap<>();
    private final List<DromoConnector> connectors = new ArrayList<>();

    synchronized @Nullable DromoCredential credential(String id) {
        return credentials.get(id);
    }

    /** As it was before its last change, or null where it never changed. */
    synchronized @Nullable DromoCredential before(String id) {
        return replaced.get(id);
    }

    synchronized List<DromoCredential> credentials() {
        return List.copyOf(credentials.values());
    }

    synchronized void store(DromoCredential credential) {
        DromoCredential old = credentials.put(credential.id(), credential);
        if (old != null) {
            replaced.put(old.id(), old);
        }
    }

    synchronized void remove(String id) {
        credentials.remove(id);
    }

    synchronized List<DromoConnector> connectors() {
        return List.copyOf(connectors);
    }

    synchronized void store(DromoConnector connector) {
        connectors.add(connector);
    }

    synchronized List<String> directories(String credentialId) {
        return connectors.stream()
                .filter(connector -> connector.credentials().equals(credentialId))
                .map(DromoConnector::directory)
                .distinct()
                .toList();
    }
}
