package dev.keyturn.rotation;

import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What holds for a rotation from its beginning to its end.
 *
 * @param authType what Dromo logs in with after it
 * @param overlap of the policy it began with; zero where the old secret was compromised
 * @param previous the secret it replaces, where the store has it
 * @param previousFingerprint the key it replaces, from the store or from Dromo; empty for a password
 * @param users whose accounts these are, bound by preflight; empty before that
 * @param place where its accounts and its Dromo record are, bound by preflight; empty before that
 * @param replaced with alternating accounts, the former password of the changed one, where the store has it
 * @param compromised whether it replaces a secret of which the journal had the word at its beginning that others know it
 */
public record RotationHead(
        RotationId id,
        String credential,
        AuthType authType,
        String reason,
        Actor actor,
        Instant startedAt,
        Duration overlap,
        Optional<SecretVersion> previous,
        Optional<Fingerprint> previousFingerprint,
        Optional<Users> users,
        Optional<Place> place,
        Optional<SecretVersion> replaced,
        boolean compromised) {
    /** Of a rotation that has not looked yet. */
    public RotationHead(
            RotationId id,
            String credential,
            AuthType authType,
            String reason,
            Actor actor,
            Instant startedAt,
            Duration overlap,
            Optional<SecretVersion> previous,
            Optional<Fingerprint> previousFingerprint) {
        this(
                id,
                credential,
                authType,
                reason,
                actor,
                startedAt,
                overlap,
                previous,
                previousFingerprint,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    /**
     * Whose accounts a rotation is about.
     *
     * @param active the user that Dromo logs in as before it
     * @param changed the user who gets the new secret, and as whom Dromo logs in after it; the same but for alternating
     *     accounts
     */
    public record Users(String active, String changed) {
        public boolean alternate() {
            return !active.equals(changed);
        }
    }

    /** The host and the Dromo record of a credential: what the configuration may not change under an open rotation. */
    public record Place(String hostname, int port, String dromoId) {
        static Place of(ManagedCredential credential) {
            return new Place(
                    credential.account().hostname(), credential.account().port(), credential.dromoId());
        }

        @Override
        public String toString() {
            return hostname + ":" + port + " with dromo_id " + dromoId;
        }
    }

    /** What preflight found. */
    RotationHead of(Users found, Place there, Optional<Fingerprint> inUse) {
        return with(overlap, previous, inUse, Optional.of(found), Optional.of(there), replaced, compromised);
    }

    /** The same with what the changed one of alternating accounts turned out to have. */
    RotationHead changing(SecretVersion former) {
        return with(overlap, previous, previousFingerprint, users, place, Optional.of(former), compromised);
    }

    /** The same without an overlap: the old secret is withdrawn as soon as that is safe. */
    RotationHead withoutOverlap() {
        return with(Duration.ZERO, previous, previousFingerprint, users, place, replaced, compromised);
    }

    /** Of a rotation that replaces a secret others know: without an overlap. */
    RotationHead ofCompromised() {
        return with(Duration.ZERO, previous, previousFingerprint, users, place, replaced, true);
    }

    /** The same with another secret of the store, which the host turned out to have. */
    RotationHead replacing(SecretVersion version) {
        return with(overlap, Optional.of(version), version.fingerprint(), users, place, replaced, compromised);
    }

    private RotationHead with(
            Duration newOverlap,
            Optional<SecretVersion> newPrevious,
            Optional<Fingerprint> newPreviousFingerprint,
            Optional<Users> newUsers,
            Optional<Place> newPlace,
            Optional<SecretVersion> newReplaced,
            boolean newCompromised) {
        return new RotationHead(
                id,
                credential,
                authType,
                reason,
                actor,
                startedAt,
                newOverlap,
                newPrevious,
                newPreviousFingerprint,
                newUsers,
                newPlace,
                newReplaced,
                newCompromised);
    }

    /** Whether it switches Dromo from one account to another. */
    public boolean alternates() {
        return users.filter(Users::alternate).isPresent();
    }

    /** What the changed account has until it gets the new secret, where the store has it. */
    Optional<SecretVersion> onHost() {
        return alternates() ? replaced : previous;
    }
}
