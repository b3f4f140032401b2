package dev.keyturn.audit;

import dev.keyturn.rotation.AuditException;
import dev.keyturn.rotation.BusyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second writer out of an audit directory. A file of its own: POSIX drops a process's lock when the process
 * closes any descriptor of the file, and the log itself is opened and closed by every reader. For the same reason a
 * second attempt in this process must not even open it.
 */
final class LogLock implements AutoCloseable {
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private LogLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static LogLock take(Path directory) throws IOException, BusyException {
        Path file = directory.toRealPath().resolve("lock");
        if (!HELD_HERE.add(file)) {
            throw busy(directory, "this process");
        }
        boolean taken = false;
        try {
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
            try {
                @Nullable FileLock lock = channel.tryLock();
                if (lock == null) {
                    throw busy(directory, Files.readString(file).strip());
                }
                channel.truncate(0);
                channel.write(
                        ByteBuffer.wrap(
                                ("pid " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)),
                        0);
                taken = true;
                return new LogLock(file, channel);
            } finally {
                if (!taken) {
                    channel.close();
                }
            }
        } finally {
            if (!taken) {
                HELD_HERE.remove(file);
            }
        }
    }

    private static BusyException busy(Path directory, String who) {
        return new BusyException("the audit log in " + directory + " is being written by " + who
                + "; wait until it has ended, or, if it is the daemon, stop it for this command");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new AuditException("the lock " + file + " can't be given back: " + e.getMessage(), e);
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
