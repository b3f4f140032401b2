package dev.keyturn.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.policy.Verify.OnDrift;
import dev.keyturn.rotation.Actor;
import dev.keyturn.rotation.AuditException;
import dev.keyturn.rotation.DaemonWorld;
import dev.keyturn.rotation.HostSlots;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Notice;
import dev.keyturn.rotation.Notices;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DaemonTest {
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void rotatesWhatIsDue() {
        DaemonWorld world = DaemonWorld.adopted().with("due", DAY, DAY.multipliedBy(2));
        CountDownLatch completed = world.event("rotation.completed", "due");
        Daemon daemon = daemon(world);
        daemon.start();

        await(completed);
        daemon.stop();

        assertThat(world.dromoLogsIn()).isTrue();
        assertThat(world.events(Optional.of("due"))).containsOnlyOnce("rotation.started", "rotation.completed");
        assertThat(world.events(Optional.empty())).containsExactly("daemon.started", "daemon.stopped");
    }

    /** Two workers and one slot: those that find the host busy wait until it is their turn, and nobody is left out. */
    @Test
    void comesToEachOnABusyHost() {
        DaemonWorld world = DaemonWorld.adopted()
                .with("a", DAY, DAY.multipliedBy(2))
                .with("b", DAY, DAY.multipliedBy(2))
                .with("c", DAY, DAY.multipliedBy(2))
                .with("d", DAY, DAY.multipliedBy(2));
        HostSlots one = new HostSlots(1);
        // Somebody else has it until all have asked.
        assertThat(one.take(world.credentials().get(0).account())).isTrue();
        List<CountDownLatch> begun = Stream.of("a", "b", "c", "d")
                .map(name -> world.event("rotation.started", name))
                .toList();
        Daemon daemon = daemon(world, world.credentials(), one, Notices.NONE);
        daemon.start();

        one.giveBack(world.credentials().get(0).account());

        begun.forEach(DaemonTest::await);
        daemon.stop();
    }

    @Test
    void rotatesWhatADriftWasFoundOfWhereThePolicySaysSo() {
        DaemonWorld world = DaemonWorld.adopted().withVerify("acme", OnDrift.ROTATE);
        world.drift();
        CountDownLatch completed = world.event("rotation.completed", "acme");
        Daemon daemon = daemon(world);
        daemon.start();

        await(completed);
        daemon.stop();

        assertThat(world.events(Optional.of("acme"))).startsWith("credential.drifted", "rotation.started");
        assertThat(world.actor("rotation.started")).isEqualTo(Actor.DRIFT);
        assertThat(world.facts("acme").lastRotation().orElseThrow().reason()).isEqualTo("drift");
        assertThat(world.facts("acme").drifted()).isFalse();
        assertThat(world.dromoLogsIn()).isTrue();
    }

    @Test
    void onlyTellsOfADriftWhereThePolicySaysNoMore() {
        DaemonWorld world = DaemonWorld.adopted().withVerify("acme", OnDrift.ALERT);
        world.drift();
        CountDownLatch drifted = world.event("credential.drifted", "acme");
        Daemon daemon = daemon(world);
        daemon.start();

        await(drifted);
        daemon.stop();

        assertThat(world.events(Optional.of("acme"))).doesNotContain("rotation.started");
    }

    @Test
    void aStartRotatesNothingThatIsNotDue() {
        DaemonWorld world = DaemonWorld.adopted()
                .with("not-due", DAY.multipliedBy(3), DAY.multipliedBy(2))
                .with("due", DAY, DAY.multipliedBy(2));
        CountDownLatch completed = world.event("rotation.completed", "due");
        Daemon daemon = daemon(world);
        daemon.start();

        await(completed);
        daemon.stop();

        assertThat(world.events(Optional.of("not-due"))).isEmpty();
    }

    @Test
    void settlesAnInterruptedRotationThoughNothingIsDue() {
        completesOnceAtTheStartAfter(world -> world.interrupt("acme"));
    }

    @Test
    void replacesACompromisedSecretThatACommandWasKilledOver() {
        completesOnceAtTheStartAfter(world -> world.compromised("acme"));
    }

    private static void completesOnceAtTheStartAfter(Consumer<DaemonWorld> what) {
        DaemonWorld world = DaemonWorld.adopted().with("acme", DAY.multipliedBy(3), DAY.multipliedBy(2));
        what.accept(world);
        CountDownLatch completed = world.event("rotation.completed", "acme");
        Daemon daemon = daemon(world);
        daemon.start();

        await(completed);
        daemon.stop();

        assertThat(world.dromoLogsIn()).isTrue();
        assertThat(world.events(Optional.of("acme"))).containsOnlyOnce("rotation.started");
    }

    @Test
    void beginsNothingThatWasNeverAdopted() {
        DaemonWorld world = DaemonWorld.neverAdopted()
                .withUnadopted("unadopted", DAY, DAY.multipliedBy(2))
                .with("due", DAY, DAY.multipliedBy(2));
        CountDownLatch completed = world.event("rotation.completed", "due");
        Daemon daemon = daemon(world);
        daemon.start();

        await(completed);
        daemon.stop();

        assertThat(world.events(Optional.of("unadopted"))).isEmpty();
    }

    @Test
    void endsWhereTheAuditLogCannotBeWritten() {
        DaemonWorld world = DaemonWorld.adopted().with("due", DAY, DAY.multipliedBy(2));
        world.beforeJournalCall(method -> {
            if (method.equals("lease")) {
                world.breakAuditLog();
            }
        });
        Daemon daemon = daemon(world);
        daemon.start();

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(daemon::await)
                .withCauseInstanceOf(AuditException.class);
        daemon.stop();

        assertThat(world.callsOnTheHost()).isZero();
    }

    @Test
    void endsWhereTheJournalCannotBeWritten() {
        DaemonWorld world = DaemonWorld.adopted().with("due", DAY, DAY.multipliedBy(2));
        world.beforeJournalCall(method -> {
            if (method.equals("write")) {
                throw new JournalException("injected: the disk is full");
            }
        });
        Daemon daemon = daemon(world);
        daemon.start();

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(daemon::await)
                .withCauseInstanceOf(JournalException.class);
        daemon.stop();

        assertThat(world.callsOnTheHost()).isZero();
    }

    @Test
    void startsNothingWhereTheStartCannotBeWrittenDown() {
        DaemonWorld world = DaemonWorld.adopted().with("due", DAY, DAY.multipliedBy(2));
        world.breakAuditLog();
        Daemon daemon = daemon(world);

        assertThatThrownBy(daemon::start).isInstanceOf(AuditException.class);
        assertThatThrownBy(daemon::stop).isInstanceOf(AuditException.class);

        assertThat(world.callsOnTheHost()).isZero();
    }

    @Test
    void comesBackAfterABugOfOurOwn() {
        DaemonWorld world = DaemonWorld.adopted().with("due", DAY, DAY.multipliedBy(2));
        CountDownLatch completed = world.event("rotation.completed", "due");
        AtomicInteger leases = new AtomicInteger();
        world.beforeJournalCall(method -> {
            if (method.equals("lease") && leases.getAndIncrement() == 0) {
                throw new IllegalStateException("injected");
            }
        });
        Daemon daemon = daemon(world);
        daemon.start();

        await(completed);
        daemon.stop();

        assertThat(world.dromoLogsIn()).isTrue();
    }

    @Test
    void comesBackAfterAnErrorInTheMiddleOfARotationAndTellsOfIt() {
        DaemonWorld world = DaemonWorld.adopted().with("due", DAY, DAY.multipliedBy(2));
        CountDownLatch completed = world.event("rotation.completed", "due");
        AtomicInteger writes = new AtomicInteger();
        world.beforeJournalCall(method -> {
            // Time goes on, or no retry would ever be due.
            world.advance(Duration.ofMillis(20));
            if (method.equals("write") && writes.getAndIncrement() == 2) {
                throw new OutOfMemoryError("injected: unable to create native thread");
            }
        });
        RecordedNotices notices = new RecordedNotices();
        Daemon daemon = daemon(world, notices);
        daemon.start();

        await(completed);
        daemon.stop();

        assertThat(world.dromoLogsIn()).isTrue();
        assertThat(notices.raised)
                .extracting(Notice::message)
                .contains("due: its turn met a bug of Keyturn (OutOfMemoryError)");
    }

    /** The second try would follow at once, and the next, as long as the other process has the credential. */
    @Test
    void doesNotHammerACredentialThatAnotherProcessHolds() throws InterruptedException {
        DaemonWorld world = DaemonWorld.adopted().with("due", DAY, DAY.multipliedBy(2));
        world.leaseElsewhere("due");
        CountDownLatch once = new CountDownLatch(1);
        CountDownLatch again = new CountDownLatch(3);
        world.beforeJournalCall(method -> {
            if (method.equals("lease")) {
                once.countDown();
                again.countDown();
            }
        });
        Daemon daemon = daemon(world);
        daemon.start();
        await(once);

        assertThat(again.await(500, TimeUnit.MILLISECONDS)).isFalse();
        daemon.stop();
    }

    @Test
    void endsTheWaitEvenWhereTheStopCannotBeWrittenDown() {
        DaemonWorld world = DaemonWorld.adopted();
        Daemon daemon = daemon(world);
        daemon.start();
        world.breakAuditLog();

        assertThatThrownBy(daemon::stop).isInstanceOf(AuditException.class);

        daemon.await();
    }

    @Test
    void stopsOnce() {
        DaemonWorld world = DaemonWorld.adopted();
        Daemon daemon = daemon(world);
        daemon.start();

        daemon.stop();
        daemon.stop();
        daemon.await();

        assertThat(world.events(Optional.empty())).containsExactly("daemon.started", "daemon.stopped");
    }

    @Test
    void stopLetsWhatIsInFlightComeToItsEnd() {
        DaemonWorld world = DaemonWorld.adopted().with("due", DAY, DAY.multipliedBy(2));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        world.beforeJournalCall(method -> {
            if (method.equals("write")) {
                begun.countDown();
                await(mayGoOn);
            }
        });
        Daemon daemon = daemon(world);
        daemon.start();
        await(begun);
        Thread stopping = new Thread(daemon::stop);
        stopping.start();
        while (stopping.getState() != Thread.State.WAITING && stopping.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        mayGoOn.countDown();
        daemon.await();

        assertThat(world.events(Optional.of("due"))).contains("rotation.completed");
        assertThat(world.events(Optional.empty())).containsExactly("daemon.started", "daemon.stopped");
    }

    @Test
    void tellsThatAnInterruptedRotationWasSettledAndWhatIsOverThen() {
        DaemonWorld world = DaemonWorld.adopted().with("acme", DAY.multipliedBy(3), DAY.multipliedBy(2));
        world.interrupt("acme");
        RecordedNotices notices = new RecordedNotices();
        CountDownLatch settled = notices.raised(Notice.Kind.RECOVERED);
        Daemon daemon = daemon(world, notices);
        daemon.start();

        await(settled);
        daemon.stop();

        assertThat(notices.raised)
                .extracting(Notice::message)
                .containsExactly("acme: a rotation that was interrupted was settled, as completed");
        assertThat(notices.over).contains("acme FAILED", "acme DRIFT", "acme OVERDUE");
    }

    @Test
    void tellsThatItEndsWhereTheAuditLogCannotBeWritten() {
        DaemonWorld world = DaemonWorld.adopted().with("due", DAY, DAY.multipliedBy(2));
        world.beforeJournalCall(method -> {
            if (method.equals("lease")) {
                world.breakAuditLog();
            }
        });
        RecordedNotices notices = new RecordedNotices();
        Daemon daemon = daemon(world, notices);
        daemon.start();

        assertThatExceptionOfType(CompletionException.class).isThrownBy(daemon::await);
        daemon.stop();

        assertThat(notices.raised).anySatisfy(notice -> {
            assertThat(notice.credential()).isEmpty();
            assertThat(notice.reference().failure()).contains("audit_log");
            assertThat(notice.message()).startsWith("the daemon ends and changes nothing more: ");
        });
    }

    /** Else its next end would be taken for the one that was told. systemd may start it again each ten seconds. */
    @Test
    void tellsThatItRunsAgainOnceItHasGoneOnForAWhile() {
        DaemonWorld world = DaemonWorld.adopted();
        RecordedNotices notices = new RecordedNotices();
        Daemon daemon = daemon(world, notices);

        daemon.lookAtAll();
        assertThat(notices.over).doesNotContain("- FAILED");
        daemon.lookAtAll();
        assertThat(notices.over).containsOnlyOnce("- FAILED");
        daemon.abort(new JournalException("injected: the disk is full"));
        daemon.lookAtAll();
        assertThat(notices.over).containsOnlyOnce("- FAILED");
    }

    /** Remembers what it is told. */
    private static final class RecordedNotices implements Notices {
        private final List<Notice> raised = new CopyOnWriteArrayList<>();
        private final List<String> over = new CopyOnWriteArrayList<>();
        private volatile CountDownLatch latch = new CountDownLatch(0);
        private volatile Notice.Kind awaited = Notice.Kind.FAILED;

        CountDownLatch raised(Notice.Kind kind) {
            awaited = kind;
            latch = new CountDownLatch(1);
            return latch;
        }

        @Override
        public void raise(Notice notice) {
            raised.add(notice);
            if (notice.kind() == awaited) {
                latch.countDown();
            }
        }

        @Override
        public void over(Set<Notice.Kind> troubles, Notice recovered) {
            troubles.forEach(kind -> over.add(recovered.credential().orElse("-") + " " + kind));
        }
    }

    /** Nothing is written of such a failure, so nothing in the journal says to wait. */
    @Test
    void doesNotTryAtOnceAgainWhatTheConfigurationForbids() {
        DaemonWorld world = DaemonWorld.adopted()
                .with("due", DAY, Duration.ZERO)
                .leaked("due")
                .with("acme", DAY, Duration.ZERO);
        world.interrupt("acme");
        AtomicInteger leases = new AtomicInteger();
        CountDownLatch tried = new CountDownLatch(1);
        CountDownLatch completed = world.event("rotation.completed", "due");
        world.beforeJournalCall(method -> {
            if (method.equals("lease")) {
                leases.incrementAndGet();
                tried.countDown();
            }
        });
        Daemon daemon = daemon(world, List.of(world.withAnotherRecord("acme")));
        daemon.start();
        await(tried);

        daemon.reload(
                List.of(world.withAnotherRecord("acme"), world.credentials().get(0)));
        await(completed);
        daemon.stop();

        assertThat(leases)
                .as("one at the start and one after the reload, and two for the other")
                .hasValueLessThanOrEqualTo(4);
    }

    @Test
    void rotatesWhatAReloadAddedAndIsDue() {
        DaemonWorld world =
                DaemonWorld.adopted().with("kept", DAY, Duration.ZERO).with("due", DAY, Duration.ZERO);
        world.leaked("due");
        CountDownLatch completed = world.event("rotation.completed", "due");
        Daemon daemon = daemon(world, world.credentials().subList(0, 1));
        daemon.start();

        daemon.reload(world.credentials());
        await(completed);
        daemon.stop();

        assertThat(world.events(Optional.of("kept"))).isEmpty();
    }

    /** The dates of the time in which it was not configured were never promised. */
    @Test
    void rotatesNothingAtOnceOfWhatAReloadPutsBack() {
        DaemonWorld world =
                DaemonWorld.adopted().with("leaked", DAY, Duration.ZERO).with("back", DAY, DAY.multipliedBy(3));
        world.leaked("leaked");
        CountDownLatch completed = world.event("rotation.completed", "leaked");
        Daemon daemon = daemon(world, List.of());
        daemon.start();

        daemon.reload(world.credentials());
        await(completed);
        daemon.stop();

        assertThat(world.events(Optional.of("back"))).isEmpty();
    }

    /** Its retry stands a year off, by the clock that was ahead when it failed. */
    @Test
    void comesBackAtOnceToWhatFailedWhileTheClockWasAYearAhead() {
        DaemonWorld world = DaemonWorld.adopted().with("due", DAY, DAY.multipliedBy(2));
        world.advance(DAY.multipliedBy(365));
        world.hostIsAway();
        HostSlots one = new HostSlots(1);
        Daemon daemon = daemon(world, world.credentials(), one, Notices.NONE);
        CountDownLatch failed = world.event("rotation.failed", "due");
        daemon.start();
        await(failed);
        while (!one.take(world.credentials().get(0).account())) {
            Thread.onSpinWait();
        }
        one.giveBack(world.credentials().get(0).account());

        CountDownLatch settled = world.event("rotation.rolled_back", "due");
        world.hostIsBack();
        // And by the pauses between the tries of a step, which were none for Quartz.
        world.advance(DAY.multipliedBy(-365).minusHours(1));
        daemon.lookAtTheClock();

        await(settled);
        daemon.stop();
    }

    @Test
    void leavesAloneWhatAReloadRemoved() {
        DaemonWorld world =
                DaemonWorld.adopted().with("removed", DAY, DAY.multipliedBy(3)).with("due", DAY, DAY.multipliedBy(2));
        CountDownLatch completed = world.event("rotation.completed", "due");
        Daemon daemon = daemon(world);

        daemon.reload(world.credentials().subList(1, 2));
        daemon.start();
        await(completed);
        daemon.stop();

        assertThat(world.events(Optional.of("removed"))).isEmpty();
    }

    @Test
    void keepsItsCredentialsWhereTheStoreFailsInAReload() {
        DaemonWorld world = DaemonWorld.adopted().with("due", DAY, DAY.multipliedBy(2));
        CountDownLatch completed = world.event("rotation.completed", "due");
        Daemon daemon = daemon(world);
        world.beforeJournalCall(method -> {
            throw new JournalException("injected: the disk is full");
        });

        assertThatExceptionOfType(JournalException.class).isThrownBy(() -> daemon.reload(List.of()));

        world.beforeJournalCall(method -> {});
        daemon.start();
        await(completed);
        daemon.stop();
    }

    private static Daemon daemon(DaemonWorld world) {
        return daemon(world, world.credentials(), Notices.NONE);
    }

    private static Daemon daemon(DaemonWorld world, List<ManagedCredential> credentials) {
        return daemon(world, credentials, Notices.NONE);
    }

    private static Daemon daemon(DaemonWorld world, Notices notices) {
        return daemon(world, world.credentials(), notices);
    }

    private static Daemon daemon(DaemonWorld world, List<ManagedCredential> credentials, Notices notices) {
        return daemon(world, credentials, new HostSlots(2), notices);
    }

    private static Daemon daemon(
            DaemonWorld world, List<ManagedCredential> credentials, HostSlots slots, Notices notices) {
        return new Daemon(
                credentials,
                new Daemon.Work(world.watchedRotator(), world.verifier()),
                world.records(),
                world.clock(),
                new Daemon.Capacity(2, slots),
                notices);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
