package dev.keyturn.ssh;

import com.jcraft.jsch.UserInfo;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the first few thousand characters of what the host says while logging in (RFC 4252, section 5.4) and answers
 * nothing. OpenSSH's PAM says there, and to an SFTP session nowhere else, that a password or an account has expired.
 */
class Banner implements UserInfo {
    private static final int LIMIT = 16 * 1024;

    private final StringBuilder said = new StringBuilder();

    /** What the host said, on one line. */
    final String said() {
        return SshFailures.shortened(said.toString());
    }

    @Override
    public final void showMessage(String message) {
        if (said.length() < LIMIT) {
            said.append(message, 0, Math.min(message.length(), LIMIT - said.length()))
                    .append(' ');
        }
    }

    @Override
    @SuppressWarnings("NullAway") // there is none, and JSch's interface is not annotated
    public final @Nullable String getPassphrase() {
        return null;
    }

    @Override
    @SuppressWarnings("NullAway") // JSch gets passwords as bytes
    public final @Nullable String getPassword() {
        return null;
    }

    @Override
    public final boolean promptPassword(String message) {
        return false;
    }

    @Override
    public final boolean promptPassphrase(String message) {
        return false;
    }

    @Override
    public final boolean promptYesNo(String message) {
        return false;
    }
}
