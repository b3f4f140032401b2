package dev.keyturn.sandbox;

import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.command.CommandFactory;
import org.apache.sshd.server.shell.ShellFactory;
import org.jspecify.annotations.Nullable;

/** The programs that can be run on the host: passwd, chpasswd, and a shell that knows passwd and exit. */
final class HostPrograms implements CommandFactory, ShellFactory {
    private static final Pattern PASSWD = Pattern.compile("(env )?([A-Z_]+=\\S* )*(/usr/bin/)?passwd");
    private static final Pattern CHPASSWD = Pattern.compile("((sudo|doas) -n )?(/usr/sbin/)?chpasswd");
    private static final Pattern LISTS_CHPASSWD = Pattern.compile("sudo -n -l (/usr/sbin/)?chpasswd");
    /** sudo(8): with a command, -l prints its path if it may be run. */
    private static final Pattern MAY_CHPASSWD =
            Pattern.compile("(env )?([A-Z_]+=\\S* )*sudo -n -l (/usr/sbin/)?chpasswd");

    private static final Pattern AS_ROOT = Pattern.compile("(sudo|doas) .*");

    private final SftpHost host;

    HostPrograms(SftpHost host) {
        this.host = host;
    }

    @Override
    public Command createCommand(ChannelSession channel, String command) {
        return new HostCommand((session, terminal) -> login(session, terminal, command));
    }

    @Override
    public Command createShell(ChannelSession channel) {
        return new HostCommand((session, terminal) -> login(session, terminal, null));
    }

    private int login(ChannelSession channel, Terminal terminal, @Nullable String command) throws IOException {
        SftpAccount account = host.account(channel.getSession().getUsername());
        if (account == null || account.commandsForbidden()) {
            terminal.print("This service allows sftp connections only.\n");
            return 1;
        }
        if (account.expiry() == SftpAccount.Expiry.AFTER_LOGIN) {
            return forcedChange(channel, terminal, account);
        }
        return command == null ? shell(channel, terminal, account) : run(channel, terminal, account, command.strip());
    }

    /** OpenSSH runs passwd in place of whatever was asked for, and hangs up after it. */
    private int forcedChange(ChannelSession channel, Terminal terminal, SftpAccount account) throws IOException {
        if (!terminal.isTerminal()) {
            terminal.complain("WARNING: Your password has expired.\nPassword change required but no TTY available.\n");
            return 1;
        }
        terminal.print(
                "WARNING: Your password has expired.\n" + "You must change your password now and login again!\n");
        return passwd(channel, terminal, account);
    }

    private int run(ChannelSession channel, Terminal terminal, SftpAccount account, String command) throws IOException {
        if (PASSWD.matcher(command).matches()) {
            return passwd(channel, terminal, account);
        }
        if (CHPASSWD.matcher(command).matches() && account.administrator()) {
            return new ChpasswdProgram(host, channel.getSession(), terminal).run();
        }
        if (LISTS_CHPASSWD.matcher(command).matches() && account.administrator()) {
            terminal.print("/usr/sbin/chpasswd\n");
            return 0;
        }
        if (MAY_CHPASSWD.matcher(command).matches() && account.administrator()) {
            terminal.print("/usr/sbin/chpasswd\n");
            return 0;
        }
        if (AS_ROOT.matcher(command).matches()) {
            terminal.complain("sudo: a password is required\n");
            return 1;
        }
        if (command.equals("true")) {
            return 0;
        }
        terminal.complain("bash: line 1: " + command.split(" ", 2)[0] + ": command not found\n");
        return 127;
    }

    private int shell(ChannelSession channel, Terminal terminal, SftpAccount account) throws IOException {
        int status = 0;
        while (true) {
            terminal.print(account.user() + "@stand-in:~$ ");
            String line = terminal.line();
            if (line == null || line.strip().equals("exit")) {
                return status;
            }
            terminal.print("\n");
            if (!line.isBlank()) {
                status = run(channel, terminal, account, line.strip());
            }
        }
    }

    private int passwd(ChannelSession channel, Terminal terminal, SftpAccount account) throws IOException {
        return new PasswdProgram(host, channel.getSession(), terminal, account).run();
    }
}
