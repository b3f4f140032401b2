package dev.keyturn.rotation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Works on many credentials side by side: at most so many in all, and so many on one host. A worker never waits for a
 * busy host while there is work on another.
 */
public final class SideBySide {
    private final int workers;
    private final HostSlots slots;

    /** @param workers at least 1 */
    public SideBySide(int workers, HostSlots slots) {
        if (workers < 1) {
            throw new IllegalArgumentException("workers has to be at least 1, not " + workers);
        }
        this.workers = workers;
        this.slots = slots;
    }

    /**
     * Does {@code work} for each credential and returns when all is done. What it throws ends the whole: no further
     * credential is begun, those in work are finished, and the first exception is thrown here.
     *
     * @throws InterruptedException where the calling thread was interrupted; the workers are interrupted then and have
     *     ended
     */
    public void run(Collection<ManagedCredential> credentials, Consumer<ManagedCredential> work)
            throws InterruptedException {
        Queue queue = new Queue(credentials);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Math.min(workers, credentials.size()); i++) {
            Thread thread = new Thread(() -> drain(queue, work, failure), "worker-" + (i + 1));
            threads.add(thread);
            thread.start();
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            queue.clear();
            threads.forEach(Thread::interrupt);
            joinAll(threads);
            if (failure.get() != null) {
                e.addSuppressed(failure.get());
            }
            throw e;
        }
        // Work can throw nothing checked.
        if (failure.get() instanceof RuntimeException thrown) {
            throw thrown;
        }
        if (failure.get() instanceof Error thrown) {
            throw thrown;
        }
    }

    private void drain(Queue queue, Consumer<ManagedCredential> work, AtomicReference<Throwable> failure) {
        for (Optional<ManagedCredential> next = queue.take(); next.isPresent(); next = queue.take()) {
            try {
                work.accept(next.get());
            } catch (RuntimeException | Error e) {
                // An error too: a worker that only died would leave its part undone, and nobody would hear of it.
                failure.compareAndSet(null, e);
                queue.clear();
            } finally {
                queue.done(next.get());
            }
        }
    }

    private static void joinAll(List<Thread> threads) {
        for (Thread thread : threads) {
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A credential, and its place in the order. */
    private record Waiting(int place, ManagedCredential credential) {}

    /**
     * What is left to do, in order, but for credentials whose host is busy. Its lock is that of the slots, so that it
     * wakes up too when somebody else gives one back.
     */
    private final class Queue {
        /** Each host that has something left, by the place of the first of it: only busy ones are ever passed over. */
        private final NavigableMap<Integer, Deque<Waiting>> hosts = new TreeMap<>();

        Queue(Collection<ManagedCredential> credentials) {
            Map<String, Deque<Waiting>> byHost = new HashMap<>();
            int place = 0;
            for (ManagedCredential credential : credentials) {
                byHost.computeIfAbsent(HostSlots.host(credential.account()), host -> new ArrayDeque<>())
                        .add(new Waiting(place++, credential));
            }
            byHost.values().forEach(this::put);
        }

        private void put(Deque<Waiting> host) {
            if (!host.isEmpty()) {
                hosts.put(host.element().place(), host);
            }
        }

        /** The next one whose host has a slot; waits for a slot where none has, and is empty once nothing is left. */
        Optional<ManagedCredential> take() {
            synchronized (slots) {
                while (!hosts.isEmpty()) {
                    Optional<Deque<Waiting>> free = hosts.values().stream()
                            .filter(host ->
                                    slots.take(host.element().credential().account()))
                            .findFirst();
                    if (free.isPresent()) {
                        return Optional.of(first(free.get()));
                    }
                    try {
                        slots.wait();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return Optional.empty();
                    }
                }
                return Optional.empty();
            }
        }

        private ManagedCredential first(Deque<Waiting> host) {
            Waiting first = host.remove();
            hosts.remove(first.place());
            put(host);
            return first.credential();
        }

        void done(ManagedCredential credential) {
            slots.giveBack(credential.account());
        }

        void clear() {
            synchronized (slots) {
                hosts.clear();
                slots.notifyAll();
            }
        }
    }
}
