package dev.keyturn.rotation;

/**
 * A change on a host or in Dromo: each has an intent in the audit log before it and an outcome after it.
 *
 * @param event its name in the audit log
 * @param undo whether it takes an earlier one back
 */
record SideEffect(String event, Step step, boolean undo) {
    static final SideEffect INSTALL = new SideEffect("host.install", Step.INSTALL, false);
    static final SideEffect UNINSTALL = new SideEffect("host.install", Step.UNDO, true);
    static final SideEffect PUBLISH = new SideEffect("dromo.publish", Step.PUBLISH, false);
    static final SideEffect RESTORE = new SideEffect("dromo.publish", Step.RESTORE, true);
    static final SideEffect WITHDRAW = new SideEffect("host.withdraw", Step.WITHDRAW, false);

    boolean onHost() {
        return event.startsWith("host.");
    }
}
