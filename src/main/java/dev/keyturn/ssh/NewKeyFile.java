package dev.keyturn.ssh;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.SftpATTRS;
import com.jcraft.jsch.SftpException;
import dev.keyturn.rotation.HostException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An authorized_keys file where there is none yet: {@code .ssh} and the file belong to whom the directory above belongs
 * to. The file is there from one instant to the next, whole, with its mode and owner: sshd refuses one that has the
 * administrator's, and a later attempt would find its key in it and leave it at that.
 */
final class NewKeyFile {
    private static final int PRIVATE_FILE = 0600;
    private static final int PRIVATE_DIRECTORY = 0700;
    private static final int ROOT = 0;

    private final SshSession session;
    private final String path;
    private final String directory;
    private final TemporaryFiles temporaries;

    NewKeyFile(SshSession session, String path, TemporaryFiles temporaries) {
        this.session = session;
        this.path = path;
        this.directory = RemotePaths.parent(path);
        this.temporaries = temporaries;
    }

    /** False where somebody else made the file in the meantime; it is left alone. */
    boolean create(AuthorizedKeysFile content) throws HostException {
        session.sftp("create " + directory, this::makeDirectory);
        String temporary = temporaries.in(directory);
        try {
            temporaries.write(temporary, content);
            return session.sftp("create " + path, sftp -> {
                settle(sftp, temporary, PRIVATE_FILE, owner(sftp));
                return place(sftp, temporary);
            });
        } finally {
            temporaries.remove(temporary);
        }
    }

    /** It can't be made elsewhere and moved like the file: SELinux goes by the name a directory is made under. */
    private boolean makeDirectory(ChannelSftp sftp) throws SftpException {
        if (isThere(sftp, directory)) {
            return false;
        }
        SftpATTRS above = above(sftp);
        sftp.mkdir(RemotePaths.quoted(directory));
        settle(sftp, directory, PRIVATE_DIRECTORY, above);
        return true;
    }

    /**
     * Whom the directory belongs to. One that is empty and root's, below one that is not, was made by an earlier attempt that
     * was cut off before it could give it away. Where a link leads elsewhere, nothing is given away.
     */
    private SftpATTRS owner(ChannelSftp sftp) throws SftpException {
        SftpATTRS now = sftp.stat(RemotePaths.quoted(directory));
        SftpATTRS above = above(sftp);
        boolean ours = now.getUId() == ROOT
                && above.getUId() != ROOT
                && sftp.lstat(RemotePaths.quoted(directory)).isDir()
                && isEmpty(sftp);
        if (!ours) {
            return now;
        }
        settle(sftp, directory, PRIVATE_DIRECTORY, above);
        return above;
    }

    private SftpATTRS above(ChannelSftp sftp) throws SftpException {
        return sftp.stat(RemotePaths.quoted(RemotePaths.parent(directory)));
    }

    /** Whether there is nothing in the directory but what is ours. */
    private boolean isEmpty(ChannelSftp sftp) throws SftpException {
        AtomicBoolean empty = new AtomicBoolean(true);
        sftp.ls(RemotePaths.quoted(directory), entry -> {
            String name = entry.getFilename();
            boolean ours = name.equals(".") || name.equals("..") || name.startsWith(TemporaryFiles.PREFIX);
            empty.set(ours);
            return ours ? ChannelSftp.LsEntrySelector.CONTINUE : ChannelSftp.LsEntrySelector.BREAK;
        });
        return empty.get();
    }

    /**
     * Gives it mode and owner, in one request so that nothing comes between. Who owns it already may not be let to give it
     * the group.
     */
    private static void settle(ChannelSftp sftp, String file, int mode, SftpATTRS owner) throws SftpException {
        SftpATTRS now = sftp.stat(RemotePaths.quoted(file));
        SftpATTRS wanted = new SftpATTRS();
        wanted.setPERMISSIONS(mode);
        if (now.getUId() != owner.getUId()) {
            wanted.setUIDGID(owner.getUId(), owner.getGId());
        }
        sftp.setStat(RemotePaths.quoted(file), wanted);
    }

    /**
     * JSch renames so that a file which is there is replaced, where the server can do that; a hard link never replaces one.
     * Without hard links a file that somebody else makes after the last look, a few milliseconds, would be lost.
     */
    private boolean place(ChannelSftp sftp, String temporary) throws SftpException {
        try {
            sftp.hardlink(RemotePaths.quoted(temporary), RemotePaths.quoted(path));
            return true;
        } catch (SftpException e) {
            if (e.getCause() != null) {
                throw e;
            }
        }
        if (isThere(sftp, path)) {
            return false;
        }
        sftp.rename(RemotePaths.quoted(temporary), RemotePaths.quoted(path));
        return true;
    }

    private static boolean isThere(ChannelSftp sftp, String file) throws SftpException {
        try {
            sftp.lstat(RemotePaths.quoted(file));
            return true;
        } catch (SftpException e) {
            if (RemoteKeyFile.isMissing(e)) {
                return false;
            }
            throw e;
        }
    }
}
