package dev.keyturn.ssh;

import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.KeyFile;
import dev.keyturn.rotation.Predecessor;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import java.util.Optional;

/** One way to change which credentials a host takes; its methods are those of {@code rotation.HostVisit}. */
interface HostChange {
    void preflight(Predecessor predecessor) throws HostException;

    void install(LoginSecret candidate, Predecessor predecessor) throws HostException;

    void withdraw(Predecessor predecessor, LoginSecret successor) throws HostException;

    void uninstall(LoginSecret candidate, Predecessor predecessor) throws HostException;

    /** The file it edits as the account itself, read in this session of the account's. */
    default Optional<KeyFile> keyFile(SshSession session) throws HostException {
        return Optional.empty();
    }

    /** A public key that an earlier step has seen on the host. */
    default Optional<PublicKey> seen(Fingerprint fingerprint) {
        return Optional.empty();
    }
}
