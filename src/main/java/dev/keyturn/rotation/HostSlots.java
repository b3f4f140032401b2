package dev.keyturn.rotation;

import java.util.HashMap;
import java.util.Map;

/**
 * How many rotations run at the same time, in all and on one hostname and port, whoever asked for them. sshd drops connections from about a dozen
 * unauthenticated ones on (MaxStartups), and a host has other work too. Thread-safe.
 */
public final class HostSlots {
    private final int perHost;
    private final int inAll;
    private final Map<String, Integer> taken = new HashMap<>();
    private int inUse;

    /** So many on one host, however many in all. */
    public HostSlots(int perHost) {
        this(perHost, Integer.MAX_VALUE);
    }

    /**
     * @param perHost at least 1
     * @param inAll at least 1
     */
    public HostSlots(int perHost, int inAll) {
        if (perHost < 1 || inAll < 1) {
            throw new IllegalArgumentException("slots have to be at least 1, not " + perHost + " and " + inAll);
        }
        this.perHost = perHost;
        this.inAll = inAll;
    }

    /** Takes a slot of the account's host where one is free. Does not wait. */
    public synchronized boolean take(Account account) {
        int there = taken.getOrDefault(host(account), 0);
        if (there >= perHost || inUse >= inAll) {
            return false;
        }
        inUse++;
        taken.put(host(account), there + 1);
        return true;
    }

    /** Gives a slot back, and wakes whoever waits on this object for one. */
    public synchronized void giveBack(Account account) {
        int there = taken.getOrDefault(host(account), 0);
        if (there > 0) {
            inUse--;
            taken.put(host(account), there - 1);
            taken.remove(host(account), 0);
        }
        notifyAll();
    }

    private static String host(Account account) {
        return account.hostname() + ":" + account.port();
    }
}
