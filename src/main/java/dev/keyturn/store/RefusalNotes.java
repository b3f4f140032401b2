package dev.keyturn.store;

import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.rotation.Refusals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Refused logins that a process met which only looks: the database belongs to another one then, and a refusal that
 * nobody remembers could lock an account. A file for each account, in a directory beside the database, replaced as a
 * whole. Each holds what was known of the account at its time, so the newer one of note and table is right.
 */
final class RefusalNotes {
    private final Path directory;

    RefusalNotes(Path stateDirectory) {
        directory = stateDirectory.resolve("refused");
    }

    Optional<Refusals> find(Account account) {
        try {
            String[] words = Files.readString(file(account)).split(" ", 3);
            return words.length == 3
                    ? Optional.of(new Refusals(Integer.parseInt(words[0]), Instant.parse(words[1])))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (NumberFormatException | DateTimeException e) {
            // Not durable when the machine stopped; a host forgets refusals too.
            return Optional.empty();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    void put(Account account, Refusals refusals) {
        String text = refusals.inARow() + " " + refusals.lastAt() + " " + account + "\n";
        try {
            // A link would have root, who may only look, write where the daemon's user may not.
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            handOver(directory);
            Path fresh = Files.createTempFile(directory, "note", "");
            try {
                Files.writeString(fresh, text, StandardOpenOption.SYNC);
                handOver(fresh);
                Files.move(fresh, file(account), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** What root writes has to be readable for the daemon's user, as it is with the files that SQLite makes. */
    private void handOver(Path made) throws IOException {
        UserPrincipal owner = Files.getOwner(directory.toAbsolutePath().getParent());
        if (!Files.getOwner(made, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
            Files.getFileAttributeView(made, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setOwner(owner);
        }
    }

    /** Harmless where there is none. */
    void remove(Account account) {
        try {
            Files.deleteIfExists(file(account));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private Path file(Account account) {
        try {
            byte[] name = account.toString().getBytes(StandardCharsets.UTF_8);
            return directory.resolve(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(name)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private JournalException failed(IOException e) {
        return new JournalException(
                "the note of a refused login in " + directory + " can't be read or written: " + e.getMessage()
                        + "; without it a further try could lock the account; check the disk and the owner, then try again",
                e);
    }
}
