package dev.keyturn.killmatrix;

import java.util.concurrent.Phaser;
import org.jspecify.annotations.Nullable;

/**
 * Those whose commands run in one process and die with it, each in a moment of its own: what a start of the JVM costs is
 * shared by them all. Thread-safe.
 */
final class Crew implements AutoCloseable {
    private final Program program;
    private final Phaser members;
    private volatile Mortal process;
    private volatile @Nullable RuntimeException failure;

    Crew(Program program) {
        this.program = program;
        this.process = Mortal.start(program);
        this.members = new Phaser() {
            @Override
            protected boolean onAdvance(int phase, int registered) {
                // Where the last one has left, others may join later.
                return registered > 0 && !killed();
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
            throw new IllegalStateException("no process came after the one that was killed", failure);
        }
    }

    /** An exception here would leave the others waiting. */
    private boolean killed() {
        try {
            process.close();
            process = Mortal.start(program);
            return true;
        } catch (RuntimeException e) {
            failure = e;
            return false;
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
