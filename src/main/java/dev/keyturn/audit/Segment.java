package dev.keyturn.audit;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** The file that records go to. */
interface Segment extends Closeable {
    /** Writes all of {@code bytes} at the end, or fails. What a failed call leaves behind is a torn line. */
    void append(byte[] bytes) throws IOException;

    /** Waits until everything is on the disk. */
    void force() throws IOException;

    /** What somebody else did to the file since the last append: moved it, cut it, wrote to it. Empty for nothing. */
    Optional<String> disturbance() throws IOException;
}
