package dev.keyturn.rotation;

import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a rotation does and asks on one host. Nothing is sent to a host whose key is wrong or unknown. Every change is
 * idempotent: repeating it after an unclear end is harmless. Not thread-safe. {@link #close()} ends its sessions.
 */
public interface HostVisit extends AutoCloseable {
    /** What a login attempt came to. */
    enum Verdict {
        /** Authentication succeeded, SFTP opened, {@code stat} worked and each directory could be listed. */
        ACCEPTED,
        /** The host refused this credential. */
        REFUSED,
        /** Nothing can be said: the secret part is not known, and the host gives no other way to ask. */
        UNKNOWN
    }

    /**
     * Checks, without changing anything, that the change can be made: the host key matches, the account that will
     * change the host logs in (the predecessor where it is known and needed, else the administrator), and what is to be
     * changed can be read and replaced. Sessions stay open for {@link #install}.
     */
    void preflight(Predecessor predecessor) throws HostException;

    /**
     * Makes {@code candidate} log in: a key beside the predecessor's, with its options; a password in its place. Reads
     * back what was written. Other content of the host stays as it is.
     */
    void install(LoginSecret candidate, Predecessor predecessor) throws HostException;

    /**
     * Tries {@code secret} with a new login. The session stays open and serves {@link #withdraw} or {@link #uninstall}.
     *
     * @param directories to list in the proof, as the account's SFTP session sees them
     * @return ACCEPTED or REFUSED
     * @throws HostException where the host could not be asked, or authentication worked but the proof did not
     */
    Verdict login(LoginSecret secret, List<String> directories) throws HostException;

    /**
     * Looks which of these directories can't be listed by a session that {@code secret} has open from an earlier step of
     * this visit. Makes no login: where none is open, nothing is known of any.
     *
     * @return those that the host clearly doesn't list, each with its words
     */
    Map<String, String> unlisted(LoginSecret secret, List<String> directories) throws HostException;

    /**
     * Reads the file of keys that the install method edits, in a session that {@code secret} has open from an earlier step of
     * this visit. Makes no login.
     *
     * @return empty where none is open, and where the method edits no such file as the account itself
     * @throws HostException where the file can't be read; NOT_FOUND where there is none
     */
    Optional<KeyFile> keyFile(LoginSecret secret) throws HostException;

    /**
     * Takes the predecessor off the host, logged in as the successor (or as the administrator). For a password nothing
     * is left to do: installing the successor replaced it.
     *
     * <p>Where it has {@linkplain #seen seen} the successor's line beside the predecessor's, the successor logs in as it did
     * before; otherwise nobody knows.
     *
     * @throws HostException also where the predecessor's line is there and the successor's is not: then it stays
     */
    void withdraw(Predecessor predecessor, LoginSecret successor) throws HostException;

    /**
     * Undoes {@link #install}: takes the candidate's key off, or puts the predecessor's password back. Logs in with
     * whichever of predecessor, candidate or administrator can. Harmless where the candidate was never installed.
     */
    void uninstall(LoginSecret candidate, Predecessor predecessor) throws HostException;

    /**
     * Asks whether the predecessor still logs in, with a new connection. A key whose private half is not known is
     * offered by its public half alone (RFC 4252, section 7), where that is known or an earlier step of this visit has seen
     * it.
     *
     * @return ACCEPTED where it is still alive
     */
    Verdict tryPredecessor(Predecessor predecessor) throws HostException;

    /** The key of this fingerprint, where an earlier step of this visit has seen its line on the host. */
    Optional<PublicKey> seen(Fingerprint fingerprint);

    @Override
    void close();
}
