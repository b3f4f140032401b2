package dev.keyturn.rotation;

import dev.keyturn.secret.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares what Dromo says it has stored with what it should have. */
final class RecordCheck {
    private RecordCheck() {}

    /** Where id, hostname, port, user or auth type differ from the configuration's; empty where none does. */
    static Optional<String> difference(ManagedCredential credential, Dromo.StoredCredential stored) {
        List<String> differences = new ArrayList<>();
        Account account = credential.account();
        compare(differences, "id", credential.dromoId(), stored.id());
        compare(differences, "hostname", account.hostname(), stored.hostname());
        compare(differences, "port", account.port(), stored.port());
        compare(differences, "user", account.user(), stored.user());
        compare(differences, "auth_type", credential.authType(), stored.authType());
        return differences.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", differences));
    }

    /** The same, and the key's fingerprint; for a password there is none to compare, whatever Dromo shows. */
    static Optional<String> difference(
            ManagedCredential credential, Dromo.StoredCredential stored, Optional<Fingerprint> expected) {
        Optional<String> record = difference(credential, stored);
        if (expected.isEmpty() || expected.equals(stored.fingerprint())) {
            return record;
        }
        String fingerprints = "key_fingerprint is " + text(stored.fingerprint()) + " instead of " + text(expected);
        return Optional.of(record.map(r -> r + ", " + fingerprints).orElse(fingerprints));
    }

    private static String text(Optional<Fingerprint> fingerprint) {
        return fingerprint.map(Fingerprint::text).orElse("null");
    }

    private static void compare(List<String> differences, String field, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            differences.add(field + " is '" + actual + "' instead of '" + expected + "'");
        }
    }
}
