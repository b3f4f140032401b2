package dev.keyturn.realhost;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Files and directories with exactly the given owner (user and group of one number) and mode, whatever the umask. */
final class Ownership {

    private Ownership() {}

    static Path directory(Path path, int owner, String mode) throws IOException {
        Files.createDirectories(path);
        return own(path, owner, mode);
    }

    static Path file(Path path, String content, int owner, String mode) throws IOException {
        Files.write(path, content.getBytes(StandardCharsets.UTF_8));
        return own(path, owner, mode);
    }

    private static Path own(Path path, int owner, String mode) throws IOException {
        Files.setAttribute(path, "unix:uid", owner);
        Files.setAttribute(path, "unix:gid", owner);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        return path;
    }
}
