package dev.keyturn.rotation;

import dev.keyturn.secret.LoginSecret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One durable change of state, with all that has to become true together with it.
 *
 * @param state the state that holds from now on
 * @param at when
 * @param failure why the rotation does not go on from here for now; empty where it does
 * @param store a secret to encrypt and keep, under the state's candidate and of the user whose account is changed; it
 *     stays the caller's
 * @param promote the secret that is the credential's current one from now on, with the moment it became so; with
 *     alternating accounts the one before it becomes the other user's
 * @param erase ids of secrets that are overwritten and deleted
 * @param findings what the state rests on, in the order it was found
 */
public record JournalEntry(
        RotationState state,
        Instant at,
        Optional<Failure> failure,
        Optional<LoginSecret> store,
        Optional<SecretVersion> promote,
        Set<String> erase,
        List<Finding> findings) {
    public JournalEntry {
        erase = Set.copyOf(erase);
        findings = List.copyOf(findings);
    }

    static JournalEntry of(RotationState state, Instant at) {
        return new JournalEntry(state, at, Optional.empty(), Optional.empty(), Optional.empty(), Set.of(), List.of());
    }

    JournalEntry because(Failure why) {
        return new JournalEntry(state, at, Optional.of(why), store, promote, erase, findings);
    }

    JournalEntry storing(LoginSecret secret) {
        return new JournalEntry(state, at, failure, Optional.of(secret), promote, erase, findings);
    }

    JournalEntry promoting(SecretVersion version) {
        return new JournalEntry(state, at, failure, store, Optional.of(version), erase, findings);
    }

    JournalEntry erasing(Set<String> versions) {
        return new JournalEntry(state, at, failure, store, promote, versions, findings);
    }

    JournalEntry restingOn(List<Finding> found) {
        return new JournalEntry(state, at, failure, store, promote, erase, found);
    }
}
