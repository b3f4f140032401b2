package dev.keyturn.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.opentest4j.TestAbortedException;

/**
 * A disk that is full, or whose sync fails, from a certain call on: a library that is preloaded into a process and stands
 * before its {@code write} and {@code fsync}. It knows state and audit log by where they are: {@code .../state/} and
 * {@code .../audit/}. What is armed here counts in the process at once.
 */
public final class FaultyDisk {
    private static final Path COMPILER = Path.of("/usr/bin/gcc");
    private static final int FIELDS = 7;

    /** Where calls are counted and fail. */
    public enum Place {
        STATE(1),
        AUDIT(2);

        private final int bit;

        Place(int bit) {
            this.bit = bit;
        }
    }

    /** What goes wrong. */
    public enum Fault {
        /** The n-th write is cut short, and there is no room from then on: ENOSPC. */
        FULL(1),
        /** The n-th sync fails with EIO; those after it succeed, as on a real Linux. */
        FAILED_SYNC(2);

        private final int number;

        Fault(int number) {
            this.number = number;
        }
    }

    private final Path page;
    private final IntBuffer fields;

    private FaultyDisk(Path page) {
        this.page = page;
        try (FileChannel channel = FileChannel.open(page, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            fields = channel.map(FileChannel.MapMode.READ_WRITE, 0, FIELDS * (long) Integer.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asIntBuffer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Builds the library in a directory. Where there is no C compiler, the test is skipped, and in CI it fails.
     *
     * @return a disk on which nothing fails yet
     */
    public static FaultyDisk in(Path directory) {
        requireCompiler();
        try (InputStream source =
                Objects.requireNonNull(FaultyDisk.class.getResourceAsStream("/faulty-disk.c"), "faulty-disk.c")) {
            Path file = directory.resolve("faulty-disk.c");
            Files.copy(source, file);
            Process compiler = new ProcessBuilder(
                            COMPILER.toString(),
                            "-shared",
                            "-fPIC",
                            "-O2",
                            "-o",
                            library(directory).toString(),
                            file.toString(),
                            "-ldl")
                    .inheritIO()
                    .start();
            if (compiler.waitFor() != 0) {
                throw new IllegalStateException(COMPILER + " can't build " + file + "; apt-get install libc6-dev");
            }
            Files.write(directory.resolve("faulty-disk"), new byte[FIELDS * Integer.BYTES]);
            return opened(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The one that {@link #in} built there, for the process that it is preloaded into. */
    public static FaultyDisk opened(Path directory) {
        return new FaultyDisk(directory.resolve("faulty-disk"));
    }

    private static void requireCompiler() {
        if (Files.isExecutable(COMPILER)) {
            return;
        }
        String reason = COMPILER + " is missing: apt-get install gcc libc6-dev";
        if ("true".equalsIgnoreCase(System.getenv("CI")) || Boolean.getBoolean("keyturn.ci")) {
            throw new IllegalStateException("Required in CI (CI=true or -Dkeyturn.ci=true): " + reason);
        }
        throw new TestAbortedException(reason);
    }

    private static Path library(Path directory) {
        return directory.resolve("faulty-disk.so");
    }

    /** What a process needs in its environment to have this disk. */
    public Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", library(page.getParent()).toString(),
                "FAULTY_DISK", page.toString());
    }

    /**
     * From now on calls are counted, and fail from the given one on.
     *
     * @param call from 1; {@link Integer#MAX_VALUE} to count only
     */
    public void arm(Fault fault, Place place, int call) {
        fields.put(0, 0);
        fields.put(1, place.bit);
        fields.put(2, call);
        fields.put(3, 0);
        fields.put(4, 0);
        fields.put(0, fault.number);
    }

    /** Nothing fails any more: somebody made room. */
    public void mend() {
        fields.put(0, 0);
    }

    /** How many calls there were since it was armed. */
    public int calls() {
        return fields.get(3);
    }

    /** Whether a call failed since it was armed. */
    public boolean fired() {
        return fields.get(4) > 0;
    }

    /** The files in which something was written that a power cut would take away now. */
    public List<String> unsynced() {
        return java.util.stream.Stream.of(
                        fields.get(5) > 0 ? "keyturn.db-wal" : "", fields.get(6) > 0 ? "audit.jsonl" : "")
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
