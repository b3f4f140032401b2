package dev.keyturn.store;

import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.JournalException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps all but one process out of a state directory. The kernel holds the lock, so it is gone with its process however
 * that ends; what the file says only tells people who has it.
 */
final class StateLock implements AutoCloseable {
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private StateLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** @throws BusyException where another process has it, or this one already; the message names the process */
    static StateLock take(StateDirectory directory, Instant now) throws BusyException, StateRefusedException {
        try {
            Path file = directory.path().toRealPath().resolve(directory.lock().getFileName());
            // Opening and closing the file a second time in this process would drop the lock that it holds: POSIX locks
            // belong to the process and end with the first descriptor that is closed.
            if (!HELD_HERE.add(file)) {
                throw busy(directory, describe(now));
            }
            try {
                return take(directory, file, now);
            } catch (BusyException | IOException e) {
                HELD_HERE.remove(file);
                throw e;
            }
        } catch (IOException e) {
            throw StateDirectory.unreadable(directory.lock(), e);
        }
    }

    private static StateLock take(StateDirectory directory, Path file, Instant now) throws BusyException, IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            if (channel.tryLock() == null) {
                throw busy(directory, Files.readString(file).strip());
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((describe(now) + "\n").getBytes(StandardCharsets.UTF_8)), 0);
            return new StateLock(file, channel);
        } catch (BusyException | IOException e) {
            channel.close();
            throw e;
        }
    }

    private static BusyException busy(StateDirectory directory, String holder) {
        return new BusyException("the state directory " + directory.path() + " is in use by "
                + (holder.isEmpty() ? "another process" : holder)
                + "; wait until it is done, or, if it is the daemon, stop it for this command");
    }

    private static String describe(Instant now) {
        return "pid " + ProcessHandle.current().pid() + " on " + host() + " since " + now + " (" + command() + ")";
    }

    /** As it was typed, without the JVM's own options; HotSpot knows it. */
    private static String command() {
        return System.getProperty("sun.java.command", "keyturn").replaceFirst("^\\S+", "keyturn");
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
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
