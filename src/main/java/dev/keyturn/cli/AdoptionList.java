package dev.keyturn.cli;

import dev.keyturn.rotation.KeyPairs;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Which secrets are to be adopted for which credentials, as the CSV of {@code adopt --from} says it. */
final class AdoptionList {
    private static final List<String> HEADER = List.of("credential", "private_key_file", "password_file", "user");
    private static final Set<PosixFilePermission> OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);
    private static final int MOST = 64 * 1024;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private AdoptionList() {}

    /**
     * One credential and the file its secret is in; exactly one of the two is there.
     *
     * @param user whose it is, of alternating accounts; empty for the one that Dromo logs in as
     * @param where the place in the list, for messages; empty where there is no list
     */
    record Adoption(
            String credential,
            Optional<Path> privateKeyFile,
            Optional<Path> passwordFile,
            Optional<String> user,
            String where) {
        Path file() {
            return privateKeyFile.or(() -> passwordFile).orElseThrow();
        }

        /** The permissions of a file that its group or everybody may read, such as {@code rw-r--r--}. */
        Optional<String> openToOthers() {
            try {
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file());
                return Collections.disjoint(permissions, OTHERS)
                        ? Optional.empty()
                        : Optional.of(PosixFilePermissions.toString(permissions));
            } catch (IOException e) {
                // Whether it can be read at all, load says.
                return Optional.empty();
            }
        }

        /** @throws UnreadableException where the file can't be used; the message says why */
        Secret read() throws UnreadableException {
            Path file = file();
            // Not by its size: that of a pipe or a device says nothing.
            byte[] room = new byte[MOST + 1];
            try (InputStream in = Files.newInputStream(file)) {
                int length = in.readNBytes(room, 0, room.length);
                if (length > MOST) {
                    throw new UnreadableException(file + " is larger than any key or password");
                }
                return Secret.takeOver(Arrays.copyOf(room, length));
            } catch (NoSuchFileException e) {
                throw new UnreadableException(file + " doesn't exist");
            } catch (IOException e) {
                throw new UnreadableException(file + " can't be read: " + e.getMessage());
            } finally {
                Arrays.fill(room, (byte) 0);
            }
        }

        /**
         * @param content what was {@link #read}; stays the caller's
         * @throws UnreadableException where it is no key or password; the message says why
         */
        LoginSecret login(KeyPairs keyPairs, Secret content) throws UnreadableException {
            try {
                return privateKeyFile.isPresent()
                        ? keyPairs.read(content)
                        : new LoginSecret.Password(withoutLineEnd(content, file()));
            } catch (IllegalArgumentException e) {
                throw new UnreadableException(file() + ": " + e.getMessage());
            }
        }

        /** The same, for a daemon to which the file's content is handed over: to it the file is but a name. */
        Sendable sendable() {
            List<String> words = new ArrayList<>(List.of("adopt"));
            words.add((privateKeyFile.isPresent() ? "--private-key-file=" : "--password-file=") + file());
            user.ifPresent(it -> words.add("--user=" + it));
            words.add("--");
            words.add(credential);
            return new Sendable(words, Sendable.Kind.TAKES_A_SECRET);
        }

        private static Secret withoutLineEnd(Secret content, Path file) throws UnreadableException {
            byte[] bytes = content.expose();
            int end = bytes.length;
            if (end > 0 && bytes[end - 1] == '\n') {
                end--;
            }
            if (end > 0 && bytes[end - 1] == '\r') {
                end--;
            }
            if (end == 0) {
                throw new UnreadableException(file + " is empty");
            }
            return Secret.takeOver(Arrays.copyOf(bytes, end));
        }
    }

    /** A file that should hold a secret does not. */
    static final class UnreadableException extends Exception {
        UnreadableException(String message) {
            super(message);
        }
    }

    /** Relative paths in the file are relative to it. */
    static List<Adoption> read(Path file) throws IOException {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .setIgnoreEmptyLines(true)
                .setTrim(true)
                .get();
        Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        List<Adoption> adoptions = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                CSVParser parser = format.parse(withoutByteOrderMark(reader))) {
            if (!parser.getHeaderNames().containsAll(HEADER.subList(0, 1))
                    || !HEADER.containsAll(parser.getHeaderNames())
                    || Collections.disjoint(parser.getHeaderNames(), HEADER.subList(1, 3))) {
                throw new UsageException(file + ":1: the header has to be " + String.join(",", HEADER)
                        + " (user, and one of the two files, may be left out)");
            }
            for (CSVRecord record : parser) {
                adoptions.add(adoption(file, directory, record));
            }
        } catch (NoSuchFileException e) {
            throw new UsageException(file + " doesn't exist");
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw new UsageException(file + " can't be read as a CSV file in UTF-8: " + e.getMessage());
        }
        if (adoptions.isEmpty()) {
            throw new UsageException(file + " names no credential");
        }
        return adoptions;
    }

    /** Spreadsheets put one at the beginning of a file in UTF-8; it is no part of the first column's name. */
    private static Reader withoutByteOrderMark(BufferedReader reader) throws IOException {
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
        return reader;
    }

    private static Adoption adoption(Path file, Path directory, CSVRecord record) {
        String where = file + ":" + (record.getRecordNumber() + 1) + ": ";
        if (!record.isConsistent()) {
            throw new UsageException(where + "the line has " + record.size() + " fields, the header another number");
        }
        Optional<Path> key = field(record, "private_key_file").map(directory::resolve);
        Optional<Path> password = field(record, "password_file").map(directory::resolve);
        if (key.isPresent() == password.isPresent()) {
            throw new UsageException(where + "give exactly one of private_key_file and password_file");
        }
        return new Adoption(
                field(record, "credential")
                        .orElseThrow(() -> new UsageException(where + "the name of the credential is missing")),
                key,
                password,
                field(record, "user"),
                where);
    }

    private static Optional<String> field(CSVRecord record, String name) {
        return record.isMapped(name) && !record.get(name).isEmpty() ? Optional.of(record.get(name)) : Optional.empty();
    }
}
