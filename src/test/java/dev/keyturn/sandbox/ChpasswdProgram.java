package dev.keyturn.sandbox;

import java.io.IOException;
import org.apache.sshd.common.session.Session;

/** Debian's chpasswd: a line {@code user:password} for each account. As root, it takes weak passwords too. */
final class ChpasswdProgram {
    private final SftpHost host;
    private final Session session;
    private final Terminal terminal;
    private boolean failed;

    ChpasswdProgram(SftpHost host, Session session, Terminal terminal) {
        this.host = host;
        this.session = session;
        this.terminal = terminal;
    }

    int run() throws IOException {
        int number = 1;
        for (String line = terminal.line(); line != null; line = terminal.line()) {
            change(number, line);
            number++;
        }
        return failed ? 1 : 0;
    }

    private void change(int number, String line) throws IOException {
        int colon = line.indexOf(':');
        if (colon < 0) {
            fail("chpasswd: line " + number + ": missing new password\n");
            return;
        }
        String user = line.substring(0, colon);
        SftpAccount account = host.account(user);
        try {
            if (account == null) {
                throw new IOException("no such account");
            }
            host.changePassword(session, account, line.substring(colon + 1));
        } catch (IOException e) {
            fail("chpasswd: (user " + user + ") pam_chauthtok() failed, error:\n"
                    + "Authentication token manipulation error\n"
                    + "chpasswd: (line " + number + ", user " + user + ") password not changed\n");
        }
    }

    private void fail(String message) throws IOException {
        failed = true;
        terminal.complain(message);
    }
}
