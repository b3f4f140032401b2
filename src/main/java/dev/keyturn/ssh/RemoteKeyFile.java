package dev.keyturn.ssh;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.SftpATTRS;
import com.jcraft.jsch.SftpException;
import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostException.Fault;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;

/**
 * An authorized_keys file over SFTP. An edit writes a new file beside the old one, with its mode and owner, looks
 * whether the old one is still what it was, and renames: at any instant sshd sees one whole version. SFTP has no lock,
 * so an edit by another between that look and the rename, a few milliseconds, would be lost.
 *
 * <p>What JSch can't do: create exclusively (the temporary name has 128 random bits instead), and fsync. After a power
 * cut of the host the old version may come back; recovery asks the host what it accepts.
 */
final class RemoteKeyFile {
    private static final int EDITS = 4;
    private static final int LARGEST = 4 * 1024 * 1024;
    private static final int MODE = 07777;
    private static final String RENAME = "posix-rename@openssh.com";

    private final SshSession session;
    private final String path;
    private final TemporaryFiles temporaries;

    /** @param leftovers temporary files that a lost connection kept from being removed; the next edit tries again */
    RemoteKeyFile(SshSession session, String path, SecureRandom random, Set<String> leftovers) {
        this.session = session;
        this.path = path;
        this.temporaries = new TemporaryFiles(session, path, random, leftovers);
    }

    /**
     * One version of the file.
     *
     * @param target the file itself, where {@code path} is a symbolic link
     */
    private record Version(String target, SftpATTRS attributes, AuthorizedKeysFile content) {}

    /** The file's content; empty where there is no such file. */
    Optional<AuthorizedKeysFile> read() throws HostException {
        return session.sftp("read " + path, sftp -> version(sftp).map(Version::content));
    }

    /** Whether an existing file can be replaced, as far as that can be told without writing. */
    void checkReplaceable() throws HostException {
        boolean atomic = session.sftp("ask for extensions", RemoteKeyFile::renamesAtomically);
        if (!atomic) {
            throw SshFailures.failed(
                    Fault.NO_ATOMIC_RENAME, session.account(), "can't replace " + path + " in one step", null);
        }
    }

    /** What to do where there is no file. */
    enum Missing {
        CREATE,
        LEAVE,
        FAIL
    }

    /** What is to become of a version of the file; no content of a file that is made anew. */
    interface Edit {
        /** @throws HostException where this version is not to be edited; it stays as it is */
        AuthorizedKeysFile of(AuthorizedKeysFile content) throws HostException;
    }

    /** Edits the file. Writes nothing where the edit changes nothing. */
    void edit(Missing missing, Edit change) throws HostException {
        temporaries.removeLeftovers();
        for (int attempt = 1; attempt <= EDITS; attempt++) {
            Optional<Version> before = session.sftp("read " + path, this::version);
            if (before.isEmpty()) {
                switch (missing) {
                    case CREATE -> {}
                    case LEAVE -> {
                        return;
                    }
                    case FAIL -> throw notFound();
                }
            }
            if (before.isPresent() ? changed(before.get(), change) : created(change.of(AuthorizedKeysFile.EMPTY))) {
                return;
            }
        }
        throw SshFailures.failed(
                Fault.CONCURRENT_EDIT,
                session.account(),
                path + " was changed by somebody else each of " + EDITS + " times it was about to be written",
                null);
    }

    private boolean created(AuthorizedKeysFile wanted) throws HostException {
        if (wanted.lines().isEmpty()) {
            return true;
        }
        boolean created = new NewKeyFile(session, path, temporaries).create(wanted);
        if (created) {
            readBack(path, wanted);
        }
        return created;
    }

    private boolean changed(Version old, Edit change) throws HostException {
        AuthorizedKeysFile wanted = change.of(old.content());
        if (wanted.equals(old.content())) {
            return true;
        }
        checkReplaceable();
        boolean replaced = replace(old, wanted);
        if (replaced) {
            readBack(old.target(), wanted);
        }
        return replaced;
    }

