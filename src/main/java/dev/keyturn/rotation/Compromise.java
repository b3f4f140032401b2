package dev.keyturn.rotation;

import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A person's word that others know the secrets of a credential's accounts. It outlives the process it was given to, and
 * rotations that fail: an account is struck off only once a rotation that began after the word has replaced its secret, to
 * the end.
 *
 * @param since when it was given
 * @param reason in the person's words, for the audit log of each rotation that follows from it
 * @param accounts those of which the secret is still to be replaced, as {@link Account} prints them
 */
public record Compromise(Instant since, String reason, Actor by, Set<String> accounts) {
    public Compromise {
        if (accounts.isEmpty()) {
            throw new IllegalArgumentException("nothing is left to replace");
        }
        accounts = Set.copyOf(accounts);
    }

    static Compromise of(ManagedCredential credential, Instant since, String reason, Actor by) {
        return new Compromise(since, reason, by, texts(credential));
    }

    /** How many of the credential's accounts of today it is about: of one that was moved, the former host is none of them. */
    public int left(ManagedCredential credential) {
        Set<String> both = new HashSet<>(texts(credential));
        both.retainAll(accounts);
        return both.size();
    }

    private static Set<String> texts(ManagedCredential credential) {
        return credential.accounts().stream().map(Account::toString).collect(Collectors.toSet());
    }

    /** The same once the secret of an account was replaced; empty where that was the last. */
    public Optional<Compromise> without(Account replaced) {
        Set<String> left = new HashSet<>(accounts);
        left.remove(replaced.toString());
        return left.isEmpty() ? Optional.empty() : Optional.of(new Compromise(since, reason, by, left));
    }
}
