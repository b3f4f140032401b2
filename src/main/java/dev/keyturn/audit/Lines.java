package dev.keyturn.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A segment, line by line, with one line in memory at a time. */
final class Lines implements Closeable {
    private final InputStream in;
    private long number;

    Lines(Path file) throws IOException {
        this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }

    /**
     * @param number from 1
     * @param bytes without the line feed; of a line that is too long only the beginning
     * @param terminated whether a line feed follows
     * @param tooLong whether it is longer than the longest record
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Line(long number, byte[] bytes, boolean terminated, boolean tooLong) {}

    /** Empty at the end of the file. */
    Optional<Line> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        number++;
        int b = in.read();
        if (b < 0) {
            return Optional.empty();
        }
        while (b >= 0 && b != '\n') {
            if (line.size() == RecordFormat.LONGEST_LINE) {
                return Optional.of(new Line(number, line.toByteArray(), false, true));
            }
            line.write(b);
            b = in.read();
        }
        return Optional.of(new Line(number, line.toByteArray(), b == '\n', false));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
