package dev.keyturn.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * An account on the SFTP host. What is not set is off: a new account has no password and no authorized_keys file.
 * Thread-safe; the setters return this.
 */
public final class SftpAccount {
    /** What an expired password means for a login. */
    public enum Expiry {
        NONE,
        /** The server answers with SSH_MSG_USERAUTH_PASSWD_CHANGEREQ. */
        AT_LOGIN,
        /** As OpenSSH with PAM: the login succeeds, and then nothing works but passwd on a terminal. */
        AFTER_LOGIN
    }

    private static final int SHORTEST_PASSWORD = 8;

    private final String user;
    private final Path root;
    private final String home;
    private volatile @Nullable String password;
    private volatile Expiry expiry = Expiry.NONE;
    private volatile boolean administrator;
    private volatile boolean sftpOnly;
    private volatile boolean locked;
    private volatile String keysPath = ".ssh/authorized_keys";

    /** @param home absolute, below the {@code root} that the account can't leave */
    SftpAccount(String user, Path root, String home) throws IOException {
        this.user = user;
        this.root = root;
        this.home = home;
        Files.createDirectories(localHome());
    }

    public String user() {
        return user;
    }

    /** As a client sees it. */
    public String home() {
        return home;
    }

    Path root() {
        return root;
    }

    /** The home directory on this machine. */
    public Path localHome() {
        return root.resolve(home.substring(1));
    }

    public SftpAccount withPassword(@Nullable String text) {
        password = text;
        return this;
    }

    public @Nullable String password() {
        return password;
    }

    /** Appends a line to authorized_keys, which it makes where need be. */
    public SftpAccount withKey(String line) {
        try {
            Path file = keysFile();
            if (!Files.exists(file)) {
                Files.createDirectories(
                        file.getParent(),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file that decides on logins, relative to the home directory; {@code .ssh/authorized_keys} by default. */
    public SftpAccount withKeysAt(String path) {
        keysPath = path;
        return this;
    }

    /** The file that decides on logins, on this machine. */
    public Path keysFile() {
        return localHome().resolve(keysPath);
    }

    /** The text of authorized_keys; empty where there is none. */
    public String authorizedKeys() {
        try {
            return Files.readString(keysFile(), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public SftpAccount withDirectory(String path) {
        try {
            Files.createDirectories(localHome().resolve(path));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** May run chpasswd and see everybody's home directory. */
    public SftpAccount asAdministrator() {
        administrator = true;
        return this;
    }

    boolean administrator() {
        return administrator;
    }

    /** No commands and no shell. */
    public SftpAccount sftpOnly() {
        sftpOnly = true;
        return this;
    }

    boolean commandsForbidden() {
        return sftpOnly;
    }

    public SftpAccount locked(boolean now) {
        locked = now;
        return this;
    }

    boolean isLocked() {
        return locked;
    }

    public SftpAccount withExpiredPassword(Expiry effect) {
        expiry = effect;
        return this;
    }

    Expiry expiry() {
        return expiry;
    }

    boolean hasPassword(String text) {
        return text.equals(password);
    }

    boolean hasKey(byte[] blob) throws IOException {
        return AuthorizedKeysFile.contains(keysFile(), blob);
    }

    /** What is wrong with this new password, in the words of pam_unix, or null. */
    @Nullable
    String objection(String newPassword) {
        if (newPassword.isEmpty()) {
            return "No password has been supplied.";
        }
        if (newPassword.equals(password)) {
            return "The password has not been changed.";
        }
        return newPassword.length() < SHORTEST_PASSWORD ? "You must choose a longer password." : null;
    }

    void changePassword(String text) {
        password = text;
        expiry = Expiry.NONE;
    }
}
