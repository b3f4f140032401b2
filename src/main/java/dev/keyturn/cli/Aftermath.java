package dev.keyturn.cli;

import dev.keyturn.daemon.Daemon;
import dev.keyturn.rotation.AuditException;
import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.JournalException;
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

    /** What may leave a rotation open. */
    interface Work<T> {
        T run() throws BusyException;
    }

    /**
     * Does this with the credential, unless nothing more may be begun.
     *
     * @throws BusyException where nothing more may be begun, or the work says so
     */
    default <T> T begin(ManagedCredential credential, Work<T> work) throws BusyException {
        begins();
        try {
            return work.run();
        } catch (AuditException | JournalException e) {
            // It ends the daemon, which looks at all of them when it is started again.
            throw e;
        } catch (RuntimeException | Error e) {
            // What it left open would wait for the credential's old turn, perhaps for months.
            try {
                changed(credential);
            } catch (RuntimeException unchanged) {
                e.addSuppressed(unchanged);
            }
            throw e;
        }
    }
}