    /** The failure to report where a file that has to be there is not. */
    HostException notFound() {
        return SshFailures.failed(
                Fault.NOT_FOUND, session.account(), "there is no " + path + " in its SFTP session", null);
    }

    private boolean replace(Version old, AuthorizedKeysFile wanted) throws HostException {
        String temporary = temporaries.in(RemotePaths.parent(old.target()));
        try {
            temporaries.write(temporary, wanted);
            boolean replaced = session.sftp("replace " + path, sftp -> {
                take(sftp, temporary, old.attributes());
                Optional<Version> now = version(sftp);
                if (now.isEmpty() || !same(old, now.get())) {
                    return false;
                }
                sftp.rename(RemotePaths.quoted(temporary), RemotePaths.quoted(old.target()));
                return true;
            });
            if (!replaced) {
                temporaries.remove(temporary);
            }
            return replaced;
        } catch (HostException e) {
            temporaries.remove(temporary);
            throw e;
        }
    }

    private void readBack(String target, AuthorizedKeysFile wanted) throws HostException {
        AuthorizedKeysFile found = session.sftp("read back " + path, sftp -> content(sftp, target));
        if (!found.equals(wanted)) {
            throw SshFailures.failed(
                    Fault.READ_BACK,
                    session.account(),
                    path + " does not hold what was written to it a moment ago",
                    null);
        }
    }

    private Optional<Version> version(ChannelSftp sftp) throws SftpException {
        String target = path;
        SftpATTRS attributes;
        try {
            attributes = sftp.lstat(RemotePaths.quoted(path));
        } catch (SftpException e) {
            if (isMissing(e)) {
                return Optional.empty();
            }
            throw e;
        }
        if (attributes.isLink()) {
            // The link stays; what it points to is replaced.
            target = sftp.realpath(RemotePaths.quoted(path));
            attributes = sftp.stat(RemotePaths.quoted(target));
        }
        if (attributes.getSize() > LARGEST) {
            throw tooLarge();
        }
        return Optional.of(new Version(target, attributes, content(sftp, target)));
    }

    private static SftpException tooLarge() {
        return new SftpException(ChannelSftp.SSH_FX_FAILURE, "it is larger than " + LARGEST + " bytes");
    }

    private static AuthorizedKeysFile content(ChannelSftp sftp, String file) throws SftpException {
        LimitedBytes bytes = new LimitedBytes(LARGEST);
        try {
            sftp.get(RemotePaths.quoted(file), bytes);
        } catch (SftpException e) {
            if (bytes.overflowed()) {
                // The rest is still under way, so the channel is of no more use; the session opens another.
                sftp.disconnect();
                throw tooLarge();
            }
            throw e;
        }
        return AuthorizedKeysFile.of(bytes.toByteArray());
    }

    /** A new file has the server's umask and the session's user; it has to have the old file's mode and owner. */
    private static void take(ChannelSftp sftp, String file, SftpATTRS old) throws SftpException {
        own(sftp, file, old);
        SftpATTRS mode = new SftpATTRS();
        mode.setPERMISSIONS(old.getPermissions() & MODE);
        sftp.setStat(RemotePaths.quoted(file), mode);
    }

    private static void own(ChannelSftp sftp, String file, SftpATTRS owner) throws SftpException {
        SftpATTRS now = sftp.stat(RemotePaths.quoted(file));
        if (now.getUId() != owner.getUId() || now.getGId() != owner.getGId()) {
            SftpATTRS wanted = new SftpATTRS();
            wanted.setUIDGID(owner.getUId(), owner.getGId());
            sftp.setStat(RemotePaths.quoted(file), wanted);
        }
    }

    private static boolean same(Version before, Version now) {
        return before.target().equals(now.target())
                && before.attributes().getMTime() == now.attributes().getMTime()
                && before.attributes().getPermissions() == now.attributes().getPermissions()
                && before.content().equals(now.content());
    }

    private static boolean renamesAtomically(ChannelSftp sftp) {
        return "1".equals(sftp.getExtension(RENAME));
    }

    static boolean isMissing(SftpException e) {
        return e.getCause() == null && e.id == ChannelSftp.SSH_FX_NO_SUCH_FILE;
    }
}
