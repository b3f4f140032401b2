package dev.keyturn.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** The directory of the journal and the encrypted secrets: 0700, everything in it open to its owner alone. */
record StateDirectory(Path path) {
    private static final Set<PosixFilePermission> OWNER_ONLY = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    /** Makes it where it is missing, and refuses it where others have access. */
    static StateDirectory prepared(Path path) throws StateRefusedException {
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(path.toAbsolutePath().getParent());
                Files.createDirectory(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new StateRefusedException(
                    "the state directory " + path + " can't be made: " + reason(e)
                            + "; make it yourself: install -d -m 700 -o USER " + path + ", or set state.directory",
                    e,
                    e instanceof AccessDeniedException);
        }
        return checked(path);
    }

    /** What this user may not see must not be taken for a store in which nothing was ever written. */
    static void requireVisible(Path path) throws StateRefusedException {
        Path database = new StateDirectory(path).database();
        boolean known = Files.isReadable(database) || Files.notExists(database);
        if (!known) {
            throw unreadable(path, new AccessDeniedException(path.toString()));
        }
    }

    /** Refuses it where others have access to it or to a file in it. */
    static StateDirectory checked(Path path) throws StateRefusedException {
        refuseOthers(path);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                refuseOthers(file);
            }
        } catch (IOException e) {
            throw unreadable(path, e);
        }
        return new StateDirectory(path);
    }

    private static void refuseOthers(Path path) throws StateRefusedException {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
            if (!Files.isSymbolicLink(path) && !OWNER_ONLY.containsAll(permissions)) {
                throw new StateRefusedException(path + " is open to its group or to everybody ("
                        + PosixFilePermissions.toString(permissions) + "); close it: chmod go= " + path);
            }
        } catch (NoSuchFileException e) {
            // SQLite removes its side files when the last process closes the database.
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    static StateRefusedException unreadable(Path path, IOException e) {
        return new StateRefusedException(
                path + " can't be read: " + reason(e) + "; run keyturn as the user that owns it",
                e,
                e instanceof AccessDeniedException);
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }

    Path database() {
        return path.resolve("keyturn.db");
    }

    Path lock() {
        return path.resolve("lock");
    }
}
