package dev.keyturn.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.rotation.CrashPoint;
import dev.keyturn.rotation.JournalException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GroupCommitTest {
    @TempDir
    Path temporary;

    @Test
    void takesBackTheWorkThatFailedAndKeepsThatOfTheOthersBehindTheSameCommit() throws Exception {
        Path file = Files.createFile(temporary.resolve("test.db"));
        CountDownLatch queued = new CountDownLatch(1);
        try (Database database = Database.open(file, CrashPoint.Watch.NONE)) {
            database.transaction(() -> database.update("CREATE TABLE number (n INTEGER PRIMARY KEY)"));
            FutureTask<Integer> first = new FutureTask<>(() -> database.transaction(() -> {
                awaitQuietly(queued);
                return insert(database, 1);
            }));
            FutureTask<Integer> good = new FutureTask<>(() -> database.transaction(() -> insert(database, 2)));
            FutureTask<Integer> bad =
                    new FutureTask<>(() -> database.transaction(() -> insert(database, 3) + insert(database, 1)));
            FutureTask<Integer> alsoGood = new FutureTask<>(() -> database.transaction(() -> insert(database, 4)));
            for (FutureTask<Integer> each : List.of(first, good, bad, alsoGood)) {
                Thread thread = new Thread(each);
                thread.setDaemon(true);
                thread.start();
                while (thread.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
            }
            queued.countDown();

            assertThat(good.get(30, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(alsoGood.get(30, TimeUnit.SECONDS)).isEqualTo(1);
            assertThatThrownBy(() -> bad.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(JournalException.class);
        }
        try (Database database = Database.openReadOnly(file)) {
            assertThat(database.transaction(
                            () -> database.query("SELECT n FROM number ORDER BY n", row -> row.number("n"))))
                    .containsExactly(1, 2, 4);
        }
    }

    @Test
    void namesTheFileThatIsNoDatabase() throws Exception {
        Path file =
                Files.writeString(temporary.resolve("test.db"), "no database at all, but long enough\n".repeat(200));
        assertThatThrownBy(() -> {
                    try (Database database = Database.openReadOnly(file)) {
                        database.transaction(() -> database.query("SELECT 1 FROM sqlite_master", row -> 1));
                    }
                })
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(file.toString());
    }

    private static int insert(Database database, int number) throws java.sql.SQLException {
        return database.update("INSERT INTO number (n) VALUES (?)", number);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
