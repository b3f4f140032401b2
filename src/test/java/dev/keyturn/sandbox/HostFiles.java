package dev.keyturn.sandbox;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.CopyOption;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.sshd.common.file.FileSystemFactory;
import org.apache.sshd.common.file.root.RootedFileSystemProvider;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.common.extensions.openssh.AbstractOpenSSHExtensionParser.OpenSSHExtension;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.Handle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;
import org.jspecify.annotations.Nullable;

/** The SFTP subsystem: each account within its root, starting at home, with faults at each step. */
final class HostFiles extends SftpSubsystemFactory implements FileSystemFactory {
    private final SftpHost host;

    HostFiles(SftpHost host) {
        this.host = host;
        addSftpEventListener(new Steps());
        setFileSystemAccessor(new Homes());
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

    private final class Steps implements SftpEventListener {
        @Override
        public void opening(ServerSession session, String remote, Handle handle) throws IOException {
            host.step(session, openStep(handle), false, text(handle.getFile()));
        }

        @Override
        public void open(ServerSession session, String remote, Handle handle) throws IOException {
            host.step(session, openStep(handle), true, text(handle.getFile()));
        }

        private HostStep openStep(Handle handle) {
            boolean writes = handle instanceof FileHandle file
                    && Stream.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE)
                            .anyMatch(file.getOpenOptions()::contains);
            return writes ? HostStep.CREATE : HostStep.OPEN;
        }

        @Override
        public void reading(
                ServerSession session, String remote, FileHandle handle, long offset, byte[] data, int at, int length)
                throws IOException {
            host.step(session, HostStep.READ, false, text(handle.getFile()));
        }

        @Override
        public void writing(
                ServerSession session, String remote, FileHandle handle, long offset, byte[] data, int at, int length)
                throws IOException {
            host.step(session, HostStep.WRITE, false, text(handle.getFile()));
        }

        @Override
        public void written(
                ServerSession session,
                String remote,
                FileHandle handle,
                long offset,
                byte[] data,
                int at,
                int length,
                @Nullable Throwable thrown)
                throws IOException {
            after(session, HostStep.WRITE, handle.getFile(), thrown);
        }

        @Override
        public void closing(ServerSession session, String remote, Handle handle) throws IOException {
            host.step(session, HostStep.CLOSE, false, text(handle.getFile()));
        }

        @Override
        public void creating(ServerSession session, Path path, Map<String, ?> attributes) throws IOException {
            host.step(session, HostStep.MAKE_DIRECTORY, false, text(path));
        }

        @Override
        public void created(ServerSession session, Path path, Map<String, ?> attributes, @Nullable Throwable thrown)
                throws IOException {
            after(session, HostStep.MAKE_DIRECTORY, path, thrown);
        }

        @Override
        public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> options)
                throws IOException {
            host.step(session, HostStep.RENAME, false, text(to));
        }

        @Override
        public void moved(
                ServerSession session, Path from, Path to, Collection<CopyOption> options, @Nullable Throwable thrown)
                throws IOException {
            after(session, HostStep.RENAME, to, thrown);
        }

        @Override
        public void removing(ServerSession session, Path path, boolean isDirectory) throws IOException {
            host.step(session, HostStep.REMOVE, false, text(path));
        }

        @Override
        public void removed(ServerSession session, Path path, boolean isDirectory, @Nullable Throwable thrown)
                throws IOException {
            after(session, HostStep.REMOVE, path, thrown);
        }

        @Override
        public void modifyingAttributes(ServerSession session, Path path, Map<String, ?> attributes)
                throws IOException {
            host.step(session, HostStep.ATTRIBUTES, false, text(path));
        }

        @Override
        public void modifiedAttributes(
                ServerSession session, Path path, Map<String, ?> attributes, @Nullable Throwable thrown)
                throws IOException {
            after(session, HostStep.ATTRIBUTES, path, thrown);
        }

        private void after(ServerSession session, HostStep step, Path path, @Nullable Throwable thrown)
                throws IOException {
            if (thrown == null) {
                host.step(session, step, true, text(path));
            }
        }

        private String text(Path path) {
            return path.toAbsolutePath().normalize().toString();
        }
    }
}
