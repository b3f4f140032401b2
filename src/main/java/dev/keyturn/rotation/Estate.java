package dev.keyturn.rotation;

import dev.keyturn.secret.Fingerprint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Dromo's whole estate of SFTP credentials, beside what is configured here. */
public final class Estate {
    private final List<Dromo.StoredCredential> records;
    private final Map<String, List<Dromo.Connector>> connectors;

    private Estate(List<Dromo.StoredCredential> records, List<Dromo.Connector> connectors) {
        this.records = records;
        this.connectors = connectors.stream()
                .collect(Collectors.groupingBy(Dromo.Connector::credentialId, LinkedHashMap::new, Collectors.toList()));
    }

    /** Asks Dromo for everything: two lists. */
    public static Estate of(Dromo dromo) throws RemoteException {
        return new Estate(dromo.credentials(), dromo.connectors());
    }

    /** How one of Dromo's credentials stands. */
    public enum Standing {
        /** Configured here, and as it is here. */
        MANAGED,
        /** No configured credential has its id. */
        UNMANAGED,
        /** Configured here, but Dromo's record says something else. */
        DIFFERENT,
        /** A configured credential or a connector has its id, and Dromo has no such record. */
        GONE;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One of Dromo's credentials.
     *
     * @param name of the configured credential
     * @param record empty where it is gone
     * @param difference between record and configuration or store
     * @param connectors those that log in with it; may be none
     */
    public record Item(
            String dromoId,
            Optional<String> name,
            Optional<Dromo.StoredCredential> record,
            Optional<String> difference,
            List<Dromo.Connector> connectors) {

        public Standing standing() {
            if (record.isEmpty()) {
                return Standing.GONE;
            }
            if (name.isEmpty()) {
                return Standing.UNMANAGED;
            }
            return difference.isPresent() ? Standing.DIFFERENT : Standing.MANAGED;
        }

        /** Whether Dromo keeps it for nothing. */
        public boolean unused() {
            return record.isPresent() && connectors.isEmpty();
        }
    }

    /**
     * In Dromo's order, then what is gone.
     *
     * @param fingerprint of the key that Dromo should have; empty for a password, and where nobody can say now
     */
    public List<Item> beside(
            List<ManagedCredential> configured, Function<ManagedCredential, Optional<Fingerprint>> fingerprint) {
        Map<String, ManagedCredential> byId = new LinkedHashMap<>();
        configured.forEach(credential -> byId.put(credential.dromoId(), credential));
        List<Item> items = new ArrayList<>();
        for (Dromo.StoredCredential record : records) {
            Optional<ManagedCredential> credential = Optional.ofNullable(byId.get(record.id()));
            items.add(new Item(
                    record.id(),
                    credential.map(ManagedCredential::name),
                    Optional.of(record),
                    credential.flatMap(it -> RecordCheck.difference(inUse(it, record), record, fingerprint.apply(it))),
                    connectorsOf(record.id())));
        }
        Set<String> known = records.stream().map(Dromo.StoredCredential::id).collect(Collectors.toSet());
        Stream.concat(byId.keySet().stream(), connectors.keySet().stream())
                .distinct()
                .filter(id -> !known.contains(id))
                .forEach(id -> items.add(new Item(
                        id,
                        Optional.ofNullable(byId.get(id)).map(ManagedCredential::name),
                        Optional.empty(),
                        Optional.empty(),
                        connectorsOf(id))));
        return items;
    }

    private List<Dromo.Connector> connectorsOf(String id) {
        return connectors.getOrDefault(id, List.of());
    }

    /** Either of two alternating accounts is right. */
    private static ManagedCredential inUse(ManagedCredential credential, Dromo.StoredCredential record) {
        return credential.alternate().filter(users -> users.has(record.user())).isPresent()
                ? credential.on(record.user())
                : credential;
    }
}
