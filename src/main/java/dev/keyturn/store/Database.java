package dev.keyturn.store;

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
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * One connection, used by one thread at a time, with its prepared statements. Thread-safe. A commit that returned is on
 * the disk ({@code synchronous=FULL} syncs the write-ahead log each time). After a failed read or write of the disk
 * nothing more is written: the kernel may have dropped what it could not write, and say yes the next time.
 */
final class Database implements AutoCloseable {
    private static final int BUSY_MILLIS = 10_000;
    private static final int ERASE_BUSY_MILLIS = 250;

    private final Path file;
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable String broken;

    private Database(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /** What happens between begin and commit; it may run statements and nothing else. */
    interface Work<T> {
        T run() throws SQLException;
    }

    /** Reads one row. */
    interface Reader<T> {
        T read(Row row) throws SQLException;
    }

    /** Opens it for writing; SQLite makes the file, with the mode it finds on an empty one. */
    static Database open(Path file) {
        SQLiteConfig config = common();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "ON");
        return connect(file, "jdbc:sqlite:" + file, config);
    }

    /** Opens it beside the process that writes. */
    static Database openReadOnly(Path file) {
        SQLiteConfig config = common();
        config.setReadOnly(true);
        return connect(file, "jdbc:sqlite:" + file, config);
    }

    /** A database that is gone when it is closed. */
    static Database inMemory(Path insteadOf) {
        return connect(insteadOf, "jdbc:sqlite::memory:", common());
    }

    private static SQLiteConfig common() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        return config;
    }

    private static Database connect(Path file, String url, SQLiteConfig config) {
        try {
            Connection connection = config.createConnection(url);
            connection.setAutoCommit(false);
            return new Database(file, connection);
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    Path file() {
        return file;
    }

    /** Runs {@code work} as one transaction: all of it is durable when this returns, or nothing of it is. */
    <T> T transaction(Work<T> work) {
        lock.lock();
        try {
            if (broken != null) {
                throw new JournalException(broken);
            }
            T result = work.run();
            connection.commit();
            return result;
        } catch (SQLException e) {
            rollBack(e);
            throw failed(e);
        } catch (RuntimeException e) {
            rollBack(e);
            throw e instanceof JournalException
                    ? e
                    : new JournalException(file + " holds what this Keyturn can't read: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private void rollBack(Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private JournalException failed(SQLException e) {
        JournalException failure = failure(file, e);
        if (e instanceof SQLiteException sqlite && isFatal(sqlite.getResultCode())) {
            broken = failure.getMessage();
        }
        return failure;
    }

    private static boolean isFatal(SQLiteErrorCode code) {
        return code.name().startsWith("SQLITE_IOERR")
                || code.name().startsWith("SQLITE_CORRUPT")
                || code == SQLiteErrorCode.SQLITE_NOTADB;
    }

    private static JournalException failure(Path file, SQLException e) {
        return new JournalException(
                "the journal " + file + " failed: " + e.getMessage()
                        + "; check the disk's space and health and the file's owner, then start again",
                e);
    }

    /** Only inside a transaction. */
    int update(String sql, @Nullable Object... values) throws SQLException {
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

    /**
     * Moves the write-ahead log into the database and empties it, so that no copy of what was erased stays in it. A
     * reader in the middle of a transaction puts that off until the next time.
     */
    void emptyLog() {
        lock.lock();
        try {
            connection.setAutoCommit(true);
            try {
                pragma("busy_timeout=" + ERASE_BUSY_MILLIS);
                pragma("wal_checkpoint(TRUNCATE)");
                pragma("busy_timeout=" + BUSY_MILLIS);
            } finally {
                connection.setAutoCommit(false);
            }
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            lock.unlock();
        }
    }

    private void pragma(String what) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Closing the statement ends the answer, which nobody needs.
            statement.execute("PRAGMA " + what);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            for (PreparedStatement statement : statements.values()) {
                statement.close();
            }
            statements.clear();
            connection.close();
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            lock.unlock();
        }
    }
}
