package dev.keyturn.ssh;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * How many connections to one hostname and port may be on their way to a login at once, first come, first served. That
 * is what sshd's {@code MaxStartups} counts and drops. Connections that are logged in don't count: a visit holds one
 * while it opens the next, and would wait for itself. Thread-safe.
 */
final class HostGates {
    private final int perHost;
    private final Map<String, Semaphore> gates = new ConcurrentHashMap<>();

    HostGates(int perHost) {
        if (perHost < 1) {
            throw new IllegalArgumentException("at least one connection to a host is needed, not " + perHost);
        }
        this.perHost = perHost;
    }

    Semaphore gate(String hostname, int port) {
        return gates.computeIfAbsent(
                hostname.toLowerCase(Locale.ROOT) + ":" + port, host -> new Semaphore(perHost, true));
    }
}
