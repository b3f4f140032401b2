package dev.keyturn.store;

import dev.keyturn.rotation.Journal;
import dev.keyturn.rotation.JournalContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class SqliteJournalTest extends JournalContract {
    @TempDir
    Path directory;

    private SqliteJournal journal;

    @BeforeEach
    void open() throws Exception {
        journal = TestStore.open(directory.resolve("state"));
    }

    @AfterEach
    void close() {
        journal.close();
    }

    @Override
    protected Journal emptyJournal() {
        return journal;
    }

    @Override
    protected Journal reopened() throws Exception {
        journal.close();
        journal = TestStore.open(directory.resolve("state"));
        return journal;
    }
}
