package dev.keyturn.ssh;

import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.rotation.Predecessor;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.Secret;
import dev.keyturn.ssh.RemoteCommand.Ended;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * The account changes its own password: where it has expired and the host demands a new one while logging in, there;
 * else with passwd(1) on a terminal. OpenSSH runs that by itself, whatever command is asked for, where a password has
 * expired and was let in all the same.
 */
final class PasswdChange implements HostChange {
    private static final String COMMAND = "env LC_ALL=C passwd";

    private final Logins logins;

    PasswdChange(Logins logins) {
        this.logins = logins;
    }

    /** An expired password is no obstacle: to change it is what this method is for. */
    @Override
    public void preflight(Predecessor predecessor) throws HostException {
        LoginSecret.Password old = old(predecessor);
        Attempt attempt = logins.with(old);
        if (!(attempt instanceof Attempt.ChangeDemanded)) {
            logins.accepted(attempt);
        }
    }

    @Override
    public void install(LoginSecret candidate, Predecessor predecessor) throws HostException {
        change(old(predecessor), new LoginSecret.Password(Passwords.of(candidate)));
    }

    @Override
    public void withdraw(Predecessor predecessor, LoginSecret successor) {
        predecessor.secret().ifPresent(logins::drop);
    }

    @Override
    public void uninstall(LoginSecret candidate, Predecessor predecessor) throws HostException {
        Passwords.of(predecessor, logins.account());
        LoginSecret.Password old = old(predecessor);
        // Killed before it could say so, an earlier try had the candidate refused, where anything was; a second refusal
        // of
        // it would use up the budget.
        if (logins.refusedLately() && logins.anew(old).alive()) {
            return;
        }
        change(new LoginSecret.Password(Passwords.of(candidate)), old);
    }

    /** Harmless where it was done already: then {@code from} is refused and {@code to} logs in. */
    private void change(LoginSecret.Password from, LoginSecret.Password to) throws HostException {
        Attempt attempt = logins.with(from);
        if (attempt instanceof Attempt.ChangeDemanded) {
            logins.accepted(logins.change(from.value(), to));
        } else if (attempt instanceof Attempt.Refused) {
            if (!logins.anew(to).alive()) {
                logins.accepted(attempt);
            }
        } else {
            passwd(logins.accepted(attempt), from.value(), to.value());
        }
        logins.drop(from);
    }

    private void passwd(SshSession session, Secret current, Secret replacement) throws HostException {
        List<Secret> secrets = List.of(current, replacement);
        record Talked(PasswdDialogue.End end, Ended ended) {}
        Talked talked = session.exec("change the password with passwd", exec -> {
            SaidText said = new SaidText();
            exec.setCommand(COMMAND);
            exec.setPty(true);
            exec.setErrStream(said);
            InputStream from = exec.getInputStream();
            OutputStream to = exec.getOutputStream();
            exec.connect();
            PasswdDialogue.End end = new PasswdDialogue(current, replacement).talk(from, to, said);
            if (end != PasswdDialogue.End.PROGRAM_ENDED) {
                return new Talked(end, new Ended(1, SshFailures.shortened(said.text(secrets))));
            }
            said.awaitClose();
            return new Talked(end, RemoteCommand.ended(exec, said, secrets));
        });
        String said = talked.ended().said();
        switch (talked.end()) {
            case NEW_REJECTED -> throw rejected(said);
            case CURRENT_REJECTED ->
                throw SshFailures.failed(
                        Fault.AUTHENTICATION_REFUSED, logins.account(), "passwd refused the password in use", null);
            case STRANGE_PROMPT ->
                throw SshFailures.failed(
                        Fault.COMMAND_REFUSED, logins.account(), "passwd asked for something else: " + said, null);
            case PROGRAM_ENDED -> {
                if (talked.ended().status() != 0) {
                    throw Passwords.isComplaint(said)
                            ? rejected(said)
                            : SshFailures.failed(
                                    Fault.COMMAND_REFUSED,
                                    logins.account(),
                                    "passwd ended with status " + talked.ended().status() + ": " + said,
                                    null);
                }
            }
        }
    }

    private HostException rejected(String said) {
        return SshFailures.failed(
                Fault.PASSWORD_REJECTED, logins.account(), "passwd did not take the new password: " + said, null);
    }

    private LoginSecret.Password old(Predecessor predecessor) throws HostException {
        if (predecessor.secret().isEmpty()) {
            throw SshFailures.failed(
                    Fault.SECRET_UNAVAILABLE,
                    logins.account(),
                    "the password in use is not known, so nothing can log in to change it; adopt it",
                    null);
        }
        return new LoginSecret.Password(Passwords.of(predecessor.secret().get()));
    }
}
