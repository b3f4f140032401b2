package dev.keyturn.rotation;

/**
 * An SFTP account.
 *
 * @param hostname name or address, as Dromo knows it
 * @param port TCP port, 1 to 65535
 * @param user the login name
 */
public record Account(String hostname, int port, String user) {
    /** {@code user@hostname:port}. */
    @Override
    public String toString() {
        return user + "@" + hostname + ":" + port;
    }
}
