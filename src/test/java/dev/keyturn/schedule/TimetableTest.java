package dev.keyturn.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TimetableTest {
    private static final Instant PAST = Instant.parse("2020-01-01T00:00:00Z");

    private final List<String> turns = Collections.synchronizedList(new ArrayList<>());

    @Test
    void callsATurnThatHasPassedAtOnceAndOnlyOnce() throws Exception {
        CountDownLatch called = new CountDownLatch(2);
        try (Timetable timetable = new Timetable(1, name -> {
            turns.add(name);
            called.countDown();
        })) {
            timetable.set("acme", PAST);
            timetable.set("beta", Instant.EPOCH.plusSeconds(1_600_000_000));
            timetable.start();
            await(called);
        }

        assertThat(turns).containsExactlyInAnyOrder("acme", "beta");
    }

    @Test
    void callsNothingBeforeItIsStarted() {
        try (Timetable timetable = new Timetable(1, turns::add)) {
            timetable.set("acme", PAST);
        }

        assertThat(turns).isEmpty();
    }

    @Test
    void leavesWhatIsNotDueAlone() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        try (Timetable timetable = new Timetable(1, name -> {
            turns.add(name);
            called.countDown();
        })) {
            timetable.set("later", Instant.now().plus(Duration.ofDays(36500)));
            timetable.set("now", PAST);
            timetable.start();
            await(called);
        }

        assertThat(turns).containsExactly("now");
    }

    /** What was interrupted is set to the earliest instant of all, and has to come before what is merely overdue. */
    @Test
    void takesTheEarliestFirst() throws Exception {
        CountDownLatch called = new CountDownLatch(4);
        try (Timetable timetable = new Timetable(1, name -> {
            turns.add(name);
            called.countDown();
        })) {
            timetable.set("a", PAST.plusSeconds(20));
            timetable.set("b", PAST.plusSeconds(10));
            timetable.set("c", PAST);
            timetable.set("z", Instant.EPOCH);
            timetable.start();
            await(called);
        }

        assertThat(turns).containsExactly("z", "c", "b", "a");
    }

    @Test
    void replacesTheTurnThatACredentialHad() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        try (Timetable timetable = new Timetable(1, name -> {
            turns.add(name);
            called.countDown();
        })) {
            timetable.set("acme", PAST);
            timetable.set("acme", Instant.now().plus(Duration.ofDays(1)));
            timetable.set("late", Instant.now().plus(Duration.ofDays(1)));
            timetable.set("late", PAST);
            timetable.start();
            await(called);
        }

        assertThat(turns).containsExactly("late");
    }

    /** Quartz has only those of the next hour; one that is put off or brought forward changes sides. */
    @Test
    void changesATurnWhereverItIsKept() throws Exception {
        CountDownLatch called = new CountDownLatch(2);
        CountDownLatch putOff = new CountDownLatch(1);
        try (Timetable timetable = new Timetable(2, name -> {
            turns.add(name);
            called.countDown();
            awaitQuietly(putOff);
        })) {
            Instant now = Instant.now();
            timetable.set("first", PAST);
            timetable.set("brought-forward", now.plus(Duration.ofDays(3)));
            timetable.start();
            timetable.set("put-off", now.plus(Duration.ofMinutes(1)));
            timetable.set("put-off", now.plus(Duration.ofDays(3)));
            timetable.set("put-off", now.plus(Duration.ofDays(4)));
            timetable.set("brought-forward", PAST);
            await(called);
            putOff.countDown();
        }

        assertThat(turns).containsExactlyInAnyOrder("first", "brought-forward");
    }

    /** A clock that was a year ahead had Quartz take the turns of that year, and look ahead again after it. */
    @Test
    void looksAgainWhereTheClockWasSetBack() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch called = new CountDownLatch(2);
        try (Timetable timetable = new Timetable(1, name -> {
            started.countDown();
            called.countDown();
        })) {
            Instant now = Instant.now();
            timetable.set("first", PAST);
            timetable.set("later", now.plus(Duration.ofDays(2)));
            timetable.start();
            await(started);
            timetable.lookAhead(now.plus(Duration.ofDays(365)));
            assertThat(timetable.later()).isZero();

            timetable.lookAgain();
            timetable.set("later", now.plus(Duration.ofDays(2)));
            timetable.set("second", PAST);
            await(called);

            assertThat(timetable.later()).isEqualTo(1);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aTurnMaySetTheNext() throws Exception {
        CountDownLatch called = new CountDownLatch(3);
        Timetable[] self = new Timetable[1];
        try (Timetable timetable = new Timetable(1, name -> {
            called.countDown();
            if (called.getCount() > 0) {
                self[0].set(name, PAST);
            }
        })) {
            self[0] = timetable;
            timetable.set("acme", PAST);
            timetable.start();

            await(called);
        }
    }

    @Test
    void aTurnThatThrowsDoesNotEndTheOthers() throws Exception {
        CountDownLatch called = new CountDownLatch(2);
        try (Timetable timetable = new Timetable(1, name -> {
            called.countDown();
            throw new IllegalStateException("injected");
        })) {
            timetable.set("acme", PAST);
            timetable.set("beta", PAST);
            timetable.start();

            await(called);
        }
    }

    @Test
    void runsAsManyAtOnceAsItHasThreads() throws Exception {
        CountDownLatch together = new CountDownLatch(3);
        try (Timetable timetable = new Timetable(3, name -> {
            together.countDown();
            await(together);
            turns.add(name);
        })) {
            List.of("a", "b", "c").forEach(name -> timetable.set(name, PAST));
            timetable.start();
            await(together);
        }

        assertThat(turns).hasSize(3);
    }

    @Test
    void closeWaitsForTheTurnsThatRun() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Timetable timetable = new Timetable(1, name -> {
            running.countDown();
            await(mayEnd);
            ended.set(true);
        });
        timetable.set("acme", PAST);
        timetable.start();
        await(running);
        AtomicBoolean endedBeforeClose = new AtomicBoolean();
        Thread closer = new Thread(() -> {
            timetable.close();
            endedBeforeClose.set(ended.get());
        });
        closer.start();
        while (closer.getState() != Thread.State.WAITING && closer.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        mayEnd.countDown();
        closer.join();

        assertThat(endedBeforeClose).isTrue();
    }

    /** Quartz keeps schedulers by name: one of the same name would be the same. */
    @Test
    void twoTimetablesKnowNothingOfEachOther() throws Exception {
        Set<String> first = ConcurrentHashMap.newKeySet();
        Set<String> second = ConcurrentHashMap.newKeySet();
        CountDownLatch called = new CountDownLatch(2);
        try (Timetable one = new Timetable(1, name -> {
                    first.add(name);
                    called.countDown();
                });
                Timetable other = new Timetable(1, name -> {
                    second.add(name);
                    called.countDown();
                })) {
            one.set("acme", PAST);
            other.set("beta", PAST);
            one.start();
            other.start();
            await(called);
        }

        assertThat(first).containsExactly("acme");
        assertThat(second).containsExactly("beta");
    }

    @Test
    void setIsThreadSafe() throws Exception {
        try (Timetable timetable = new Timetable(1, turns::add)) {
            List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = new ArrayList<>();
            CountDownLatch go = new CountDownLatch(1);
            for (int i = 0; i < 8; i++) {
                Thread thread = new Thread(() -> {
                    await(go);
                    for (int n = 0; n < 200; n++) {
                        timetable.set("credential-" + n, Instant.now().plus(Duration.ofDays(1)));
                    }
                });
                thread.setUncaughtExceptionHandler((t, e) -> thrown.add(e));
                thread.start();
                threads.add(thread);
            }
            go.countDown();
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(thrown).isEmpty();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
