package dev.keyturn.killmatrix;

import java.util.concurrent.Phaser;
import org.jspecify.annotations.Nullable;

/**
 * Trials whose commands run in one process and die with it, each in a moment of its own: what a start of the JVM costs is
 * shared by them all. Thread-safe.
 */
final class Crew implements AutoCloseable {
    private final Program program;
    private final Phaser members;
    private volatile Mortal process;
    private volatile @Nullable Throwable failure;

    Crew(Program program) {
        this.program = program;
        this.process = Mortal.start(program);
        this.members = new Phaser() {
            /** @return true to end it all; where the last one has only left, others may join later */
            @Override
            protected boolean onAdvance(int phase, int registered) {
                return registered > 0 && !killAndStartAnew();
            }
        };
    }

    /** From now on nobody dies without these. */
    void join(int count) {
        members.bulkRegister(count);
    }

    /** The others wait for this one no longer. */
    void leave() {
        members.arriveAndDeregister();
    }

    /** The one that runs now. A member may use it until it dies. */
    Mortal process() {
        return process;
    }

    /** Waits until all members have come here, and returns once their process was killed and another one runs. */
    void die() {
        if (members.arriveAndAwaitAdvance() < 0) {
            throw new IllegalStateException("no process came after the one that was to be killed: " + failure, failure);
        }
    }

    /** False where it can't, and {@link #failure} says why: whatever were thrown here, an Error too, would leave all waiting. */
    private boolean killAndStartAnew() {
        try {
            Mortal old = process;
            old.close();
            if (!old.diedByKill()) {
                throw new IllegalStateException("the process had ended before it was killed:\n" + old.complaints());
            }
            process = Mortal.start(program);
            return true;
        } catch (Throwable e) {
            failure = e;
            return false;
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
