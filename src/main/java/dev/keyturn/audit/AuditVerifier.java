package dev.keyturn.audit;

import dev.keyturn.audit.AuditVerification.OpenIntent;
import dev.keyturn.audit.AuditVerification.Problem;
import dev.keyturn.audit.Lines.Line;
import dev.keyturn.audit.RecordParser.NoRecordException;
import dev.keyturn.rotation.AuditAnchor;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log from its beginning and checks form, sequence and chain. Streams: what it holds in memory is one line and
 * the intents that are open. It sees each change inside the log; that its end was cut off or all of it was written anew,
 * only what is remembered elsewhere shows: the anchor in the state directory, or a checkpoint.
 */
public final class AuditVerifier {
    private static final String BEGIN = "rotation.started";
    private static final Set<String> ENDS = Set.of("rotation.completed", "rotation.rolled_back", "rotation.failed");
    private static final long LONGEST_FRAGMENT = 4L * RecordFormat.LONGEST_LINE;

    private final Optional<AuditAnchor> anchor;
    private final Consumer<AuditRecord> visitor;
    private final Map<String, OpenIntent> intents = new LinkedHashMap<>();
    private ChainEnd end = ChainEnd.START;
    private @Nullable Torn torn;
    private long lines;
    private boolean anchored;

    /** Lines that are none of the chain's, until a record declares them as a fragment. */
    private static final class Torn {
        final Problem problem;
        final MessageDigest digest = ChainEnd.sha256();
        private boolean empty = true;
        long bytes;

        Torn(Problem problem) {
            this.problem = problem;
        }

        void add(byte[] line) {
            if (!empty) {
                digest.update((byte) '\n');
                bytes++;
            }
            empty = false;
            digest.update(line);
            bytes += line.length;
        }

        Fragment fragment() {
            try {
                return new Fragment(bytes, ChainEnd.hex(((MessageDigest) digest.clone()).digest()));
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
            }
        }
    }

    private AuditVerifier(Optional<AuditAnchor> anchor, Consumer<AuditRecord> visitor) {
        this.anchor = anchor;
        this.visitor = visitor;
    }

    /**
     * Checks the log in a directory.
     *
     * @throws IOException where it can't be read
     */
    public static AuditVerification verify(Path directory) throws IOException {
        return read(directory, entry -> {});
    }

    /**
     * Checks the log, and that it has the record that it is known to have reached.
     *
     * @param anchor read before the log is: a log that is being written only grows
     * @throws IOException where it can't be read
     */
    public static AuditVerification verify(Path directory, Optional<AuditAnchor> anchor) throws IOException {
        return new AuditVerifier(anchor, entry -> {}).run(AuditDirectory.segments(directory));
    }

    /**
     * Checks the log and shows each record, in order, up to the first problem.
     *
     * @throws IOException where it can't be read
     */
    public static AuditVerification read(Path directory, Consumer<AuditRecord> visitor) throws IOException {
        return new AuditVerifier(Optional.empty(), visitor).run(AuditDirectory.segments(directory));
    }

    private AuditVerification run(List<Path> segments) throws IOException {
        for (Path segment : segments) {
            Optional<Problem> problem = segment(segment);
            if (problem.isPresent()) {
                return result(problem);
            }
        }
        return result(lostEnd(segments.get(segments.size() - 1)));
    }

    private Optional<Problem> lostEnd(Path last) {
        return anchor.filter(known -> !anchored)
                .map(known -> new Problem(
                        String.valueOf(last.getFileName()),
                        lines,
                        Math.min(known.seq(), end.seq() + 1),
                        AnchoredLog.missing(known, end.seq())));
    }

    private AuditVerification result(Optional<Problem> problem) {
        return new AuditVerification(end.seq(), end.seq(), end.hash(), problem, List.copyOf(intents.values()));
    }

    private Optional<Problem> segment(Path segment) throws IOException {
        torn = null;
        try (Lines lines = new Lines(segment)) {
            Optional<Line> line = lines.next();
            while (line.isPresent()) {
                Optional<Problem> problem = line(segment, line.get());
                if (problem.isPresent()) {
                    return problem;
                }
                line = lines.next();
            }
        }
        return Optional.ofNullable(torn).map(t -> t.problem);
    }

    /** What makes it useless to read on. */
    private Optional<Problem> line(Path segment, Line line) {
        Torn before = torn;
        lines = line.number();
        Optional<String> reason = take(line);
        if (reason.isEmpty()) {
            torn = null;
            return line.terminated()
                    ? Optional.empty()
                    : Optional.of(problem(
                            segment,
                            line,
                            end.seq(),
                            "its line feed is missing: a crash tore it, or it is being written just now"));
        }
        Torn now = before == null ? new Torn(problem(segment, line, end.seq() + 1, reason.get())) : before;
        now.add(line.bytes());
        torn = now;
        return line.tooLong() || now.bytes > LONGEST_FRAGMENT ? Optional.of(now.problem) : Optional.empty();
    }

    private static Problem problem(Path segment, Line line, long seq, String reason) {
        return new Problem(String.valueOf(segment.getFileName()), line.number(), seq, reason);
    }

    /** Takes a line into the chain, or says why it is none of it. */
    private Optional<String> take(Line line) {
        if (line.tooLong()) {
            return Optional.of("it is longer than " + RecordFormat.LONGEST_LINE + " bytes");
        }
        AuditRecord entry;
        try {
            entry = RecordParser.parse(line.bytes());
        } catch (NoRecordException e) {
            return Optional.of(e.getMessage() + (line.terminated() ? "" : "; no line feed follows: a crash tore it"));
        }
        if (entry.seq() != end.seq() + 1) {
            return Optional.of("seq " + entry.seq() + " stands where " + (end.seq() + 1) + " belongs");
        }
        if (!entry.prev().equals(end.hash())) {
            return Optional.of("its prev is not the hash of the record before: that one or this one was changed");
        }
        Optional<Fragment> found = Optional.ofNullable(torn).map(Torn::fragment);
        if (!found.equals(Fragment.declaredBy(entry))) {
            return Optional.of(
                    found.isPresent()
                            ? "it does not declare the fragment before it"
                            : "the fragment it declares is not there");
        }
        end = end.with(line.bytes());
        anchored |= anchor.filter(known -> known.hash().equals(end.hash())).isPresent();
        pair(entry);
        visitor.accept(entry);
        return Optional.empty();
    }

    /** A repeated intent, after a crash, is settled by the same outcome. */
    private void pair(AuditRecord entry) {
        String whole = entry.rotation().orElse("");
        if (entry.event().equals(BEGIN)) {
            open(whole, entry);
        } else if (ENDS.contains(entry.event())) {
            intents.remove(whole);
        }
        String effect = String.join(
                "|", entry.rotation().orElse(""), entry.credential().orElse(""), entry.event(), "" + entry.isUndo());
        if (entry.phase().equals(Optional.of("intent"))) {
            open(effect, entry);
        } else if (entry.phase().equals(Optional.of("outcome"))) {
            intents.remove(effect);
        }
    }

    private void open(String what, AuditRecord entry) {
        intents.putIfAbsent(
                what, new OpenIntent(entry.seq(), entry.ts(), entry.event(), entry.rotation(), entry.credential()));
    }
}
