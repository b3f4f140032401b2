package dev.keyturn.sandbox;

import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.Handle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.jspecify.annotations.Nullable;

/** Tells the host of each step of an SFTP client, before and after, so that faults can strike there. */
final class FileSteps implements SftpEventListener {
    private final SftpHost host;

    FileSteps(SftpHost host) {
        this.host = host;
    }

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
    public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> options) throws IOException {
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
    public void modifyingAttributes(ServerSession session, Path path, Map<String, ?> attributes) throws IOException {
        host.step(session, HostStep.ATTRIBUTES, false, text(path));
    }

    @Override
    public void modifiedAttributes(
            ServerSession session, Path path, Map<String, ?> attributes, @Nullable Throwable thrown)
            throws IOException {
        after(session, HostStep.ATTRIBUTES, path, thrown);
    }

    private void after(ServerSession session, HostStep step, Path path, @Nullable Throwable thrown) throws IOException {
        if (thrown == null) {
            host.step(session, step, true, text(path));
        }
    }

    private String text(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }
}
