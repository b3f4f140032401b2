package dev.keyturn.audit;

import dev.keyturn.audit.Lines.Line;
import dev.keyturn.rotation.AuditAnchor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether a log still has the record that it is known to have reached. A chain can't tell that its end was cut off. */
public final class AnchoredLog {
    private AnchoredLog() {}

    /**
     * Before it is opened for writing; nothing is changed.
     *
     * @param anchor empty where nothing is known of it yet
     * @throws AuditLogRefusedException where the log lacks the record; the message says what an operator does
     */
    public static void require(Path directory, Optional<AuditAnchor> anchor) throws AuditLogRefusedException {
        Optional<String> loss = loss(directory, anchor);
        if (loss.isPresent()) {
            throw new AuditLogRefusedException("the audit log in " + directory + " is not whole: " + loss.get()
                    + ". Nothing was changed. Put the missing part back and run keyturn audit verify; where it is lost"
                    + " for good, keyturn audit accept-loss --reason TEXT goes on with what is there and writes down"
                    + " that it did");
        }
    }

    /** What the log lacks, in words; empty where it lacks nothing. */
    public static Optional<String> loss(Path directory, Optional<AuditAnchor> anchor) throws AuditLogRefusedException {
        if (anchor.isEmpty()) {
            return Optional.empty();
        }
        Path file = AuditDirectory.file(directory);
        try {
            if (!Files.exists(file)) {
                return Optional.of(missing(anchor.get(), 0));
            }
            AuditDirectory.requireRegular(file);
            ChainEnd end = Tail.read(file).end();
            boolean there = end.hash().equals(anchor.get().hash()) || contains(file, anchor.get());
            return there ? Optional.empty() : Optional.of(missing(anchor.get(), end.seq()));
        } catch (IOException e) {
            throw new AuditLogRefusedException("the audit log " + file + " can't be read: " + e.getMessage(), e);
        }
    }

    /** @param last seq of the last record that is there */
    static String missing(AuditAnchor anchor, long last) {
        if (last >= anchor.seq()) {
            return "record " + anchor.seq() + " is not the one that was written: the log was changed or replaced";
        }
        return "it ends at record " + last + ", but had reached record " + anchor.seq() + " (SHA-256 " + anchor.hash()
                + "): its end was cut off or lost";
    }

    /** After a crash the log may have gone on a little; then the record is not its last. */
    private static boolean contains(Path file, AuditAnchor anchor) throws IOException {
        try (Lines lines = new Lines(file)) {
            for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                if (anchor.hash().equals(ChainEnd.START.with(line.get().bytes()).hash())) {
                    return true;
                }
            }
            return false;
        }
    }
}
