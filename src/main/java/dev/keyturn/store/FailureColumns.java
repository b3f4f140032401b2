package dev.keyturn.store;

import dev.keyturn.rotation.Failure;
import dev.keyturn.rotation.Step;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A failure as five columns that begin with the same word; all are null where there is none. */
final class FailureColumns {
    private FailureColumns() {}

    static Optional<Failure> read(Row row, String prefix) throws SQLException {
        Optional<String> step = row.optionalText(prefix + "_step");
        return step.isEmpty()
                ? Optional.empty()
                : Optional.of(new Failure(
                        Step.valueOf(step.get()),
                        row.text(prefix + "_kind"),
                        row.text(prefix + "_message"),
                        row.text(prefix + "_valid_now"),
                        row.text(prefix + "_hint")));
    }

    /** The values of step, kind, message, valid_now and hint, in this order. */
    static @Nullable Object[] values(Optional<Failure> failure) {
        return failure.map(f -> new @Nullable Object[] {f.step().name(), f.kind(), f.message(), f.validNow(), f.hint()})
                .orElse(new @Nullable Object[5]);
    }
}
