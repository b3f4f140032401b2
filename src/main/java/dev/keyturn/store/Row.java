package dev.keyturn.store;

import dev.keyturn.rotation.Actor;
import dev.keyturn.secret.Fingerprint;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** One row of an answer, read in the journal's own types. */
final class Row {
    private final ResultSet results;

    Row(ResultSet results) {
        this.results = results;
    }

    String text(String column) throws SQLException {
        return optionalText(column).orElseThrow(() -> new IllegalStateException("no " + column));
    }

    Optional<String> optionalText(String column) throws SQLException {
        return Optional.ofNullable(results.getString(column));
    }

    int number(String column) throws SQLException {
        return results.getInt(column);
    }

    long bigNumber(String column) throws SQLException {
        return results.getLong(column);
    }

    Optional<Long> optionalBigNumber(String column) throws SQLException {
        long value = results.getLong(column);
        return results.wasNull() ? Optional.empty() : Optional.of(value);
    }

    boolean flag(String column) throws SQLException {
        return results.getBoolean(column);
    }

    byte[] bytes(String column) throws SQLException {
        return Base64.getDecoder().decode(text(column));
    }

    Instant instant(String column) throws SQLException {
        return Instant.parse(text(column));
    }

    Optional<Instant> optionalInstant(String column) throws SQLException {
        return optionalText(column).map(Instant::parse);
    }

    /** In three columns of this prefix. */
    Actor actor(String prefix) throws SQLException {
        return new Actor(
                Actor.Kind.valueOf(text(prefix + "_kind")),
                optionalBigNumber(prefix + "_uid"),
                optionalText(prefix + "_name"));
    }

    Optional<Fingerprint> fingerprint(String column) throws SQLException {
        return optionalText(column).map(Fingerprint::new);
    }
}
