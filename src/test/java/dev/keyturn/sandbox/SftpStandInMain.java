package dev.keyturn.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs the SFTP stand-in as a process of its own: prints its port on the first line, its host key's fingerprint on the
 * second and a line for known_hosts on the third, and ends when its standard input does.
 *
 * <pre>
 * --port N                  0, the default, takes any free port; has to come first
 * --account USER            the options up to the next --account are about this one
 *   --password TEXT
 *   --public-key FILE       its line goes into authorized_keys
 *   --directory PATH        below the home directory
 *   --administrator         may run chpasswd
 * </pre>
 */
final class SftpStandInMain {
    private SftpStandInMain() {}

    public static void main(String[] arguments) throws IOException {
        boolean portGiven = arguments.length > 1 && arguments[0].equals("--port");
        int port = portGiven ? Integer.parseInt(arguments[1]) : 0;
        try (SftpStandIn host = SftpStandIn.start(port)) {
            makeAccounts(host, arguments, portGiven ? 2 : 0);
            System.out.println(host.port());
            System.out.println(host.hostKeyFingerprint());
            System.out.println(host.knownHostsLine());
            while (System.in.read() >= 0) {
                // Runs until whoever started it lets go.
            }
        }
    }

    private static void makeAccounts(SftpStandIn host, String[] arguments, int first) throws IOException {
        SftpAccount account = null;
        for (int i = first; i < arguments.length; i++) {
            if (arguments[i].equals("--account")) {
                account = host.account(arguments[++i]);
            } else if (account == null) {
                throw new IllegalArgumentException(arguments[i] + " has to come after --account USER");
            } else {
                switch (arguments[i]) {
                    case "--password" -> account.withPassword(arguments[++i]);
                    case "--public-key" ->
                        account.withKey(
                                Files.readString(Path.of(arguments[++i])).strip());
                    case "--directory" -> account.withDirectory(arguments[++i]);
                    case "--administrator" -> account.asAdministrator();
                    default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
                }
            }
        }
    }
}
