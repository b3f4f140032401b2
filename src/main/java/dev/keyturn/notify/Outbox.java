package dev.keyturn.notify;

import dev.keyturn.rotation.Notice;
import dev.keyturn.rotation.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way out to one channel: its filter, its digest, its repetitions, on a thread of its own. */
final class Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final int CAPACITY = 10_000;
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(5));

    private final Channel channel;
    private final Set<Notice.Kind> events;
    private final Digest digest;
    private final Wording wording;
    private final Clock clock;
    private final Sleeper sleeper;
    /** Empty ones only wake the thread up. */
    private final BlockingQueue<Optional<Notice>> queue = new ArrayBlockingQueue<>(CAPACITY);

    private final AtomicLong dropped = new AtomicLong();
    /** Under way or held back; the thread's own until it has ended. */
    private final List<Notice> inHand = new ArrayList<>();

    private final Thread thread;
    private volatile boolean closing;

    Outbox(Channel channel, Set<Notice.Kind> events, Digest digest, Wording wording, Clock clock, Sleeper sleeper) {
        this.channel = channel;
        this.events = events;
        this.digest = digest;
        this.wording = wording;
        this.clock = clock;
        this.sleeper = sleeper;
        this.thread = new Thread(this::run, "notify");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    boolean wants(Notice notice) {
        return events.contains(notice.kind());
    }

    /** Takes a notice, and never waits; what doesn't fit is counted and logged, and false comes of it. */
    boolean offer(Notice notice) {
        boolean fits = queue.offer(Optional.of(notice));
        if (!fits) {
            dropped.incrementAndGet();
        }
        return fits;
    }

    /** From now on nothing is held back; the thread ends once all is out. */
    void close() {
        closing = true;
        if (!queue.offer(Optional.empty())) {
            LOG.atDebug().log("The queue is full, so its thread is awake");
        }
    }

    /**
     * Waits for the end after {@link #close}.
     *
     * @return what did not get out
     */
    List<Notice> await(Duration most) throws InterruptedException {
        thread.join(Math.max(1, most.toMillis()));
        if (!thread.isAlive()) {
            return List.of();
        }
        thread.interrupt();
        List<Notice> left = new ArrayList<>();
        synchronized (inHand) {
            left.addAll(inHand);
        }
        queue.forEach(waiting -> waiting.ifPresent(left::add));
        LOG.atError()
                .addKeyValue("channel", channel.name())
                .addKeyValue("notices", left.size())
                .addKeyValue("dropped", dropped.get())
                .log("Notices were not delivered before the end; what still holds is told after the next start");
        return left;
    }

    private void run() {
        try {
            while (!(closing && queue.isEmpty())) {
                Optional<Notice> next = take();
                if (next.isPresent()) {
                    pass(next.get());
                }
                flush(digest.due(clock.instant()), List.of());
            }
            flush(digest.rest(clock.instant()), List.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Notice> take() throws InterruptedException {
        Optional<Instant> end = digest.end();
        if (closing || end.isEmpty()) {
            return queue.take();
        }
        Duration wait = Duration.between(clock.instant(), end.get());
        Optional<Notice> next = queue.poll(Math.max(0, wait.toMillis()) + 1, TimeUnit.MILLISECONDS);
        return next == null ? Optional.empty() : next;
    }

    private void pass(Notice notice) throws InterruptedException {
        synchronized (inHand) {
            inHand.add(notice);
        }
        Instant now = clock.instant();
        flush(digest.due(now), List.of(notice));
        if (digest.passes(notice, now)) {
            send(wording.single(notice));
            synchronized (inHand) {
                inHand.remove(notice);
            }
        }
    }

    /** @param others in hand and none of those that were collected */
    private void flush(Optional<Digest.Collected> collected, List<Notice> others) throws InterruptedException {
        if (collected.isPresent()) {
            send(wording.digest(collected.get()));
            synchronized (inHand) {
                inHand.retainAll(others);
            }
        }
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            LOG.atError()
                    .addKeyValue("channel", channel.name())
                    .addKeyValue("notices", lost)
                    .log("Notices were dropped: the channel was too slow for them; see keyturn status");
        }
    }

    private void send(Message message) throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try {
                channel.deliver(message);
                return;
            } catch (DeliveryException e) {
                if (!e.worthAnotherTry() || attempt == PAUSES.size()) {
                    log(message, attempt + 1, "Notice not delivered: " + e.getMessage());
                    return;
                }
                Duration pause = PAUSES.get(attempt);
                Duration longest = PAUSES.get(PAUSES.size() - 1);
                Duration asked = e.notBefore().orElse(pause);
                sleeper.sleep(asked.compareTo(longest) > 0 ? longest : asked.compareTo(pause) > 0 ? asked : pause);
            } catch (RuntimeException | Error e) {
                // The library's, or a bug of ours; the thread has to live on for the notices to come.
                LOG.atError().setCause(e).addKeyValue("channel", channel.name()).log("Notice not delivered");
                return;
            }
        }
    }

    private void log(Message message, int attempts, String why) {
        LOG.atError()
                .addKeyValue("channel", channel.name())
                .addKeyValue("notice", message.subject())
                .addKeyValue("attempts", attempts)
                .log(why);
    }
}
