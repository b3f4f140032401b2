package dev.keyturn.audit;

import dev.keyturn.audit.RecordParser.NoRecordException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a log ends, and what a crash left after its last whole record.
 *
 * @param end of the whole records; the last of them may lack its line feed
 * @param fragment what follows them, without a line feed at its own end; empty where nothing does
 * @param terminated whether the file ends with a line feed, or is empty
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Tail(ChainEnd end, byte[] fragment, boolean terminated) {
    private static final int READ_BYTES = 4 * RecordFormat.LONGEST_LINE;
    private static final int MOST_LINES_OF_A_FRAGMENT = 16;

    boolean torn() {
        return !terminated || fragment.length > 0;
    }

    /** @throws AuditLogRefusedException where the end of the file is none that a crash of the writer leaves */
    static Tail read(Path file) throws IOException, AuditLogRefusedException {
        byte[] bytes;
        boolean fromStart;
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, log.length() - READ_BYTES);
            fromStart = from == 0;
            bytes = new byte[Math.toIntExact(log.length() - from)];
            log.seek(from);
            log.readFully(bytes);
        }
        return of(file, bytes, fromStart);
    }

    private static Tail of(Path file, byte[] bytes, boolean fromStart) throws AuditLogRefusedException {
        int after = bytes.length;
        for (int lines = 0; lines <= MOST_LINES_OF_A_FRAGMENT; lines++) {
            int feed = lastFeedBefore(bytes, after);
            if (feed < 0) {
                break;
            }
            int begin = lastFeedBefore(bytes, feed) + 1;
            byte[] line = Arrays.copyOfRange(bytes, begin, feed);
            AuditRecord last = parse(line);
            if (last != null) {
                requireChain(file, bytes, begin, last);
                return after(new ChainEnd(last.seq() - 1, "").with(line), bytes, feed + 1);
            }
            after = feed;
        }
        if (!fromStart || feeds(bytes) > MOST_LINES_OF_A_FRAGMENT) {
            throw new AuditLogRefusedException(
                    file + " does not end like an audit log of Keyturn; move it away to begin a"
                            + " new one, and find out who wrote to it");
        }
        return after(ChainEnd.START, bytes, 0);
    }

    /** The last record has to follow from the one before it, where that can be seen. */
    private static void requireChain(Path file, byte[] bytes, int begin, AuditRecord last)
            throws AuditLogRefusedException {
        if (begin == 0 || last.isRecovery()) {
            return;
        }
        int beforeThat = lastFeedBefore(bytes, begin - 1) + 1;
        byte[] line = Arrays.copyOfRange(bytes, beforeThat, begin - 1);
        AuditRecord previous = parse(line);
        if (previous != null && !new ChainEnd(previous.seq() - 1, "").with(line).isContinuedBy(last)) {
            throw new AuditLogRefusedException("the audit log " + file + " was changed: record " + last.seq()
                    + " does not follow from the one before it; run: keyturn audit verify");
        }
    }

    private static Tail after(ChainEnd end, byte[] bytes, int from) {
        byte[] rest = Arrays.copyOfRange(bytes, from, bytes.length);
        if (rest.length == 0) {
            return new Tail(end, rest, true);
        }
        if (rest[rest.length - 1] == '\n') {
            return new Tail(end, Arrays.copyOf(rest, rest.length - 1), true);
        }
        // A last record that lacks nothing but its line feed is whole.
        int begin = lastFeedBefore(rest, rest.length) + 1;
        byte[] line = Arrays.copyOfRange(rest, begin, rest.length);
        AuditRecord last = parse(line);
        if (last != null && end.isContinuedBy(last)) {
            Optional<Fragment> before =
                    begin == 0 ? Optional.empty() : Optional.of(Fragment.of(Arrays.copyOf(rest, begin - 1)));
            if (before.equals(Fragment.declaredBy(last))) {
                return new Tail(end.with(line), new byte[0], false);
            }
        }
        return new Tail(end, rest, false);
    }

    private static @Nullable AuditRecord parse(byte[] line) {
        try {
            return RecordParser.parse(line);
        } catch (NoRecordException e) {
            return null;
        }
    }

    private static int lastFeedBefore(byte[] bytes, int end) {
        int i = end - 1;
        while (i >= 0 && bytes[i] != '\n') {
            i--;
        }
        return i;
    }

    private static int feeds(byte[] bytes) {
        int feeds = 0;
        for (byte b : bytes) {
            feeds += b == '\n' ? 1 : 0;
        }
        return feeds;
    }
}
