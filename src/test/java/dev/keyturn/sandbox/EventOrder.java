package dev.keyturn.sandbox;

import java.util.concurrent.atomic.AtomicLong;

/** Numbers what the stand-ins see, across all of them in this JVM, so that a test can tell what came before what. */
final class EventOrder {
    private static final AtomicLong LAST = new AtomicLong();

    private EventOrder() {}

    static long next() {
        return LAST.incrementAndGet();
    }
}
