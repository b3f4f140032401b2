package dev.keyturn.daemon;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening socket and its name in the file system. It gets its name only once its mode is right, and takes the place of
 * a socket on which nobody answers any more; of nothing else. Only who holds the lock of a state may call this.
 */
final class SocketFile implements AutoCloseable {
    /** Of {@code sun_path} in unix(7), with its end. */
    private static final int LONGEST = 107;

    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);

    private final Path path;
    private final ServerSocketChannel channel;
    private final Object identity;

    private SocketFile(Path path, ServerSocketChannel channel, Object identity) {
        this.path = path;
        this.channel = channel;
        this.identity = identity;
    }

    static SocketFile listen(Path configured) throws SocketRefusedException {
        Path path = configured.toAbsolutePath().normalize();
        Path directory = path.getParent();
        // Short, for it counts among the 107; the process is alone in having this number.
        Path hidden =
                path.resolveSibling(".k" + Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX));
        Path unnamed = hidden.resolve("s");
        if (directory == null || length(path) > LONGEST || length(unnamed) > LONGEST) {
            throw new SocketRefusedException("the control socket " + path + " can't be made: its path is longer than "
                    + LONGEST + " bytes; set control.socket to a shorter one");
        }
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
            }
            requireFree(path);
            Files.deleteIfExists(unnamed);
            Files.deleteIfExists(hidden);
            Files.createDirectory(
                    hidden, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                return listen(path, unnamed);
            } finally {
                Files.deleteIfExists(unnamed);
                Files.deleteIfExists(hidden);
            }
        } catch (IOException e) {
            throw new SocketRefusedException("the control socket " + path + " can't be made: " + reason(e)
                    + "; give the user of the daemon a directory for it, or set control.socket");
        }
    }

    private static SocketFile listen(Path path, Path unnamed) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(unnamed));
            Files.setPosixFilePermissions(unnamed, PosixFilePermissions.fromString("rw-rw----"));
            Object identity = identity(unnamed);
            Files.move(unnamed, path, StandardCopyOption.ATOMIC_MOVE);
            return new SocketFile(path, channel, identity);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void requireFree(Path path) throws SocketRefusedException, IOException {
        int mode;
        try {
            mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return;
        }
        if ((mode & TYPE) != SOCKET) {
            throw new SocketRefusedException("the control socket " + path
                    + " can't be made: something else has this name; remove it, or set control.socket");
        }
        if (answers(path)) {
            throw new SocketRefusedException("the control socket " + path
                    + " can't be made: another process listens there, perhaps the daemon of another state; set"
                    + " control.socket to another path in one of the two configurations");
        }
    }

    private static boolean answers(Path path) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(path));
        } catch (java.net.ConnectException e) {
            return false;
        }
    }

    private static Object identity(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private static int length(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException
                ? "permission denied (" + e.getMessage() + ")"
                : e instanceof NoSuchFileException
                        ? "no such directory: " + e.getMessage()
                        : String.valueOf(e.getMessage());
    }

    Path path() {
        return path;
    }

    ServerSocketChannel channel() {
        return channel;
    }

    /** Takes the name away, unless another process has given it to a socket of its own meanwhile; then stops listening. */
    @Override
    public void close() {
        try {
            if (identity.equals(identity(path))) {
                Files.delete(path);
            }
        } catch (NoSuchFileException e) {
            // Somebody was faster.
        } catch (IOException e) {
            LOG.atWarn().log("The control socket {} can't be removed: {}", path, e.getMessage());
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.atWarn().log("The control socket {} can't be closed: {}", path, e.getMessage());
        }
    }
}
