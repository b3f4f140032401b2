package dev.keyturn.audit;

import dev.keyturn.rotation.AuditAnchor;
import dev.keyturn.rotation.AuditEvent;
import dev.keyturn.rotation.AuditException;
import dev.keyturn.rotation.AuditTrail;
import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.CrashPoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The chained log of JSON Lines. Each record is on the disk when {@link #append} returns; records of several threads
 * share one write and one sync. After a failed write or sync nothing is written any more: what reached the disk is not
 * known then, and asking again may say yes to what was lost. {@code ts} is the clock's: a clock that is set back shows,
 * the order is told by {@code seq}.
 */
public final class AuditLog implements AuditTrail, AutoCloseable {
    private static final byte[] NOTHING = {};
    private static final byte[] LINE_FEED = {'\n'};

    private final Path file;
    private final Segment segment;
    private final LogLock lock;
    private final RecordFormat format;
    private final Clock clock;
    private final Object turn = new Object();
    private final Object queue = new Object();
    private List<Waiting> waiting = new ArrayList<>();
    private volatile Optional<String> configuration;
    private volatile @Nullable String broken;
    private volatile ChainEnd end;

    private static final class Waiting {
        private final byte[] facts;
        private boolean written;

        Waiting(byte[] facts) {
            this.facts = facts;
        }
    }

    private AuditLog(Path file, Segment segment, LogLock lock, String node, Clock clock, ChainEnd end) {
        this.file = file;
        this.segment = segment;
        this.lock = lock;
        this.format = new RecordFormat(node);
        this.clock = clock;
        this.configuration = Optional.empty();
        this.end = end;
    }

    /**
     * Opens the log, makes directory and file where they are missing, declares what a crash left, and writes {@code
     * log.opened}.
     *
     * @param node the name of this machine in each record
     * @param configuration the hash of the configuration in force, where it is known
     * @throws BusyException where another process writes it; the message names it
     * @throws AuditLogRefusedException where it can't be gone on with
     */
    public static AuditLog open(Path directory, String node, Optional<String> configuration, Clock clock)
            throws BusyException, AuditLogRefusedException {
        return open(directory, node, configuration, clock, FileSegment::open);
    }

    /**
     * The same.
     *
     * @param watch told of each write and sync
     */
    public static AuditLog openWatched(
            Path directory, String node, Optional<String> configuration, Clock clock, CrashPoint.Watch watch)
            throws BusyException, AuditLogRefusedException {
        return open(directory, node, configuration, clock, file -> new WatchedSegment(FileSegment.open(file), watch));
    }

    /** Opens the file that records go to. */
    interface Opener {
        Segment open(Path file) throws IOException;
    }

    static AuditLog open(Path directory, String node, Optional<String> configuration, Clock clock, Opener opener)
            throws BusyException, AuditLogRefusedException {
        try {
            Path file = AuditDirectory.prepare(directory);
            LogLock lock = LogLock.take(directory);
            try {
                Tail tail = Tail.read(file);
                AuditLog log = new AuditLog(file, opener.open(file), lock, node, clock, tail.end());
                log.configuration = configuration;
                log.begin(tail);
                return log;
            } catch (Exception e) {
                lock.close();
                throw e;
            }
        } catch (AuditException e) {
            throw new AuditLogRefusedException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new AuditLogRefusedException(
                    "the audit log in " + directory + " can't be written: " + e.getMessage()
                            + "; it has to be a directory that the user Keyturn runs as may write, on a disk with space",
                    e);
        }
    }

    private void begin(Tail tail) {
        try {
            if (tail.torn()) {
                Fragment fragment = Fragment.of(tail.fragment());
                recover(
                        AuditEvent.of(AuditRecord.RECOVERED)
                                .with(Fragment.BYTES, fragment.bytes())
                                .with(Fragment.SHA_256, fragment.sha256()),
                        tail.terminated());
            }
            append(AuditEvent.of("log.opened").with("previous_seq", end.seq()));
        } catch (RuntimeException e) {
            closeSegment(e);
            throw e;
        }
    }

    private void recover(AuditEvent event, boolean terminated) {
        synchronized (turn) {
            Waiting one = new Waiting(format.facts(event, configuration));
            write(List.of(one), terminated ? NOTHING : LINE_FEED);
        }
    }

    /** From now on {@code hash} stands in the records: another configuration is in force. */
    public void configuredWith(String hash) {
        configuration = Optional.of(hash);
    }

    /** How far it reaches, durably. */
    public AuditAnchor end() {
        // Another thread may append meanwhile: both have to be of one record.
        ChainEnd now = end;
        return new AuditAnchor(now.seq(), now.hash());
    }

    /** The file that records go to. */
    public Path file() {
        return file;
    }

    @Override
    public void append(AuditEvent event) {
        Waiting mine = new Waiting(format.facts(event, configuration));
        synchronized (queue) {
            waiting.add(mine);
        }
        // Whoever comes first writes for all who wait behind it. Monitors, because an interrupt must not end the wait:
        // the record may be on the disk already.
        synchronized (turn) {
            if (!mine.written) {
                List<Waiting> batch;
                synchronized (queue) {
                    batch = waiting;
                    waiting = new ArrayList<>();
                }
                write(batch, NOTHING);
            }
            if (!mine.written) {
                throw new AuditException("the audit log " + file + " lost a record that waited to be written");
            }
        }
    }

    private void write(List<Waiting> batch, byte[] before) {
        if (broken != null) {
            throw new AuditException(broken);
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        lines.writeBytes(before);
        ChainEnd next = end;
        for (Waiting one : batch) {
            byte[] line = RecordFormat.line(next, clock.instant(), one.facts);
            next = next.with(line);
            lines.writeBytes(line);
            lines.write('\n');
        }
        try {
            Optional<String> disturbance = segment.disturbance();
            if (disturbance.isPresent()) {
                throw new IOException(disturbance.get());
            }
            segment.append(lines.toByteArray());
            segment.force();
        } catch (IOException e) {
            broken = "the audit log " + file + " can't be written: " + e.getMessage()
                    + "; nothing more is changed. Mend the disk or put the file back, run keyturn audit verify, and"
                    + " start again";
            throw new AuditException(broken, e);
        }
        end = next;
        batch.forEach(one -> one.written = true);
    }

    @Override
    public void close() {
        synchronized (turn) {
            if (broken == null) {
                broken = "the audit log " + file + " is closed";
            }
            closeSegment(null);
        }
        lock.close();
    }

    private void closeSegment(@Nullable Exception cause) {
        try {
            segment.close();
        } catch (IOException e) {
            if (cause == null) {
                throw new AuditException("the audit log " + file + " can't be closed: " + e.getMessage(), e);
            }
            cause.addSuppressed(e);
        }
    }
}
