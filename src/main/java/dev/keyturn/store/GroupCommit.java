package dev.keyturn.store;

import dev.keyturn.rotation.CrashPoint;
import dev.keyturn.rotation.JournalException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Runs the work of many threads on one connection. Whoever comes first commits for all who wait behind it, each between
 * savepoints of its own: one sync of the disk serves them all, and one that fails takes back its own work alone.
 *
 * <p>After a failed read or write of the disk nothing more is run: the kernel may have dropped what it could not write,
 * and say yes the next time.
 */
final class GroupCommit {
    private static final int BUSY_MILLIS = 10_000;
    private static final int ERASE_BUSY_MILLIS = 250;

    private final Path file;
    private final Connection connection;
    private final CrashPoint.Watch watch;
    private final ReentrantLock turn = new ReentrantLock();
    private final List<Waiting<?>> queue = new ArrayList<>();
    private @Nullable String broken;
    private boolean changes;

    GroupCommit(Path file, Connection connection, CrashPoint.Watch watch) {
        this.file = file;
        this.connection = connection;
        this.watch = watch;
    }

    /** What is to become durable together. */
    interface Work<T> {
        T run() throws SQLException;
    }

    private static final class Waiting<T> {
        private final Work<T> work;
        private final boolean erases;
        private @Nullable T result;
        private @Nullable Exception failure;
        private boolean ended;
        private boolean committed;

        Waiting(Work<T> work, boolean erases) {
            this.work = work;
            this.erases = erases;
        }

        void run() throws SQLException {
            result = work.run();
        }
    }

    /**
     * Runs {@code work}; all of it is durable when this returns, or nothing of it is.
     *
     * @param erases whether no copy of what it deleted may stay in the write-ahead log
     */
    <T> T run(Work<T> work, boolean erases) {
        Waiting<T> mine = new Waiting<>(work, erases);
        synchronized (queue) {
            queue.add(mine);
        }
        turn.lock();
        try {
            if (!mine.ended) {
                List<Waiting<?>> batch;
                synchronized (queue) {
                    batch = List.copyOf(queue);
                    queue.clear();
                }
                commit(batch);
            }
        } finally {
            turn.unlock();
        }
        return outcome(mine);
    }

    private <T> T outcome(Waiting<T> mine) {
        if (mine.failure != null) {
            throw failure(mine.failure);
        }
        T result = mine.result;
        if (!mine.committed || result == null) {
            throw new JournalException("the journal " + file + " did not come to an entry that waited");
        }
        return result;
    }

    private void commit(List<Waiting<?>> batch) {
        try {
            if (broken != null) {
                throw new JournalException(broken);
            }
            for (Waiting<?> each : batch) {
                attempt(each);
            }
            commit();
            batch.forEach(each -> each.committed = true);
            if (batch.stream().anyMatch(each -> each.erases && each.failure == null)) {
                watch.passed(CrashPoint.BEFORE_JOURNAL_ERASURE);
                emptyLog();
                watch.passed(CrashPoint.AFTER_JOURNAL_ERASURE);
            }
        } catch (SQLException | RuntimeException e) {
            rollBack(e);
            breakOn(e);
            // What was committed stays so; only the erasure behind it failed.
            batch.stream()
                    .filter(each -> !each.committed || each.erases)
                    .filter(each -> each.failure == null)
                    .forEach(each -> each.failure = e);
        } finally {
            batch.forEach(each -> each.ended = true);
        }
    }

    private void commit() throws SQLException {
        boolean writes = changes;
        changes = false;
        if (writes) {
            watch.passed(CrashPoint.BEFORE_JOURNAL_COMMIT);
        }
        connection.commit();
        if (writes) {
            watch.passed(CrashPoint.AFTER_JOURNAL_COMMIT);
        }
    }

    /** The work that runs now changes something, so that its commit is more than the end of a read. */
    void changes() {
        changes = true;
    }

    /** @throws SQLException where SQLite gave up the whole transaction, and so the work of the others too */
    private void attempt(Waiting<?> one) throws SQLException {
        execute("SAVEPOINT entry");
        try {
            one.run();
        } catch (SQLException | RuntimeException e) {
            breakOn(e);
            execute("ROLLBACK TO entry");
            one.failure = e;
        }
        execute("RELEASE entry");
    }

    /**
     * Moves the write-ahead log into the database and empties it. A reader in the middle of a transaction puts that off
     * until the next time.
     */
    private void emptyLog() throws SQLException {
        connection.setAutoCommit(true);
        try {
            execute("PRAGMA busy_timeout=" + ERASE_BUSY_MILLIS);
            execute("PRAGMA wal_checkpoint(TRUNCATE)");
            execute("PRAGMA busy_timeout=" + BUSY_MILLIS);
        } finally {
            connection.setAutoCommit(false);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void rollBack(Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private void breakOn(Exception e) {
        if (e instanceof SQLiteException sqlite && isFatal(sqlite.getResultCode())) {
            broken = failure(e).getMessage();
        }
    }

    private static boolean isFatal(SQLiteErrorCode code) {
        return code.name().startsWith("SQLITE_IOERR")
                || code.name().startsWith("SQLITE_CORRUPT")
                || code == SQLiteErrorCode.SQLITE_NOTADB;
    }

    private JournalException failure(Exception e) {
        if (e instanceof JournalException told) {
            return new JournalException(String.valueOf(told.getMessage()), told);
        }
        return e instanceof SQLException sql
                ? Database.failure(file, sql)
                : new JournalException(file + " holds what this Keyturn can't read: " + e.getMessage(), e);
    }

    /** Waits for its turn and ends the connection. */
    void close() {
        turn.lock();
        try {
            connection.close();
        } catch (SQLException e) {
            throw Database.failure(file, e);
        } finally {
            turn.unlock();
        }
    }
}
