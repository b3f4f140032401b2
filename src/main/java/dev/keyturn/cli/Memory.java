package dev.keyturn.cli;

/** What the reading of a configuration took, for the machine to have back. */
final class Memory {
    private Memory() {}

    /**
     * Collects what was only needed to read the configuration: the launcher's options make the heap as small then as what
     * is left. By itself the JVM would keep for months what it needed for seconds.
     */
    static void giveBack() {
        System.gc();
    }
}
