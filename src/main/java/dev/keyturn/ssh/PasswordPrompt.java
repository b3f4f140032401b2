package dev.keyturn.ssh;

import java.util.Locale;
import java.util.regex.Pattern;

/** What a prompt of a host asks for, in the words of OpenSSH, PAM and passwd(1) under the locale C. */
enum PasswordPrompt {
    /** The password that is in use: {@code Password:}, {@code user@host's password:}, {@code Current password:}. */
    CURRENT,
    /** A new password: {@code New password:}, {@code Enter new UNIX password:}. */
    NEW,
    /** The new password once more: {@code Retype new password:}, {@code Re-enter new password:}. */
    NEW_AGAIN,
    /** Anything else, which is never answered: a one-time code, a PIN, a passphrase. */
    OTHER;

    private static final Pattern ENDING = Pattern.compile("password( for [^:]*)?\\s*:\\s*$");
    private static final Pattern AGAIN =
            Pattern.compile("\\b(retype|re-type|re-enter|reenter|repeat|again|confirm)\\b");
    private static final Pattern NEW_WORD = Pattern.compile("\\bnew\\b");
    private static final Pattern OTHER_KIND =
            Pattern.compile("\\b(one[- ]time|otp|token|code|pin|passcode|verification|second|ldap administrator)\\b");

    /** Reads a prompt. Only one that ends in "password:" asks for a password. */
    static PasswordPrompt of(String prompt) {
        String text = prompt.toLowerCase(Locale.ROOT);
        if (!ENDING.matcher(text).find() || OTHER_KIND.matcher(text).find()) {
            return OTHER;
        }
        if (AGAIN.matcher(text).find()) {
            return NEW_AGAIN;
        }
        return NEW_WORD.matcher(text).find() ? NEW : CURRENT;
    }
}
