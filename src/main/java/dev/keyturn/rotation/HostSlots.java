package dev.keyturn.rotation;

import java.util.HashMap;
import java.util.Map;

/**
 * How many rotations run on one hostname and port at the same time. sshd drops connections from about a dozen
 * unauthenticated ones on (MaxStartups), and a host has other work too. Thread-safe.
 */
public final class HostSlots {
    private final int perHost;
    private final Map<String, Integer> taken = new HashMap<>();

    /** @param perHost at least 1 */
    public HostSlots(int perHost) {
        if (perHost < 1) {
            throw new IllegalArgumentException("per_host has to be at least 1, not " + perHost);
        }
        this.perHost = perHost;
    }

    /** Takes a slot of the account's host where one is free. Does not wait. */
    public synchronized boolean take(Account account) {
        int inUse = taken.getOrDefault(host(account), 0);
        if (inUse >= perHost) {
            return false;
        }
        taken.put(host(account), inUse + 1);
        return true;
    }

    /** Gives a slot back, and wakes whoever waits on this object for one. */
    public synchronized void giveBack(Account account) {
        taken.computeIfPresent(host(account), (host, inUse) -> inUse == 1 ? null : inUse - 1);
        notifyAll();
    }

    private static String host(Account account) {
        return account.hostname() + ":" + account.port();
    }
}
