package dev.keyturn.audit;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A segment in a file. Written through a stream and not a channel: an interrupted thread would close a channel, and with
 * it the log for all other threads.
 */
final class FileSegment implements Segment {
    private final Path path;
    private final FileOutputStream out;
    private final @Nullable Object identity;
    private long size;

    private FileSegment(Path path, FileOutputStream out, BasicFileAttributes attributes) {
        this.path = path;
        this.out = out;
        this.identity = attributes.fileKey();
        this.size = attributes.size();
    }

    /** Opens an existing file to append to it. */
    static FileSegment open(Path path) throws IOException {
        FileOutputStream out = new FileOutputStream(path.toFile(), true);
        try {
            return new FileSegment(path, out, Files.readAttributes(path, BasicFileAttributes.class));
        } catch (IOException e) {
            out.close();
            throw e;
        }
    }

    @Override
    public void append(byte[] bytes) throws IOException {
        out.write(bytes);
        size += bytes.length;
    }

    @Override
    public void force() throws IOException {
        out.getFD().sync();
    }

    @Override
    public Optional<String> disturbance() throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            if (!Objects.equals(now.fileKey(), identity)) {
                return Optional.of("another file took its place");
            }
            return now.size() == size
                    ? Optional.empty()
                    : Optional.of("somebody else changed it: it has " + now.size() + " bytes instead of " + size);
        } catch (NoSuchFileException e) {
            return Optional.of("it was moved away or deleted");
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
