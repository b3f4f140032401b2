package dev.keyturn.cli;

import dev.keyturn.daemon.Daemon;
import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.RotationResult;
import dev.keyturn.rotation.Verifier;

/** Told of what a command does, so that a daemon's timetable and notices follow. */
interface Aftermath {
    /** Where no daemon runs, there is nothing to follow. */
    Aftermath NONE = new Aftermath() {
        @Override
        public void begins() {}

        @Override
        public void rotated(ManagedCredential credential, RotationResult result) {}

        @Override
        public void verified(ManagedCredential credential, Verifier.Verification found) {}

        @Override
        public void changed(ManagedCredential credential) {}
    };

    static Aftermath of(Daemon daemon) {
        return new Aftermath() {
            @Override
            public void begins() throws BusyException {
                if (!daemon.goesOn()) {
                    throw new BusyException("the daemon is about to end, so this was not begun");
                }
            }

            @Override
            public void rotated(ManagedCredential credential, RotationResult result) {
                daemon.rotated(credential, result);
            }

            @Override
            public void verified(ManagedCredential credential, Verifier.Verification found) {
                daemon.verified(credential, found.drifted());
            }

            @Override
            public void changed(ManagedCredential credential) {
                daemon.changed(credential);
            }
        };
    }

    /**
     * Asked before each credential.
     *
     * @throws BusyException where nothing more may be begun
     */
    void begins() throws BusyException;

    void rotated(ManagedCredential credential, RotationResult result);

    void verified(ManagedCredential credential, Verifier.Verification found);

    /** What a person said of it may change when its next turn is. */
    void changed(ManagedCredential credential);
}
