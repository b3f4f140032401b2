package dev.keyturn.rotation;

/** Kills a rotation at the n-th point it comes to. Counts only, until it is armed. */
class CrashPoints {
    private int reached;
    private int fatal = Integer.MAX_VALUE;
    private String where = "";

    /** What a killed process does not live to catch. */
    static final class Killed extends Error {
        Killed(String where) {
            super(where);
        }
    }

    void killAt(int point) {
        fatal = point;
    }

    void reach(String point) {
        if (reached++ == fatal) {
            where = point;
            throw new Killed(point);
        }
    }

    /** How many points were reached so far. */
    int count() {
        return reached;
    }

    String where() {
        return where;
    }
}
