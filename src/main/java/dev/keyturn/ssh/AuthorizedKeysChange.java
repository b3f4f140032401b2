package dev.keyturn.ssh;

import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.KeyFile;
import dev.keyturn.rotation.Predecessor;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import dev.keyturn.ssh.RemoteKeyFile.Missing;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Edits the account's authorized_keys file, as the account itself or as an administrator. */
final class AuthorizedKeysChange implements HostChange {
    private final String comment;
    private final InstallMethod.AuthorizedKeys method;
    private final Logins logins;
    private final SecureRandom random;
    private final Map<Fingerprint, PublicKey> seen = new HashMap<>();
    private final Set<String> leftovers = new HashSet<>();

    AuthorizedKeysChange(String credential, InstallMethod.AuthorizedKeys method, Logins logins, SecureRandom random) {
        this.comment = KeyFile.OURS + credential;
        this.method = method;
        this.logins = logins;
        this.random = random;
    }

    /**
     * Besides the login: the file can be read, can be replaced in one step, and has the line that is to be replaced.
     * Where an account logs in with a key that is not in the file, sshd reads another file than this one.
     */
    @Override
    public void preflight(Predecessor predecessor) throws HostException {
        RemoteKeyFile file = file(asBefore(predecessor));
        Optional<AuthorizedKeysFile> content = file.read();
        if (content.isPresent()) {
            file.checkReplaceable();
            remember(content.get(), predecessor);
        } else if (!mayCreate(predecessor)) {
            throw file.notFound();
        }
        boolean strange = method.as().isEmpty()
                && predecessor.fingerprint().isPresent()
                && seen(predecessor.fingerprint().get()).isEmpty();
        if (strange) {
            throw SshFailures.failed(
                    Fault.NOT_FOUND,
                    account(),
                    "it logs in with the key " + predecessor.fingerprint().get() + ", but " + method.path()
                            + " has no such line: sshd reads another file; set install.path to it, or install.as",
                    null);
        }
    }

    @Override
    public void install(LoginSecret candidate, Predecessor predecessor) throws HostException {
        PublicKey key = publicKey(candidate);
        file(asBefore(predecessor)).edit(mayCreate(predecessor) ? Missing.CREATE : Missing.FAIL, content -> {
            requireLineToReplace(content, key, predecessor);
            remember(content, predecessor);
            return content.with(key, comment, predecessor.fingerprint());
        });
    }

    /**
     * Where the line to be replaced was there before and is not now, somebody is writing the file anew in its place, and what
     * is read is a part of it: to replace that would lose their lines, and the options that the new key has to have.
     */
    private void requireLineToReplace(AuthorizedKeysFile content, PublicKey key, Predecessor predecessor)
            throws HostException {
        boolean expected = predecessor
                .fingerprint()
                .filter(old -> method.as().isEmpty() || seen(old).isPresent())
                .isPresent();
        if (expected
                && content.key(key.fingerprint()).isEmpty()
                && predecessor.fingerprint().flatMap(content::key).isEmpty()) {
            throw changed("has no line of the key in use any more, "
                    + predecessor.fingerprint().get());
        }
    }

    @Override
    public void withdraw(Predecessor predecessor, LoginSecret successor) throws HostException {
        if (predecessor.fingerprint().isEmpty()) {
            return;
        }
        Fingerprint old = predecessor.fingerprint().get();
        if (successor.fingerprint().filter(old::equals).isPresent()) {
            throw new IllegalArgumentException("a key can't be withdrawn as its own successor: " + old);
        }
        Fingerprint fresh = publicKey(successor).fingerprint();
        SshSession session = method.as().isPresent() ? logins.as(method.as().get()) : logins.as(successor);
        seen.remove(fresh);
        file(session).edit(Missing.LEAVE, content -> {
            if (content.key(old).isPresent() && content.key(fresh).isEmpty()) {
                throw changed("has no line of the new key any more, " + fresh
                        + ": without the old one nobody could log in, so that one stays; put the line back that keyturn"
                        + " show-key prints");
            }
            remember(content, predecessor);
            content.key(fresh).ifPresent(key -> seen.put(fresh, key));
            return content.without(old);
        });
        predecessor.secret().ifPresent(logins::drop);
    }

    private HostException changed(String how) {
        return SshFailures.failed(
                Fault.CONCURRENT_EDIT, account(), "somebody else changed " + method.path() + ": it " + how, null);
    }

    @Override
    public void uninstall(LoginSecret candidate, Predecessor predecessor) throws HostException {
        Fingerprint fingerprint = publicKey(candidate).fingerprint();
        SshSession session = forUndoing(candidate, predecessor);
        if (session != null) {
            file(session).edit(Missing.LEAVE, content -> content.without(fingerprint));
        }
        logins.drop(candidate);
    }

    @Override
    public Optional<KeyFile> keyFile(SshSession session) throws HostException {
        if (method.as().isPresent()) {
            return Optional.empty();
        }
        RemoteKeyFile file = file(session);
        AuthorizedKeysFile content = file.read().orElseThrow(file::notFound);
        return Optional.of(new KeyFile(method.path(), content.entries()));
    }

    @Override
    public Optional<PublicKey> seen(Fingerprint fingerprint) {
        return Optional.ofNullable(seen.get(fingerprint));
    }

    private SshSession asBefore(Predecessor predecessor) throws HostException {
        if (method.as().isPresent()) {
            return logins.as(method.as().get());
        }
        if (predecessor.secret().isEmpty()) {
            throw SshFailures.failed(
                    Fault.SECRET_UNAVAILABLE,
                    account(),
                    "the credential in use is not known, so nothing can log in to change it; adopt it, or set install.as",
                    null);
        }
        return logins.as(predecessor.secret().get());
    }

    /** Null where the candidate is refused and nothing else is known: then it is not on the host. */
    private @Nullable SshSession forUndoing(LoginSecret candidate, Predecessor predecessor) throws HostException {
        if (method.as().isPresent()) {
            return logins.as(method.as().get());
        }
        if (predecessor.secret().isPresent()) {
            Attempt attempt = logins.with(predecessor.secret().get());
            if (attempt instanceof Attempt.Accepted accepted) {
                return accepted.session();
            }
        }
        Attempt attempt = logins.with(candidate);
        return attempt.alive() ? logins.accepted(attempt) : null;
    }

    /** A new file is right only where no line has to be replaced, or where an administrator sets an account up. */
    private boolean mayCreate(Predecessor predecessor) {
        return method.as().isPresent() || predecessor.fingerprint().isEmpty();
    }

    private void remember(AuthorizedKeysFile content, Predecessor predecessor) {
        predecessor.fingerprint().flatMap(content::key).ifPresent(key -> seen.put(key.fingerprint(), key));
    }

    private RemoteKeyFile file(SshSession session) {
        return new RemoteKeyFile(session, method.path(), random, leftovers);
    }

    private Account account() {
        return logins.account();
    }

    private static PublicKey publicKey(LoginSecret secret) {
        if (secret instanceof LoginSecret.KeyPair pair) {
            return pair.publicKey();
        }
        throw new IllegalArgumentException("an authorized_keys file holds keys, not passwords");
    }
}
