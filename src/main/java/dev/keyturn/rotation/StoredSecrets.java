package dev.keyturn.rotation;

import dev.keyturn.secret.LoginSecret;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that the store has of a credential: whatever Dromo may hold of it. Also what rotations that were undone had made, for
 * a PUT may come late.
 */
public final class StoredSecrets {
    private StoredSecrets() {}

    /**
     * Reads and decrypts them, in no order; none twice. The caller closes each.
     *
     * @throws JournalException where the store fails
     */
    public static List<LoginSecret> of(ManagedCredential credential, Journal journal) {
        List<LoginSecret> secrets = new ArrayList<>();
        try {
            versions(credential, journal).forEach(version -> secrets.add(journal.secret(version)));
        } catch (JournalException e) {
            secrets.forEach(LoginSecret::close);
            throw e;
        }
        return secrets;
    }

    private static Set<SecretVersion> versions(ManagedCredential credential, Journal journal) {
        String name = credential.name();
        Set<SecretVersion> versions = new LinkedHashSet<>();
        Optional<RotationState> open = journal.open(name);
        open.flatMap(RotationState::candidate).ifPresent(versions::add);
        open.flatMap(state -> state.head().previous()).ifPresent(versions::add);
        journal.facts(name).flatMap(CredentialFacts::current).ifPresent(versions::add);
        credential.accounts().forEach(account -> versions.addAll(journal.kept(name, account)));
        return versions;
    }
}
