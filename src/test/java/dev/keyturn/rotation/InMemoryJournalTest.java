package dev.keyturn.rotation;

final class InMemoryJournalTest extends JournalContract {
    private final InMemoryJournal journal = new InMemoryJournal();

    @Override
    protected Journal emptyJournal() {
        return journal;
    }

    @Override
    protected Journal reopened() {
        journal.restart();
        return journal;
    }
}
