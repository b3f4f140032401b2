package dev.keyturn.realhost;

/** What an account on a {@link RealSshd} may do, and which file holds its keys. Each is made by {@link NewAccount}. */
public enum AccountKind {
    SHELL("/home/%s", "", "/bin/bash"),
    CHROOT_ABOVE_HOME("/home/%s/home/%1$s", "chrooted-above-home", "/usr/sbin/nologin"),
    CHROOT_AT_HOME("/home/%s", "chrooted-at-home", "/usr/sbin/nologin"),
    KEYS_OUTSIDE_HOME("/home/%s", "keys-outside-home", "/bin/bash"),
    PASSWORD_ADMINISTRATOR("/home/%s", "password-administrators", "/bin/bash"),
    KEY_ADMINISTRATOR("/home/%s", "", "/bin/bash");

    private final String home;
    private final String group;
    private final String shell;

    AccountKind(String home, String group, String shell) {
        this.home = home;
        this.group = group;
        this.shell = shell;
    }

    /** The home directory of the account in the server's passwd file. */
    String home(String name) {
        return String.format(home, name);
    }

    /** The group that sshd_config or sudoers match this kind by; empty for none. */
    String group() {
        return group;
    }

    String shell() {
        return shell;
    }

    /** The absolute path, on the server, of the file in which sshd looks for this account's keys. */
    String keysOnServer(String name) {
        return this == KEYS_OUTSIDE_HOME ? "/etc/ssh/authorized_keys/" + name : home(name) + "/.ssh/authorized_keys";
    }

    /** The path of the same file in the account's own SFTP session. */
    String keysInSession(String name) {
        return switch (this) {
            case SHELL, CHROOT_AT_HOME, PASSWORD_ADMINISTRATOR, KEY_ADMINISTRATOR -> ".ssh/authorized_keys";
            case CHROOT_ABOVE_HOME -> "/home/" + name + "/.ssh/authorized_keys";
            case KEYS_OUTSIDE_HOME -> keysOnServer(name);
        };
    }
}
