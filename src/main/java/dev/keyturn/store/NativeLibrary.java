package dev.keyturn.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Loads SQLite's native library from a directory that nobody else can write, not from the shared temporary one. The
 * unpacked file is deleted as soon as it is mapped, so that a kill leaves nothing behind. Where {@code
 * org.sqlite.lib.path} names an unpacked library, or {@code org.sqlite.tmpdir} a directory, that one is used.
 */
final class NativeLibrary {
    private static final String DIRECTORY_PROPERTY = "org.sqlite.tmpdir";
    private static boolean loaded;

    private NativeLibrary() {}

    /** @param state where the directory is made for the moment; it has to allow execution */
    static synchronized void load(Path state) throws StateRefusedException {
        if (loaded) {
            return;
        }
        try {
            if (System.getProperty(DIRECTORY_PROPERTY) == null && System.getProperty("org.sqlite.lib.path") == null) {
                unpackPrivately(state);
            } else {
                SQLiteJDBCLoader.initialize();
            }
            loaded = true;
        } catch (Exception e) {
            throw new StateRefusedException(
                    "SQLite's native library can't be loaded: " + e.getMessage()
                            + "; it is unpacked below " + state + ", which must not be mounted noexec, or set"
                            + " -Dorg.sqlite.lib.path to a directory that holds it",
                    e);
        }
    }

    private static void unpackPrivately(Path state) throws Exception {
        removeLeftovers(state);
        Path parent = Files.isWritable(state) ? state : Path.of(System.getProperty("java.io.tmpdir"));
        Path directory = Files.createTempDirectory(
                parent,
                "native-" + ProcessHandle.current().pid() + "-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        System.setProperty(DIRECTORY_PROPERTY, directory.toString());
        try {
            SQLiteJDBCLoader.initialize();
        } finally {
            System.clearProperty(DIRECTORY_PROPERTY);
            remove(directory);
        }
    }

    /** What processes that were killed while they loaded it left behind. */
    private static void removeLeftovers(Path state) throws IOException {
        if (!Files.isWritable(state)) {
            return;
        }
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(state, "native-*-*")) {
            for (Path directory : directories) {
                String pid = directory.getFileName().toString().split("-", 3)[1];
                if (pid.chars().allMatch(Character::isDigit)
                        && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    remove(directory);
                }
            }
        }
    }

    private static void remove(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(directory);
    }
}
