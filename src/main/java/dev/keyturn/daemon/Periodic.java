package dev.keyturn.daemon;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Does something at once and then again and again, on a thread of its own, until it is closed. */
final class Periodic implements AutoCloseable {
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** @param task is waited for on {@link #close}; catches what is no bug */
    Periodic(String name, Duration pause, Runnable task) {
        thread = new Thread(
                () -> {
                    try {
                        do {
                            task.run();
                        } while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
