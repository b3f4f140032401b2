package dev.keyturn.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** Where the log's segments are: a directory of 0750 with files of 0640, so that a group of auditors may read them. */
final class AuditDirectory {
    private AuditDirectory() {}

    /** Makes what is missing, refuses what others may write, and gives the segment to append to. */
    static Path prepare(Path directory) throws IOException, AuditLogRefusedException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory.toAbsolutePath().getParent());
            Files.createDirectory(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
        }
        refuseOtherWriters(directory);
        Path file = file(directory);
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
            sync(directory);
        }
        requireRegular(file);
        refuseOtherWriters(file);
        return file;
    }

    static Path file(Path directory) {
        return directory.resolve("audit.jsonl");
    }

    /** Opening a pipe would wait for its other end, and a device keeps nothing. */
    static void requireRegular(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException(file + " is no regular file; move it away");
        }
    }

    private static void refuseOtherWriters(Path path) throws IOException, AuditLogRefusedException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
        if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new AuditLogRefusedException(path + " may be written by its group or by everybody ("
                    + PosixFilePermissions.toString(permissions) + "); close it: chmod go-w " + path);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
            entry.force(true);
        }
    }

    /** All segments, oldest first. */
    static List<Path> segments(Path directory) throws IOException {
        Path file = file(directory);
        requireRegular(file);
        return List.of(file);
    }
}
