package dev.keyturn.config;

import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import dev.keyturn.secret.SecretUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A secret in a file that only its owner may read. */
final class FileSecret implements SecretSource {
    private static final Set<PosixFilePermission> OWNER_ONLY = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Path file;
    private final Optional<Path> credentialsDirectory;

    FileSecret(Path file, Optional<Path> credentialsDirectory) {
        this.file = file;
        this.credentialsDirectory = credentialsDirectory;
    }

    @Override
    public Secret load() throws SecretUnavailableException {
        try {
            if (Files.isDirectory(file)) {
                throw new SecretUnavailableException(describe() + " is a directory; name the file in it");
            }
            refuseWhereOthersMayRead();
            try (InputStream in = Files.newInputStream(file)) {
                return SecretBytes.text(SecretBytes.collect(in, describe()), describe());
            }
        } catch (NoSuchFileException e) {
            throw new SecretUnavailableException(describe() + " does not exist; put it there with mode 600", e);
        } catch (AccessDeniedException e) {
            throw new SecretUnavailableException(
                    describe() + " may not be read by this user; give the file to the user that Keyturn runs as", e);
        } catch (IOException e) {
            throw new SecretUnavailableException(describe() + " can't be read: " + e.getMessage(), e);
        }
    }

    /** systemd guards its credentials itself, and shows them with the mode bits of an access control list. */
    private void refuseWhereOthersMayRead() throws IOException, SecretUnavailableException {
        Path real = file.toRealPath();
        if (credentialsDirectory.isPresent()
                && real.startsWith(credentialsDirectory.get().toRealPath())) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(real);
        if (!OWNER_ONLY.containsAll(permissions)) {
            throw new SecretUnavailableException(describe() + " is open to its group or to everybody ("
                    + PosixFilePermissions.toString(permissions) + "); run: chmod 600 '"
                    + file.toString().replace("'", "'\\''") + "'");
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FileSecret that
                && file.equals(that.file)
                && credentialsDirectory.equals(that.credentialsDirectory);
    }

    @Override
    public int hashCode() {
        return Objects.hash(file, credentialsDirectory);
    }

    @Override
    public String describe() {
        return "file '" + file + "'";
    }
}
