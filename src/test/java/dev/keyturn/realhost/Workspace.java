package dev.keyturn.realhost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A server's directory on the disk, 0700 below the JVM's temporary directory, removed when it is closed.
 *
 * <p>A JVM that is killed can't remove its workspaces. Each is therefore locked while it is in use, and the first
 * workspace of a later JVM removes those whose lock nobody holds any more.
 */
final class Workspace implements AutoCloseable {

    private static final String PREFIX = "keyturn-realhost-";
    private static final Duration TIME_TO_LOCK = Duration.ofMinutes(1);

    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();
    private static boolean swept;

    private final Path root;
    private final FileChannel lock;

    private Workspace(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    static synchronized Workspace create() {
        try {
            if (!swept) {
                swept = true;
                sweep(Path.of(System.getProperty("java.io.tmpdir")));
            }
            Path root = Files.createTempDirectory(PREFIX).toAbsolutePath();
            OURS.add(root);
            FileChannel lock = FileChannel.open(lockOf(root), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            lock.lock();
            return new Workspace(root, lock);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't make a directory for a server", e);
        }
    }

    Path root() {
        return root;
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't release " + root, e);
        } finally {
            delete(root);
            OURS.remove(root);
        }
    }

    /** Removes workspaces in {@code temporary} that a JVM locked more than a minute ago and no longer holds. */
    static void sweep(Path temporary) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(temporary, PREFIX + "*")) {
            for (Path root : found) {
                // Opening and closing a lock file of our own would release the lock: POSIX locks belong to the process.
                if (!OURS.contains(root.toAbsolutePath()) && isAbandoned(lockOf(root))) {
                    delete(root);
                }
            }
        }
    }

    private static boolean isAbandoned(Path lockFile) {
        try {
            long age = System.currentTimeMillis()
                    - Files.getLastModifiedTime(lockFile).toMillis();
            if (age < TIME_TO_LOCK.toMillis()) {
                return false;
            }
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                    FileLock held = channel.tryLock()) {
                return held != null;
            }
        } catch (IOException e) {
            return false;
        }
    }

    private static Path lockOf(Path root) {
        return root.resolve("in-use");
    }

    /** Removes a file or a tree. Links are removed, never followed; what is gone already is no error. */
    static void delete(Path start) {
        try {
            Files.walkFileTree(start, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                        throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("Can't remove " + start, e);
        }
    }
}
