package dev.keyturn.rotation;

import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A person's word that others know the secrets of a credential's users. It outlives the process it was given to, and
 * rotations that fail: a user is struck off only once a rotation that began after the word has replaced that secret, to the
 * end.
 *
 * @param since when it was given
 * @param reason in the person's words, for the audit log of each rotation that follows from it
 * @param users those whose secret is still to be replaced
 */
public record Compromise(Instant since, String reason, Actor by, Set<String> users) {
    public Compromise {
        if (users.isEmpty()) {
            throw new IllegalArgumentException("nothing is left to replace");
        }
        users = Set.copyOf(users);
    }

    static Compromise of(ManagedCredential credential, Instant since, String reason, Actor by) {
        return new Compromise(since, reason, by, users(credential));
    }

    /** How many of the users of today it is about; on whichever host they are today. */
    public int left(ManagedCredential credential) {
        Set<String> both = new HashSet<>(users(credential));
        both.retainAll(users);
        return both.size();
    }

    private static Set<String> users(ManagedCredential credential) {
        return credential.accounts().stream().map(Account::user).collect(Collectors.toSet());
    }

    /** The same once a user's secret was replaced; empty where that was the last. */
    public Optional<Compromise> without(String user) {
        Set<String> left = new HashSet<>(users);
        left.remove(user);
        return left.isEmpty() ? Optional.empty() : Optional.of(new Compromise(since, reason, by, left));
    }

    /** Whether something that failed then was one of its tries; whatever a clock that was ahead says. */
    boolean wasTriedAt(Instant failed, Instant now) {
        return since.isAfter(now) || !failed.isBefore(since);
    }
}
