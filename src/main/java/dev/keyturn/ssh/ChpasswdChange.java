package dev.keyturn.ssh;

import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.Predecessor;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.Secret;
import dev.keyturn.ssh.RemoteCommand.Ended;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An administrator feeds {@code user:password} to chpasswd(8), or a command like it, on the host. */
final class ChpasswdChange implements HostChange {
    private static final Pattern SUDO = Pattern.compile("(\\S*/)?sudo(\\s+-n)?\\s+(?<command>[^-].*)");
    private static final byte[] NO_INPUT = {};

    private final InstallMethod.Chpasswd method;
    private final Logins logins;

    ChpasswdChange(InstallMethod.Chpasswd method, Logins logins) {
        this.method = method;
        this.logins = logins;
    }

    /** Besides the administrator's login: where the command goes through sudo, that sudo would let it run. */
    @Override
    public void preflight(Predecessor predecessor) throws HostException {
        SshSession session = logins.as(method.administrator());
        Matcher sudo = SUDO.matcher(method.command().strip());
        if (sudo.matches()) {
            Ended ended =
                    RemoteCommand.run(session, "ask sudo", "sudo -n -l " + sudo.group("command"), NO_INPUT, List.of());
            if (ended.status() != 0) {
                throw SshFailures.failed(
                        Fault.PERMISSION,
                        session.account(),
                        "sudo does not let it run '" + sudo.group("command") + "' without a password: " + ended.said(),
                        null);
            }
        }
    }

    @Override
    public void install(LoginSecret candidate, Predecessor predecessor) throws HostException {
        set(Passwords.of(candidate));
    }

    @Override
    public void withdraw(Predecessor predecessor, LoginSecret successor) {
        predecessor.secret().ifPresent(logins::drop);
    }

    @Override
    public void uninstall(LoginSecret candidate, Predecessor predecessor) throws HostException {
        set(Passwords.of(predecessor, logins.account()));
        logins.drop(candidate);
    }

    private void set(Secret password) throws HostException {
        SshSession session = logins.as(method.administrator());
        byte[] line = line(password);
        try {
            Ended ended = RemoteCommand.run(
                    session,
                    "set the password of " + logins.account().user(),
                    method.command(),
                    line,
                    List.of(password));
            if (ended.status() != 0) {
                throw SshFailures.failed(
                        Passwords.isComplaint(ended.said()) ? Fault.PASSWORD_REJECTED : Fault.COMMAND_REFUSED,
                        session.account(),
                        "'" + method.command() + "' ended with status " + ended.status() + ": " + ended.said(),
                        null);
            }
        } finally {
            Arrays.fill(line, (byte) 0);
        }
    }

    private byte[] line(Secret password) {
        byte[] user = logins.account().user().getBytes(StandardCharsets.UTF_8);
        byte[] secret = password.expose();
        byte[] line = Arrays.copyOf(user, user.length + secret.length + 2);
        line[user.length] = ':';
        System.arraycopy(secret, 0, line, user.length + 1, secret.length);
        line[line.length - 1] = '\n';
        return line;
    }
}
