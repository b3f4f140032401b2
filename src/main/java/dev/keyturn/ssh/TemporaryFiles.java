package dev.keyturn.ssh;

import com.jcraft.jsch.ChannelSftp;
import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostException.Fault;
import java.io.ByteArrayInputStream;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** New versions of a file on a host, beside it under names of their own until each is whole and takes its place. */
final class TemporaryFiles {
    static final String PREFIX = ".keyturn-";

    private final SshSession session;
    private final String path;
    private final SecureRandom random;
    private final Set<String> leftovers;

    /**
     * @param path the file they are versions of
     * @param leftovers those that a lost connection kept from being removed
     */
    TemporaryFiles(SshSession session, String path, SecureRandom random, Set<String> leftovers) {
        this.session = session;
        this.path = path;
        this.random = random;
        this.leftovers = leftovers;
    }

    /** A new name in this directory; nobody can guess it, because JSch can't create exclusively. */
    String in(String directory) {
        byte[] unguessable = new byte[16];
        random.nextBytes(unguessable);
        return RemotePaths.in(directory, PREFIX + HexFormat.of().formatHex(unguessable));
    }

    /**
     * SFTP version 3 has no status for a full disk or quota, nor for a file system that is read-only: OpenSSH calls each
     * a failure. Nothing but the temporary file is concerned.
     */
    void write(String temporary, AuthorizedKeysFile content) throws HostException {
        try {
            session.sftp("write a new version beside " + path, sftp -> {
                sftp.put(
                        new ByteArrayInputStream(content.content()),
                        RemotePaths.quoted(temporary),
                        ChannelSftp.OVERWRITE);
                return temporary;
            });
        } catch (HostException e) {
            if (e.fault() == Fault.PROTOCOL) {
                throw SshFailures.failed(
                        Fault.DISK_FULL,
                        session.account(),
                        "can't write a new version beside " + path
                                + "; the disk or quota is full, or the file system is read-only",
                        e);
            }
            throw e;
        }
    }

    /** Removes one, now or, where that fails, with {@link #removeLeftovers}. */
    void remove(String temporary) {
        leftovers.add(temporary);
        removeLeftovers();
    }

    void removeLeftovers() {
        for (String temporary : List.copyOf(leftovers)) {
            if (session.isOpen() && isRemoved(temporary)) {
                leftovers.remove(temporary);
            }
        }
    }

    /** What goes wrong here is not what matters: the file holds public keys. */
    private boolean isRemoved(String temporary) {
        try {
            session.sftp("remove " + temporary, sftp -> {
                sftp.rm(RemotePaths.quoted(temporary));
                return temporary;
            });
            return true;
        } catch (HostException e) {
            return e.fault() == Fault.NOT_FOUND;
        }
    }
}
