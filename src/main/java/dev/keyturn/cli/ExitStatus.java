package dev.keyturn.cli;

/** The exit statuses, a contract with scripts and with systemd; 75, 77 and 78 are those of sysexits.h. */
final class ExitStatus {
    static final int DONE = 0;
    /** At least one credential did not reach the state asked for. */
    static final int FAILED = 1;

    static final int USAGE = 2;
    /** Another process holds this state, or a rotation of this credential is in flight. */
    static final int BUSY = 75;
    /** The encryption key or the audit log was refused. */
    static final int REFUSED = 77;

    static final int CONFIGURATION = 78;

    private ExitStatus() {}
}
