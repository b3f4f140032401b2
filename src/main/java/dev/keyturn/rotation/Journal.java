package dev.keyturn.rotation;

import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The durable memory: open rotations, encrypted secrets, leases, and what is known of each credential. Thread-safe. What
 * a method wrote is on the disk when it returns. Every method throws {@link JournalException} where the store fails;
 * then nothing may be changed any more.
 */
public interface Journal {
    /**
     * Takes the lease of a credential until {@code now + ttl}. A lease that ran out, or whose holder was this same state
     * directory's former process, may be taken over.
     *
     * @throws BusyException where another holder has it
     */
    Lease lease(String credential, String holder, Instant now, Duration ttl) throws BusyException;

    /** Gives the lease back. Harmless where it is held no more. */
    void release(Lease lease);

    /** The rotation of the credential that has not ended, if there is one. */
    Optional<RotationState> open(String credential);

    /** All rotations that have not ended, oldest first. */
    List<RotationState> open();

    /**
     * Makes entries of one rotation durable, in their order and in one transaction: all of them or none.
     *
     * @throws JournalException where the lease is held no more: the fence is older than the credential's newest
     */
    void write(Lease lease, List<JournalEntry> entries);

    /** The same for one entry. */
    default void write(Lease lease, JournalEntry entry) {
        write(lease, List.of(entry));
    }

    /**
     * Reads and decrypts a secret. The caller closes it.
     *
     * @throws JournalException where it isn't in the store or can't be decrypted
     */
    LoginSecret secret(SecretVersion version);

    /** The public half of a key in the store, which is not secret; empty for a password, or where it isn't there. */
    Optional<PublicKey> publicKey(SecretVersion version);

    /**
     * Remembers the public half of a key that the credential has on its host and the store has not: once it is withdrawn,
     * only with that can anybody ask whether the host refuses it. In place of what was seen before.
     */
    void seen(String credential, PublicKey key);

    /** The public half that was seen last; empty where none was. */
    Optional<PublicKey> seen(String credential);

    /**
     * The secrets of a credential that are in the store besides its current one and those of its open rotation, newest
     * first: what a rotation that was undone had made, for a host may still come to have it. Those that were
     * {@linkplain #refused(SecretVersion) refused} come after all others, the one that was refused last at the end.
     *
     * @param account only those that were made for it, or of which nobody knows what for
     */
    List<SecretVersion> kept(String credential, Account account);

    /**
     * What the store has of one of two alternating accounts, oldest first: usually one secret; after rotations that were
     * undone also theirs, of which the host may have one. Those that were {@linkplain #refused(SecretVersion) refused} come
     * after all others, the one that was refused last at the end.
     */
    List<SecretVersion> secretsOf(String credential, String user);

    /**
     * Remembers that the host has refused this password while it was looked for among those in the store. The others take
     * precedence the next time: only two may be refused in a row, and the one in use has to be found all the same.
     * Harmless where it isn't in the store.
     */
    void refused(SecretVersion password);

    /**
     * Whether the store has a key, of whatever credential: current, in overlap, of an open rotation or of one that was undone;
     * also one of which it has the fingerprint alone, as the predecessor in an open rotation.
     */
    boolean knows(PublicKey key);

    /** What is known of a credential; empty where nothing was ever written of it. */
    Optional<CredentialFacts> facts(String credential);

    /** All that is known, by name: of a fleet that is more than should be in memory at once. */
    default List<CredentialFacts> facts() {
        List<CredentialFacts> all = new ArrayList<>();
        facts(all::add);
        return all;
    }

    /** Tells of each credential, by name, what is known, each as of the moment in which it is told. */
    void facts(Consumer<CredentialFacts> each);

    /** Remembers when each credential was first known; names that are known already keep their date. */
    void firstSeen(Collection<String> credentials, Instant at);

    /**
     * Remembers since when credentials have their schedule; one that is the same as before keeps its date. What is left out
     * has none any more: one that it gets again later is a new one.
     *
     * @param schedules of all credentials that have one, in the words of {@link Scheduled}; those that are not known yet are
     *     passed over
     */
    void scheduled(Map<String, String> schedules, Instant at);

    /**
     * Stores a secret a person handed over and makes it the credential's current one, in one transaction. The secret
     * stays the caller's. What was current before is erased, except where it is known to be that of the other account.
     *
     * @param user whose it is, of alternating accounts; all that the store had of this user is erased
     */
    void adopt(
            Lease lease,
            String credential,
            SecretVersion version,
            LoginSecret secret,
            Optional<String> user,
            Instant at);

    /**
     * Stores the secret of that one of two alternating accounts that Dromo doesn't use. The secret stays the caller's.
     * All that the store had of this user is erased.
     */
    void adoptIdle(Lease lease, String credential, SecretVersion version, LoginSecret secret, String user);

    /** Remembers the last three-way check, and what it found. */
    void verified(String credential, Instant at, Drift found);

    /** Remembers that nothing new begins for the credential, in place of a pause it has already. */
    void pause(String credential, Pause pause);

    /** Forgets the credential's pause. Harmless where it has none. */
    void resume(String credential);

    /**
     * Remembers, in one transaction, that others know secrets, in place of what was said of the same credentials before. A
     * rotation that began before this, open or in flight, replaces nothing of it; each later one that {@linkplain
     * RotationHead#compromised() goes back to it} strikes its user off when it completes. What failed before counts as no
     * failure any more.
     *
     * @param words by credential
     */
    void compromised(Map<String, Compromise> words);

    /** Forgets a word, unless another one was given since. Harmless where nobody has. */
    void notCompromised(String credential, Compromise word);

    /** The credentials of which somebody said that, as long as not all of it was replaced; by name. */
    List<String> compromised();

    /** The logins that the account's host refused since it last accepted one; empty for none. */
    Optional<Refusals> refusals(Account account);

    /** Remembers that the host refused a login, as the {@code inARow}th since it last accepted one. */
    void refused(Account account, Instant at, int inARow);

    /** Forgets the refusals: the host accepted a login. */
    void accepted(Account account);

    /**
     * Past and open rotations, newest first.
     *
     * @param credential empty for all
     * @param limit at most so many
     */
    List<RotationSummary> history(Optional<String> credential, int limit);
}
