package dev.keyturn.store;

import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.JournalException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps all but one process out of a state directory. The kernel holds the lock, so it is gone with its process however
 * that ends; what the file says only tells people who has it.
 */
final class StateLock implements AutoCloseable {
    private final FileChannel channel;

    private StateLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws BusyException where another process has it, or this one already; the message names the process */
    static StateLock take(StateDirectory directory, Instant now) throws BusyException, StateRefusedException {
        Path file = directory.lock();
        try {
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                if (lock(channel) == null) {
                    throw new BusyException("the state directory " + directory.path() + " is in use by " + holder(file)
                            + "; wait until it is done, or ask the daemon");
                }
                tell(channel, now);
                return new StateLock(channel);
            } catch (BusyException | IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw StateDirectory.unreadable(file, e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String holder(Path file) throws IOException {
        String text = Files.readString(file).strip();
        return text.isEmpty() ? "another process" : text;
    }

    private static void tell(FileChannel channel, Instant now) throws IOException {
        String text = "pid " + ProcessHandle.current().pid() + " on " + host() + " since " + now + "\n";
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "this host";
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new JournalException("the lock of the state directory can't be given back: " + e.getMessage(), e);
        }
    }
}
