package dev.keyturn.store;

import dev.keyturn.rotation.CrashPoint;
import dev.keyturn.rotation.JournalException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * One connection with its prepared statements. Thread-safe. A transaction that returned is on the disk: {@code
 * synchronous=FULL} syncs the write-ahead log at each commit.
 */
final class Database implements AutoCloseable {
    private static final int BUSY_MILLIS = 10_000;

    private final Path file;
    private final Connection connection;
    private final GroupCommit commits;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    private Database(Path file, Connection connection, CrashPoint.Watch watch) {
        this.file = file;
        this.connection = connection;
        this.commits = new GroupCommit(file, connection, watch);
    }

    /** Reads one row. */
    interface Reader<T> {
        T read(Row row) throws SQLException;
    }

    /** Opens an existing file for writing, empty as it may be; the files SQLite puts beside it get its mode. */
    static Database open(Path file, CrashPoint.Watch watch) {
        SQLiteConfig config = common();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "ON");
        return connect(file, "jdbc:sqlite:" + file, config, watch);
    }

    /** Opens it beside the process that writes. */
    static Database openReadOnly(Path file) {
        SQLiteConfig config = common();
        config.setReadOnly(true);
        return connect(file, "jdbc:sqlite:" + file, config, CrashPoint.Watch.NONE);
    }

    /** A database that is gone when it is closed. */
    static Database inMemory(Path insteadOf) {
        return connect(insteadOf, "jdbc:sqlite::memory:", common(), CrashPoint.Watch.NONE);
    }

    /** What is in an existing file, to be changed without touching that. */
    static Database copyInMemory(Path file) {
        Database copy = inMemory(file);
        try (Statement statement = copy.connection.createStatement()) {
            copy.connection.setAutoCommit(true);
            // SQLite's online backup: a whole version, also while another process writes.
            statement.executeUpdate("restore from \"" + file + "\"");
            copy.connection.setAutoCommit(false);
            return copy;
        } catch (SQLException e) {
            copy.close();
            throw failure(file, e);
        }
    }

    private static SQLiteConfig common() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        // Nobody asks for them, and the driver would ask the database after each insert.
        config.setGetGeneratedKeys(false);
        return config;
    }

    private static Database connect(Path file, String url, SQLiteConfig config, CrashPoint.Watch watch) {
        try {
            Connection connection = config.createConnection(url);
            connection.setAutoCommit(false);
            return new Database(file, connection, watch);
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    static JournalException failure(Path file, SQLException e) {
        return new JournalException(
                "the journal " + file + " failed: " + e.getMessage()
                        + "; check the disk's space and health and the file's owner, then start again",
                e);
    }

    Path file() {
        return file;
    }

    /** Runs {@code work} as one transaction: all of it is durable when this returns, or nothing of it is. */
    <T> T transaction(GroupCommit.Work<T> work) {
        return commits.run(work, false);
    }

    /** The same for work that erases something: no copy of that stays in the write-ahead log either. */
    <T> T erasing(GroupCommit.Work<T> work) {
        return commits.run(work, true);
    }

    /** Only inside a transaction. */
    int update(String sql, @Nullable Object... values) throws SQLException {
        commits.changes();
        return bound(sql, values).executeUpdate();
    }

    /** Only inside a transaction. */
    <T> List<T> query(String sql, Reader<T> reader, @Nullable Object... values) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (ResultSet results = bound(sql, values).executeQuery()) {
            Row row = new Row(results);
            while (results.next()) {
                rows.add(reader.read(row));
            }
        }
        return rows;
    }

    /** The first row of the answer. */
    <T> Optional<T> find(String sql, Reader<T> reader, @Nullable Object... values) throws SQLException {
        return query(sql, reader, values).stream().findFirst();
    }

    private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    @Override
    public void close() {
        commits.close();
    }
}
