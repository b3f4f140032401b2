package dev.keyturn.rotation;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a new secret gets onto the host. */
public sealed interface InstallMethod {
    /** The account that changes the managed one; empty where it changes itself, or where no login is needed. */
    Optional<Administrator> as();

    /** Whether the secret that is in use today is not needed for installing another. */
    default boolean worksWithoutOldSecret() {
        return as().isPresent();
    }

    /** The method's name in the configuration. */
    String configName();

    /**
     * Edits an authorized_keys file over SFTP.
     *
     * @param path the file's path as the editing account sees it; relative to where its SFTP session starts
     */
    record AuthorizedKeys(String path, Optional<Administrator> as) implements InstallMethod {
        public static final String DEFAULT_PATH = ".ssh/authorized_keys";

        @Override
        public String configName() {
            return "authorized_keys";
        }
    }

    /**
     * Feeds {@code user:password} to a command on the host, as an administrator.
     *
     * @param command the command line on the host
     */
    record Chpasswd(Administrator administrator, String command) implements InstallMethod {
        public static final String DEFAULT_COMMAND = "sudo -n /usr/sbin/chpasswd";

        @Override
        public Optional<Administrator> as() {
            return Optional.of(administrator);
        }

        @Override
        public String configName() {
            return "chpasswd";
        }
    }

    /** The account changes its own password: interactive passwd(1), or the SSH protocol's password change. */
    record Passwd() implements InstallMethod {
        @Override
        public Optional<Administrator> as() {
            return Optional.empty();
        }

        @Override
        public String configName() {
            return "passwd";
        }
    }

    /**
     * Runs a program on this machine that talks to the host's own API.
     *
     * @param command program and arguments, at least one element
     * @param timeout after which it is killed
     */
    record LocalCommand(List<String> command, Duration timeout) implements InstallMethod {
        public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

        public LocalCommand {
            command = List.copyOf(command);
        }

        @Override
        public Optional<Administrator> as() {
            return Optional.empty();
        }

        @Override
        public boolean worksWithoutOldSecret() {
            return true;
        }

        @Override
        public String configName() {
            return "command";
        }
    }

    /**
     * A partner changes the host by hand: the new key is handed over, then tried until it logs in; the old one's removal
     * is asked for in the same way. Keyturn itself changes nothing on such a host.
     */
    record Manual() implements InstallMethod {
        @Override
        public Optional<Administrator> as() {
            return Optional.empty();
        }

        @Override
        public String configName() {
            return "manual";
        }
    }
}
