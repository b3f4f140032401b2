package dev.keyturn.rotation;

import java.util.List;
import java.util.stream.Collectors;

/** What depends on a credential: a rotation that goes wrong stops these imports. */
public final class Connectors {
    private static final int MOST = 5;

    private Connectors() {}

    /** In a line, the first few by id and directory. */
    public static String describe(List<Dromo.Connector> connectors) {
        return connectors.isEmpty()
                ? "none"
                : connectors.size() + ": "
                        + connectors.stream()
                                .limit(MOST)
                                .map(connector -> connector.id() + " (" + connector.directory() + ")")
                                .collect(Collectors.joining(", "))
                        + (connectors.size() > MOST ? ", ..." : "");
    }
}
