package dev.keyturn.rotation;

/** Told of each step as it happens, for people who watch. Called from the thread that rotates; must not block for long. */
public interface Progress {
    Progress NONE = new Progress() {
        @Override
        public void began(ManagedCredential credential, Step step) {}

        @Override
        public void done(ManagedCredential credential, Step step, String detail) {}

        @Override
        public void failed(ManagedCredential credential, Step step, String message) {}
    };

    void began(ManagedCredential credential, Step step);

    void done(ManagedCredential credential, Step step, String detail);

    void failed(ManagedCredential credential, Step step, String message);

    /** The step could not be taken, and the rotation goes on without it. */
    default void notKnown(ManagedCredential credential, Step step, String message) {
        failed(credential, step, message);
    }
}
