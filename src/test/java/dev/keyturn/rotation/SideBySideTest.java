package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SideBySideTest {
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());

    @Test
    void doesEachOnce() throws Exception {
        new SideBySide(4, new HostSlots(2)).run(credentials(20, "a", "b", "c"), c -> done.add(c.name()));

        assertThat(done).hasSize(60).doesNotHaveDuplicates();
    }

    @Test
    void hasNothingToDoForNone() throws Exception {
        new SideBySide(4, new HostSlots(2)).run(List.of(), c -> done.add(c.name()));

        assertThat(done).isEmpty();
    }

    /** Each waits for so many others as may run at once: fewer would never come together, and more are counted. */
    @Test
    void fillsTheHostAndNeverMore() throws Exception {
        Count inWork = new Count();
        CyclicBarrier pair = new CyclicBarrier(2);
        new SideBySide(8, new HostSlots(2)).run(credentials(10, "a"), c -> inWork.during("a", () -> await(pair)));

        assertThat(inWork.most("a")).isEqualTo(2);
    }

    @Test
    void fillsTheWorkersAndNeverMore() throws Exception {
        Count inWork = new Count();
        CyclicBarrier three = new CyclicBarrier(3);
        new SideBySide(3, new HostSlots(2))
                .run(credentials(3, "a", "b", "c", "d"), c -> inWork.during("all", () -> await(three)));

        assertThat(inWork.most("all")).isEqualTo(3);
    }

    @Test
    void goesOnElsewhereWhileAHostIsBusy() throws Exception {
        CountDownLatch others = new CountDownLatch(10);
        List<ManagedCredential> credentials = new ArrayList<>(credentials(10, "busy"));
        credentials.addAll(credentials(10, "idle"));

        new SideBySide(2, new HostSlots(1)).run(credentials, c -> {
            if (c.account().hostname().equals("busy")) {
                await(others);
            } else {
                others.countDown();
            }
            done.add(c.name());
        });

        assertThat(done).hasSize(20);
        assertThat(done.subList(0, 9)).allMatch(name -> name.startsWith("idle"));
    }

    @Test
    void portsOfOneNameAreHostsOfTheirOwn() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        List<ManagedCredential> credentials = List.of(credential("x", "a", 22), credential("y", "a", 2222));

        new SideBySide(2, new HostSlots(1)).run(credentials, c -> await(together));

        assertThat(together.isBroken()).isFalse();
    }

    @Test
    void anExceptionEndsItAndIsThrownHere() {
        RuntimeException broken = new JournalException("the disk is full");

        assertThatThrownBy(() -> new SideBySide(1, new HostSlots(1)).run(credentials(5, "a"), c -> {
                    done.add(c.name());
                    if (done.size() == 2) {
                        throw broken;
                    }
                }))
                .isSameAs(broken);
        assertThat(done).hasSize(2);
    }

    @Test
    void anErrorIsThrownHereTooInsteadOfPassingForDone() {
        Error broken = new CrashPoints.Killed("here");

        assertThatThrownBy(() -> new SideBySide(2, new HostSlots(1)).run(credentials(5, "a"), c -> {
                    throw broken;
                }))
                .isSameAs(broken);
    }

    @Test
    void finishesWhatIsInWorkWhenAnotherFails() {
        CountDownLatch failed = new CountDownLatch(1);
        CyclicBarrier together = new CyclicBarrier(2);

        assertThatThrownBy(() -> new SideBySide(2, new HostSlots(1)).run(credentials(1, "a", "b"), c -> {
                    await(together);
                    if (c.account().hostname().equals("a")) {
                        failed.countDown();
                        throw new JournalException("the disk is full");
                    }
                    await(failed);
                    done.add(c.name());
                }))
                .isInstanceOf(JournalException.class);
        assertThat(done).containsExactly("b-0");
    }

    @Test
    void givesTheSlotsBackAfterAFailure() {
        HostSlots slots = new HostSlots(1);
        Account account = credential("x", "a", 22).account();

        assertThatThrownBy(() -> new SideBySide(1, slots).run(credentials(1, "a"), c -> {
                    throw new JournalException("the disk is full");
                }))
                .isInstanceOf(JournalException.class);

        assertThat(slots.take(account)).isTrue();
    }

    /** The daemon's own turns and an operator's command may share the slots. */
    @Test
    void goesOnWhenSomebodyElseGivesASlotBack() throws Exception {
        HostSlots slots = new HostSlots(1);
        ManagedCredential one = credential("x", "a", 22);
        assertThat(slots.take(one.account())).isTrue();
        FutureTask<Void> running = new FutureTask<>(() -> {
            new SideBySide(1, slots).run(List.of(one), c -> done.add(c.name()));
            return null;
        });
        Thread thread = new Thread(running);
        thread.start();
        untilAWorkerWaits();

        slots.giveBack(one.account());

        running.get(60, TimeUnit.SECONDS);
        assertThat(done).containsExactly("x");
    }

    @Test
    void anInterruptInterruptsTheWorkersAndWaitsForThem() throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch never = new CountDownLatch(1);
        FutureTask<Void> running = new FutureTask<>(() -> {
            new SideBySide(2, new HostSlots(2)).run(credentials(5, "a"), c -> {
                begun.countDown();
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                done.add(c.name());
            });
            return null;
        });
        Thread thread = new Thread(running);
        thread.start();
        await(begun);

        thread.interrupt();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> running.get(60, TimeUnit.SECONDS))
                .withCauseInstanceOf(InterruptedException.class);
        assertThat(done).hasSize(2);
    }

    @Test
    void refusesLimitsUnderWhichNothingWouldEverRun() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SideBySide(0, new HostSlots(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new HostSlots(0));
    }

    @Test
    void countsSlotsForEachHost() {
        HostSlots slots = new HostSlots(2);
        Account a = new Account("a", 22, "one");
        Account sameHost = new Account("a", 22, "two");
        Account other = new Account("b", 22, "one");

        assertThat(slots.take(a)).isTrue();
        assertThat(slots.take(sameHost)).isTrue();
        assertThat(slots.take(a)).isFalse();
        assertThat(slots.take(other)).isTrue();
        slots.giveBack(sameHost);
        assertThat(slots.take(a)).isTrue();
        assertThat(slots.take(a)).isFalse();
    }

    /** One who gives back more than was taken makes no room. */
    @Test
    void givingBackTooOftenMakesNoRoom() {
        HostSlots slots = new HostSlots(1);
        Account a = new Account("a", 22, "one");
        slots.giveBack(a);

        assertThat(slots.take(a)).isTrue();
        assertThat(slots.take(a)).isFalse();
    }

    private static void untilAWorkerWaits() {
        while (Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().startsWith("worker-") && t.getState() == Thread.State.WAITING)) {
            Thread.onSpinWait();
        }
    }

    private static List<ManagedCredential> credentials(int each, String... hosts) {
        List<ManagedCredential> credentials = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            for (String host : hosts) {
                credentials.add(credential(host + "-" + i, host, 22));
            }
        }
        return credentials;
    }

    private static ManagedCredential credential(String name, String host, int port) {
        ManagedCredential like = World.withKey().credential;
        return new ManagedCredential(
                name,
                like.policy(),
                like.dromoId(),
                new Account(host, port, name),
                like.hostKey(),
                like.install(),
                like.probeDirectory(),
                Map.of());
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("they never came together", e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** How many are in work at once, and how many at most were. */
    private static final class Count {
        private final Map<String, AtomicInteger> now = new ConcurrentHashMap<>();
        private final Map<String, Integer> most = new ConcurrentHashMap<>();

        void during(String what, Runnable work) {
            AtomicInteger count = now.computeIfAbsent(what, w -> new AtomicInteger());
            most.merge(what, count.incrementAndGet(), Math::max);
            work.run();
            count.decrementAndGet();
        }

        int most(String what) {
            return most.getOrDefault(what, 0);
        }
    }
}
