package dev.keyturn.store;

import dev.keyturn.rotation.Failure;
import dev.keyturn.rotation.Finding;
import dev.keyturn.rotation.Outcome;
import dev.keyturn.rotation.RotationHead;
import dev.keyturn.rotation.RotationState.Kind;
import dev.keyturn.rotation.RotationSummary;
import dev.keyturn.rotation.RotationSummary.Transition;
import dev.keyturn.rotation.SecretVersion;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads rotations with the states they went through. Inside transactions only. */
final class History {
    private static final String ALL = "rotation ORDER BY seq DESC LIMIT ?";
    private static final String OF_ONE = "rotation WHERE credential = ? ORDER BY seq DESC LIMIT ?";
    private static final String LAST_OF_EACH =
            "rotation WHERE seq IN (SELECT MAX(seq) FROM rotation WHERE credential BETWEEN ? AND ? GROUP BY credential)";

    private final Database database;

    /** A state that a rotation entered, by its place among them. */
    private record Entered(String rotation, int step) {
        static Entered of(Row row) throws SQLException {
            return new Entered(row.text("rotation"), row.number("step"));
        }
    }

    History(Database database) {
        this.database = database;
    }

    /** Newest first. */
    List<RotationSummary> newest(Optional<String> credential, int limit) throws SQLException {
        return credential.isPresent() ? summaries(OF_ONE, credential.get(), limit) : summaries(ALL, limit);
    }

    /** The newest rotation of each credential that has one, from one name to another, by its name. */
    Map<String, RotationSummary> lastOfEach(String first, String last) throws SQLException {
        return byCredential(summaries(LAST_OF_EACH, first, last));
    }

    /** The newest rotation of one credential, by its name. */
    Map<String, RotationSummary> lastOf(String credential) throws SQLException {
        return byCredential(newest(Optional.of(credential), 1));
    }

    private static Map<String, RotationSummary> byCredential(List<RotationSummary> rotations) {
        Map<String, RotationSummary> byName = new HashMap<>();
        rotations.forEach(rotation -> byName.put(rotation.credential(), rotation));
        return byName;
    }

    /** @param which the part of a SELECT from its table on */
    private List<RotationSummary> summaries(String which, @Nullable Object... values) throws SQLException {
        String ofThose = " WHERE rotation IN (SELECT id FROM " + which + ") ORDER BY rotation, step";
        Map<Entered, List<Finding>> findings = new HashMap<>();
        database.query(
                "SELECT * FROM finding" + ofThose + ", place",
                row -> findings.computeIfAbsent(Entered.of(row), entered -> new ArrayList<>())
                        .add(new Finding(row.instant("found_at"), row.text("probe"), row.text("finding"))),
                values);
        Map<String, List<Transition>> steps = new HashMap<>();
        database.query(
                "SELECT * FROM transition" + ofThose,
                row -> steps.computeIfAbsent(row.text("rotation"), id -> new ArrayList<>())
                        .add(transition(row, findings.getOrDefault(Entered.of(row), List.of()))),
                values);
        return database.query("SELECT * FROM " + which, row -> summary(row, steps), values);
    }

    private static Transition transition(Row row, List<Finding> findings) throws SQLException {
        return new Transition(
                Kind.valueOf(row.text("state")),
                row.instant("entered_at"),
                FailureColumns.read(row, "failure"),
                findings);
    }

    private static RotationSummary summary(Row row, Map<String, List<Transition>> steps) throws SQLException {
        RotationHead head = RotationTable.head(row);
        List<Transition> own = steps.getOrDefault(head.id().text(), List.of());
        Optional<Failure> failure =
                own.isEmpty() ? Optional.empty() : own.get(own.size() - 1).failure();
        return new RotationSummary(
                head.id(),
                head.credential(),
                head.authType(),
                head.reason(),
                head.actor(),
                head.startedAt(),
                row.optionalInstant("finished_at"),
                Outcome.of(Kind.valueOf(row.text("state")), failure.isPresent()),
                RotationTable.candidate(row).flatMap(SecretVersion::fingerprint),
                head.previousFingerprint(),
                failure,
                head.users(),
                own);
    }
}
