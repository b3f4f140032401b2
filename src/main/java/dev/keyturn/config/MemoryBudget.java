package dev.keyturn.config;

/**
 * What a fleet may take of the process's memory. One that is too large is refused as a whole before it takes effect: a daemon
 * that runs out of memory ends in the middle of rotations.
 */
final class MemoryBudget {
    private static final long MIB = 1 << 20;
    /** For the program, the rotations that run, and a file's text. */
    private static final long RESERVED = 72 * MIB;
    /** A credential without its texts, its turns, and what is known of it while the files are read. */
    private static final int CREDENTIAL = 850;
    /** The credentials in force stay until those of a reload have taken their place. */
    private static final int CONFIGURATIONS = 2;
    /** A letter outside of Latin-1 takes two bytes. */
    private static final int LETTER = 2;

    private final long memory;
    private long needed = RESERVED;

    /** @param memory that the process may use, in bytes */
    MemoryBudget(long memory) {
        this.memory = memory;
    }

    /** One more credential. */
    void addCredential(long letters) {
        needed += CONFIGURATIONS * (CREDENTIAL + LETTER * letters);
    }

    /** Text that stays in memory until everything was read. */
    void addText(int bytes) {
        needed += bytes;
    }

    boolean isExceeded() {
        return needed > memory;
    }

    /** To follow what there is too much of. */
    String description() {
        return "need more than the " + memory / MIB + " MiB of memory that this process may use";
    }
}
