package dev.keyturn.realhost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An account that exists on a running server.
 *
 * @param name its login name
 * @param uid its user number, and its group's
 * @param home its home directory, as this JVM sees it
 * @param authorizedKeys the file in which the server looks for its keys, as this JVM sees it
 * @param keysInSession the path of that file in the account's own SFTP session
 * @param keysOnServer the absolute path of that file on the server, as a session without a chroot sees it
 */
public record Account(String name, int uid, Path home, Path authorizedKeys, String keysInSession, String keysOnServer) {

    /** The lines of the authorized_keys file, comments included. */
    public List<String> keys() {
        try {
            return Files.readAllLines(authorizedKeys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Overwrites the authorized_keys file in place, so that owner and mode stay. */
    public void setKeys(String... lines) {
        try {
            Files.write(authorizedKeys, List.of(lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
