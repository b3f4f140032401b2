package dev.keyturn.sandbox;

import java.io.IOException;
import org.apache.sshd.common.session.Session;

/** Debian's passwd with pam_unix, in the C locale. */
final class PasswdProgram {
    private static final int UNCHANGED = 10;
    private static final int TRIES = 3;

    private final SftpHost host;
    private final Session session;
    private final Terminal terminal;
    private final SftpAccount account;

    PasswdProgram(SftpHost host, Session session, Terminal terminal, SftpAccount account) {
        this.host = host;
        this.session = session;
        this.terminal = terminal;
        this.account = account;
    }

    int run() throws IOException {
        terminal.complain("Changing password for " + account.user() + ".\n");
        String current = terminal.ask("Current password: ");
        if (current == null || !account.hasPassword(current)) {
            return unchanged("Authentication token manipulation error");
        }
        for (int i = 0; i < TRIES; i++) {
            String wanted = terminal.ask("New password: ");
            String again = wanted == null ? null : terminal.ask("Retype new password: ");
            if (wanted == null || again == null) {
                return unchanged("Authentication token manipulation error");
            }
            if (!wanted.equals(again)) {
                terminal.complain("Sorry, passwords do not match.\n");
                return unchanged("Authentication token manipulation error");
            }
            String objection = account.objection(wanted);
            if (objection == null) {
                return change(wanted);
            }
            terminal.complain(objection + "\n");
        }
        return unchanged("Have exhausted maximum number of retries for service");
    }

    private int change(String wanted) throws IOException {
        try {
            host.changePassword(session, account, wanted);
        } catch (IOException e) {
            return unchanged("Authentication token manipulation error");
        }
        terminal.complain("passwd: password updated successfully\n");
        return 0;
    }

    private int unchanged(String reason) throws IOException {
        terminal.complain("passwd: " + reason + "\npasswd: password unchanged\n");
        return UNCHANGED;
    }
}
