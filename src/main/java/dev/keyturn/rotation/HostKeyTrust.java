package dev.keyturn.rotation;

import dev.keyturn.secret.Fingerprint;
import java.nio.file.Path;

/** How the host proves that it is the host. Nothing is ever trusted on first use. */
public sealed interface HostKeyTrust {
    /** The host key has exactly this fingerprint. */
    record Pinned(Fingerprint fingerprint) implements HostKeyTrust {}

    /** The host key, or the authority that signed it, stands in this file of OpenSSH's format (sshd(8)). */
    record KnownHosts(Path file) implements HostKeyTrust {}
}
