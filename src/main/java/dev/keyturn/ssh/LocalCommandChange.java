package dev.keyturn.ssh;

import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.Predecessor;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.Secret;
import java.util.List;
import java.util.Optional;

/**
 * A program on this machine that talks to the host's own API. It reads one JSON object from its standard input:
 *
 * <pre>{@code
 * {"action": "install", "account": {"hostname": "sftp.acme.example", "port": 22, "user": "dromo"},
 *  "public_key": "ssh-ed25519 AAAA...", "fingerprint": "SHA256:..."}
 * }</pre>
 *
 * with {@code password} in place of the last two for a password. Actions: {@code status} (changes nothing; about the
 * credential in use), {@code install} and {@code withdraw}. A key that was never adopted has its fingerprint only. Each
 * action has to be harmless when it is repeated.
 */
final class LocalCommandChange implements HostChange {
    private static final int DONE = 0;
    private static final int TRY_AGAIN = 75;

    private final Account account;
    private final InstallMethod.LocalCommand method;
    private final Logins logins;
    private final LocalProgram program;

    LocalCommandChange(InstallMethod.LocalCommand method, Logins logins, LocalProgram program) {
        this.account = logins.account();
        this.method = method;
        this.logins = logins;
        this.program = program;
    }

    @Override
    public void preflight(Predecessor predecessor) throws HostException {
        if (predecessor.secret().isPresent()) {
            logins.as(predecessor.secret().get());
        }
        run("status", predecessor.secret(), predecessor.fingerprint());
    }

    @Override
    public void install(LoginSecret candidate, Predecessor predecessor) throws HostException {
        run("install", Optional.of(candidate), candidate.fingerprint());
    }

    /** For a password there is nothing to do: the new one took its place. */
    @Override
    public void withdraw(Predecessor predecessor, LoginSecret successor) throws HostException {
        if (predecessor.fingerprint().isPresent()) {
            run("withdraw", predecessor.secret(), predecessor.fingerprint());
        }
        predecessor.secret().ifPresent(logins::drop);
    }

    @Override
    public void uninstall(LoginSecret candidate, Predecessor predecessor) throws HostException {
        if (candidate instanceof LoginSecret.Password) {
            LoginSecret old = new LoginSecret.Password(Passwords.of(predecessor, account));
            run("install", Optional.of(old), Optional.empty());
        } else {
            run("withdraw", Optional.of(candidate), candidate.fingerprint());
        }
        logins.drop(candidate);
    }

    private void run(String action, Optional<LoginSecret> secret, Optional<Fingerprint> fingerprint)
            throws HostException {
        byte[] input = json(action, secret, fingerprint);
        LocalProgram.Ended ended;
        try {
            ended = program.run(method.command(), method.timeout(), input, passwords(secret));
        } catch (java.io.IOException e) {
            throw failed(Fault.COMMAND_REFUSED, action, "could not be started: " + e.getMessage());
        } finally {
            JsonBytes.wipe(input);
        }
        if (ended.status().isEmpty()) {
            throw failed(Fault.COMMAND_TIMED_OUT, action, "was ended after " + method.timeout() + said(ended));
        }
        switch (ended.status().get()) {
            case DONE -> {}
            case TRY_AGAIN -> throw failed(Fault.COMMAND_TRY_AGAIN, action, "asked to be tried again" + said(ended));
            default ->
                throw failed(
                        Fault.COMMAND_REFUSED,
                        action,
                        "ended with status " + ended.status().get() + said(ended));
        }
    }

    private byte[] json(String action, Optional<LoginSecret> secret, Optional<Fingerprint> fingerprint) {
        try (JsonBytes json = new JsonBytes()) {
            json.open().text("action", action).object("account");
            json.text("hostname", account.hostname())
                    .number("port", account.port())
                    .text("user", account.user())
                    .end();
            if (secret.isPresent() && secret.get() instanceof LoginSecret.KeyPair pair) {
                json.text("public_key", pair.publicKey().line());
            }
            passwords(secret).forEach(password -> json.text("password", password.expose()));
            fingerprint.ifPresent(print -> json.text("fingerprint", print.text()));
            return json.end().bytes();
        }
    }

    private static List<Secret> passwords(Optional<LoginSecret> secret) {
        return secret.isPresent() && secret.get() instanceof LoginSecret.Password password
                ? List.of(password.value())
                : List.of();
    }

    private HostException failed(Fault fault, String action, String detail) {
        return SshFailures.failed(
                fault, account, "'" + method.command().get(0) + "' (action " + action + ") " + detail, null);
    }

    private static String said(LocalProgram.Ended ended) {
        return ended.said().isBlank() ? "" : ": " + SshFailures.shortened(ended.said());
    }
}
