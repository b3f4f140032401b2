package dev.keyturn.notify;

/** One way to reach people. Used by one thread at a time. */
interface Channel {
    /** For messages and the log; no secret, and of an address no more than its host. */
    String name();

    /**
     * Delivers a message; returns once the other side has taken it.
     *
     * @throws DeliveryException where it has not, or its answer is not known
     * @throws InterruptedException where waiting for it was given up
     */
    void deliver(Message message) throws DeliveryException, InterruptedException;
}
