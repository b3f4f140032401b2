package dev.keyturn.notify;

import static dev.keyturn.notify.NoticeSamples.NOW;
import static dev.keyturn.notify.NoticeSamples.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.rotation.Notice;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OutboxTest {
    private static final Duration QUARTER = Duration.ofMinutes(15);

    private final CountedClock clock = new CountedClock();
    private final Line line = new Line();
    private final Outbox outbox = new Outbox(
            line,
            EnumSet.allOf(Notice.Kind.class),
            new Digest(1, QUARTER),
            new Wording("node"),
            clock,
            pause -> Thread.onSpinWait());

    @BeforeEach
    void start() {
        outbox.start();
    }

    @AfterEach
    void end() {
        line.free.countDown();
    }

    /** Who is told what is left tells it after the next start. */
    @Test
    void namesWhatWasUnderWayBehindADigestAsLeft() throws Exception {
        outbox.offer(failed("passes", NOW));
        line.next();
        outbox.offer(failed("is held back", NOW));
        clock.untilAskedFor(6);
        clock.now = NOW.plus(QUARTER);
        Notice last = failed("is under way", NOW);
        line.isDead = true;
        outbox.offer(last);
        assertThat(line.next()).contains("1 more notice");
        assertThat(line.next()).contains("is under way");

        outbox.close();

        assertThat(outbox.await(Duration.ofMillis(1))).containsExactly(last);
    }

    @Test
    void outlivesAnErrorOfItsChannel() throws Exception {
        line.isBroken = true;
        outbox.offer(failed("first", NOW));
        line.next();
        line.isBroken = false;
        clock.untilAskedFor(3);
        clock.now = NOW.plus(QUARTER);

        outbox.offer(failed("second", NOW));

        assertThat(line.next()).contains("second");
    }

    private static final class CountedClock extends Clock {
        private final AtomicInteger asked = new AtomicInteger();
        private volatile Instant now = NOW;

        /** Twice for each notice, and once to wait for the next. */
        void untilAskedFor(int times) {
            while (asked.get() < times && !Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
        }

        @Override
        public Instant instant() {
            Instant answer = now;
            asked.incrementAndGet();
            return answer;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** Takes each message, and once it is dead all but digests for ever. */
    private static final class Line implements Channel {
        private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
        private final CountDownLatch free = new CountDownLatch(1);
        private volatile boolean isDead;
        private volatile boolean isBroken;

        String next() throws InterruptedException {
            String subject = said.poll(30, TimeUnit.SECONDS);
            assertThat(subject).as("something is delivered").isNotNull();
            return subject;
        }

        @Override
        public String name() {
            return "line";
        }

        @Override
        public void deliver(Message message) throws InterruptedException {
            boolean broken = isBroken;
            said.add(message.subject());
            if (broken) {
                throw new NoClassDefFoundError("an upgrade replaced it");
            }
            if (isDead && !message.subject().contains("more notice")) {
                free.await();
            }
        }
    }
}
