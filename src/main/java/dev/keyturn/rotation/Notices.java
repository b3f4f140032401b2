package dev.keyturn.rotation;

import java.util.Set;

/**
 * Who tells people what they should know. Troubles are reported each time they are found to hold; that each is told once,
 * and not a thousand at a time, is the other side's business. Thread-safe; nothing here waits for a network, and nothing
 * throws.
 */
public interface Notices {
    /** Nobody is told. */
    Notices NONE = new Notices() {
        @Override
        public void raise(Notice notice) {}

        @Override
        public void over(Set<Notice.Kind> troubles, Notice recovered) {}
    };

    /** A trouble holds now, or, with {@link Notice.Kind#RECOVERED}, something came to a good end. */
    void raise(Notice notice);

    /**
     * These troubles of a credential no longer hold.
     *
     * @param recovered told where one of them had been told
     */
    void over(Set<Notice.Kind> troubles, Notice recovered);
}
