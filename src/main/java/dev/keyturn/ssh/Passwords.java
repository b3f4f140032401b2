package dev.keyturn.ssh;

import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.rotation.Predecessor;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.Secret;
import java.util.regex.Pattern;

/** What the password methods have in common. */
final class Passwords {
    private static final Pattern COMPLAINT =
            Pattern.compile("(?i)bad password|too (short|simple|similar|long)|dictionary"
                    + "|palindrome|already used|weak password|password unchanged|manipulation error");

    private Passwords() {}

    /** The password; one that would end a line of input early is refused, and so is a key. */
    static Secret of(LoginSecret secret) {
        if (!(secret instanceof LoginSecret.Password password)) {
            throw new IllegalArgumentException("this install method is for passwords, not for keys");
        }
        for (byte b : password.value().expose()) {
            if (b == '\n' || b == '\r' || b == 0) {
                throw new IllegalArgumentException("a password with a line feed or a NUL can't be given to the host");
            }
        }
        return password.value();
    }

    /** The password to put back. */
    static Secret of(Predecessor predecessor, Account account) throws HostException {
        if (predecessor.secret().isEmpty()) {
            throw SshFailures.failed(
                    Fault.SECRET_UNAVAILABLE,
                    account,
                    "the password that was in use before is not known, so it can't be put back",
                    null);
        }
        return of(predecessor.secret().get());
    }

    /** Whether a host's words are about the password itself. */
    static boolean isComplaint(String said) {
        return COMPLAINT.matcher(said).find();
    }
}
