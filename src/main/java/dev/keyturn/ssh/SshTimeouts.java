package dev.keyturn.ssh;

import java.time.Duration;

/**
 * How long a host may take.
 *
 * @param connect for the TCP connection, and for each answer until the login is through
 * @param answer for one operation after the login, and for the login as a whole
 */
public record SshTimeouts(Duration connect, Duration answer) {
    /** Long enough for a host whose PAM delays a refusal, or whose name service is slow. */
    public static final SshTimeouts DEFAULT = new SshTimeouts(Duration.ofSeconds(20), Duration.ofSeconds(60));
}
