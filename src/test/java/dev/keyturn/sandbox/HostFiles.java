package dev.keyturn.sandbox;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.sshd.common.file.FileSystemFactory;
import org.apache.sshd.common.file.root.RootedFileSystemProvider;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpHelper;
import org.apache.sshd.sftp.common.extensions.openssh.AbstractOpenSSHExtensionParser.OpenSSHExtension;
import org.apache.sshd.sftp.server.SftpErrorStatusDataHandler;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemEnvironment;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;

/** The SFTP subsystem: each account within its root, starting at home, with faults at each step. */
final class HostFiles extends SftpSubsystemFactory implements FileSystemFactory {
    private final SftpHost host;

    HostFiles(SftpHost host) {
        this.host = host;
        addSftpEventListener(new FileSteps(host));
        setFileSystemAccessor(new Homes());
        setErrorStatusDataHandler(new Version3Statuses());
    }

    @Override
    public Command createSubsystem(ChannelSession channel) throws IOException {
        SftpAccount account = account(channel.getServerSession());
        if (account.expiry() == SftpAccount.Expiry.AFTER_LOGIN) {
            return new HostCommand((session, terminal) -> {
                terminal.complain("Password change required but no TTY available.\n");
                return 1;
            });
        }
        host.step(channel.getServerSession(), HostStep.SFTP, false, account.home());
        SftpSubsystem subsystem = new Subsystem(channel, account);
        getRegisteredListeners().forEach(subsystem::addSftpEventListener);
        return subsystem;
    }

    @Override
    public Path getUserHomeDir(SessionContext session) throws IOException {
        return account(session).localHome();
    }

    @Override
    public FileSystem createFileSystem(SessionContext session) throws IOException {
        return new RootedFileSystemProvider().newFileSystem(account(session).root(), Map.of());
    }

    private SftpAccount account(SessionContext session) throws IOException {
        SftpAccount account = host.account(String.valueOf(session.getUsername()));
        if (account == null) {
            throw new IOException("no such account");
        }
        return account;
    }

    private final class Subsystem extends SftpSubsystem {
        private final String home;

        private Subsystem(ChannelSession channel, SftpAccount account) {
            super(channel, HostFiles.this);
            this.home = account.home();
        }

        @Override
        public void setFileSystem(FileSystem files) {
            super.setFileSystem(files);
            defaultDir = files.getPath(home);
        }

        @Override
        protected List<OpenSSHExtension> resolveOpenSSHExtensions(ServerSession session) {
            return super.resolveOpenSSHExtensions(session).stream()
                    .filter(extension -> !host.faults().lacks(extension.getName()))
                    .toList();
        }

        @Override
        protected void executeExtendedCommand(Buffer buffer, int id, String extension) throws IOException {
            if (host.faults().lacks(extension)) {
                doUnsupportedExtension(buffer, id, extension);
            } else {
                super.executeExtendedCommand(buffer, id, extension);
            }
        }
    }

    /** Everything belongs to one user of this machine, so that privacy among the accounts has to be kept here. */
    private final class Homes implements SftpFileSystemAccessor {
        @Override
        public Path resolveLocalFilePath(SftpSubsystemProxy subsystem, Path rootDir, String remotePath)
                throws IOException {
            Path path = SftpFileSystemAccessor.super.resolveLocalFilePath(subsystem, rootDir, remotePath);
            SftpAccount account = account(subsystem.getSession());
            Path homes = rootDir.getFileSystem().getPath("/home");
            Path absolute = path.toAbsolutePath().normalize();
            if (!account.administrator()
                    && absolute.startsWith(homes)
                    && !absolute.equals(homes)
                    && !absolute.startsWith(account.home())) {
                throw new AccessDeniedException(remotePath);
            }
            return path;
        }
    }

    /** MINA sends what SFTP version 6 would, whatever the version. OpenSSH has "failure" for all of that. */
    private static final class Version3Statuses implements SftpErrorStatusDataHandler {
        @Override
        public int resolveSubStatus(
                SftpSubsystemEnvironment subsystem, int id, Throwable failure, int command, Object... arguments) {
            int status = SftpHelper.resolveSubstatus(failure);
            return status <= SftpConstants.SSH_FX_OP_UNSUPPORTED ? status : SftpConstants.SSH_FX_FAILURE;
        }
    }
}
