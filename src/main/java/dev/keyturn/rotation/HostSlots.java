package dev.keyturn.rotation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * How many rotations run at the same time, in all and on one hostname and port, whoever asked for them. sshd drops
 * connections from about a dozen unauthenticated ones on (MaxStartups), and a host has other work too. Thread-safe.
 */
public final class HostSlots {
    private final int perHost;
    private final int inAll;
    private final Map<String, Integer> taken = new HashMap<>();
    /** By host, each with somebody in it; the host whose turn is next stands first. */
    private final Map<String, Deque<BooleanSupplier>> waiting = new LinkedHashMap<>();

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
        if (!isFree(host(account))) {
            return false;
        }
        inUse++;
        taken.merge(host(account), 1, Integer::sum);
        return true;
    }

    /**
     * The same; where none is free, {@code wake} is called once, as soon as one was given back that it could take and those
     * of its host that asked before were woken. It takes no slot by that: it has to ask again, and may find that another
     * was faster.
     *
     * @param wake gives false where nobody wants the slot any more, so that the next one is woken instead
     */
    public synchronized boolean takeOr(Account account, BooleanSupplier wake) {
        boolean free = take(account);
        if (!free) {
            waiting.computeIfAbsent(host(account), host -> new ArrayDeque<>()).add(wake);
        }
        return free;
    }

    /** Gives a slot back, and wakes whoever waits for it: on this object, or one of those that asked for a call. */
    public void giveBack(Account account) {
        synchronized (this) {
            int there = taken.getOrDefault(host(account), 0);
            if (there > 0) {
                inUse--;
                taken.put(host(account), there - 1);
                taken.remove(host(account), 0);
            }
            notifyAll();
        }
        Optional<BooleanSupplier> next = nextWaiting();
        while (next.isPresent() && !next.get().getAsBoolean()) {
            next = nextWaiting();
        }
    }

    /** Of any host that has a slot: it may have been the limit in all that kept it waiting. Hosts take turns. */
    private synchronized Optional<BooleanSupplier> nextWaiting() {
        return waiting.entrySet().stream()
                .filter(host -> isFree(host.getKey()))
                .findFirst()
                .map(host -> next(host.getKey(), host.getValue()));
    }

    private BooleanSupplier next(String host, Deque<BooleanSupplier> queue) {
        BooleanSupplier next = queue.remove();
        waiting.remove(host);
        if (!queue.isEmpty()) {
            waiting.put(host, queue);
        }
        return next;
    }

    private boolean isFree(String host) {
        return taken.getOrDefault(host, 0) < perHost && inUse < inAll;
    }

    /** Nobody that asked until now is woken any more. */
    public synchronized void forgetWaiting() {
        waiting.clear();
    }

    /** What counts as one host. */
    static String host(Account account) {
        return account.hostname() + ":" + account.port();
    }
}
