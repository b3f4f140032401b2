package dev.keyturn.realhost;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An account to be made on a {@link RealSshd}. Every account has a writable {@code uploads} directory in its home.
 * Without a password, no password logs in; without a key, no key does.
 *
 * @param name lower-case letters, digits, {@code _} and {@code -}, at most 32
 * @param password what it logs in with, and to which {@code passwd} wants to hear first
 * @param keys the lines of its authorized_keys file
 * @param expired whether the password has to be changed at the next login, as after {@code chage -d 0}. OpenSSH then
 *     authenticates the account, by key too, and refuses whatever it asks for next
 */
public record NewAccount(
        String name, AccountKind kind, @Nullable String password, List<String> keys, boolean expired) {

    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");

    public NewAccount {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Not an account's name: " + name);
        }
        keys = List.copyOf(keys);
    }

    /** Has a shell, SFTP, and its keys in {@code ~/.ssh/authorized_keys}. */
    public static NewAccount shell(String name) {
        return of(name, AccountKind.SHELL);
    }

    /**
     * SFTP only, in a root-owned chroot with the home below it: {@code ChrootDirectory /home/%u}, home
     * {@code /home/NAME} inside. A session starts in {@code /}, so the keys are at
     * {@code /home/NAME/.ssh/authorized_keys} and not at {@code .ssh/authorized_keys}.
     */
    public static NewAccount chrootedAboveHome(String name) {
        return of(name, AccountKind.CHROOT_ABOVE_HOME);
    }

    /**
     * SFTP only, with {@code ChrootDirectory %h}: the home is the chroot, owned by root and not writable; {@code .ssh}
     * and {@code uploads} in it belong to the account. The keys are at {@code .ssh/authorized_keys}.
     */
    public static NewAccount chrootedAtHome(String name) {
        return of(name, AccountKind.CHROOT_AT_HOME);
    }

    /**
     * A shell account whose keys stand in a file of root's, {@code /etc/ssh/authorized_keys/NAME}: it can log in and
     * read the file but not change it. It may write {@code ~/.ssh/authorized_keys}, which sshd ignores.
     */
    public static NewAccount keysOutsideHome(String name) {
        return of(name, AccountKind.KEYS_OUTSIDE_HOME);
    }

    /** A shell account that may run {@code sudo -n /usr/sbin/chpasswd}, and nothing else, as root. */
    public static NewAccount passwordAdministrator(String name) {
        return of(name, AccountKind.PASSWORD_ADMINISTRATOR);
    }

    /**
     * A second name for user 0, so over SFTP it reads and writes every account's keys, at
     * {@link Account#keysOnServer()}. User 0 because sshd's StrictModes leaves no other choice: a key file and its
     * directories must belong to root or to the account and be writable by nobody else, and an ACL's mask counts as
     * group write permission. It logs in with a key only ({@code PermitRootLogin prohibit-password}).
     */
    public static NewAccount keyAdministrator(String name) {
        return of(name, AccountKind.KEY_ADMINISTRATOR);
    }

    public NewAccount withPassword(String newPassword) {
        return new NewAccount(name, kind, newPassword, keys, expired);
    }

    /** Adds lines to the authorized_keys file, each a public key, perhaps with options before it. */
    public NewAccount withKey(String... lines) {
        List<String> all = new ArrayList<>(keys);
        all.addAll(List.of(lines));
        return new NewAccount(name, kind, password, all, expired);
    }

    public NewAccount withExpiredPassword() {
        return new NewAccount(name, kind, password, keys, true);
    }

    private static NewAccount of(String name, AccountKind kind) {
        return new NewAccount(name, kind, null, List.of(), false);
    }
}
