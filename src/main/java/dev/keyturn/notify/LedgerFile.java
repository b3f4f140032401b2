package dev.keyturn.notify;

import dev.keyturn.rotation.Notice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger on the disk, a line of text each: when, kind, credential or nothing, fact; tabs between them. It is not part
 * of the journal, and losing it does no harm: what still holds is told once more.
 */
final class LedgerFile {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerFile.class);

    private final Path file;

    LedgerFile(Path file) {
        this.file = file;
    }

    List<Ledger.Entry> read() {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.map(LedgerFile::parse).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | java.io.UncheckedIOException | IllegalArgumentException | DateTimeParseException e) {
            LOG.warn("{} can't be read, so what still holds is told once more: {}", file, e.getMessage());
            return List.of();
        }
    }

    void write(List<Ledger.Entry> entries) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(fresh, entries.stream().map(LedgerFile::line).toList(), StandardCharsets.UTF_8);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn(
                    "{} can't be written, so after a restart what still holds is told once more: {}",
                    file,
                    e.toString());
        }
    }

    private static String line(Ledger.Entry entry) {
        return String.join(
                "\t",
                entry.at().toString(),
                entry.kind().label(),
                entry.credential().orElse(""),
                entry.fact());
    }

    private static Ledger.Entry parse(String line) {
        String[] parts = line.split("\t", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("a line has not four parts");
        }
        return new Ledger.Entry(
                Instant.parse(parts[0]),
                Notice.Kind.valueOf(parts[1].toUpperCase(Locale.ROOT)),
                Optional.of(parts[2]).filter(name -> !name.isEmpty()),
                parts[3]);
    }
}
