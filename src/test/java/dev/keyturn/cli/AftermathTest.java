package dev.keyturn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.daemon.Daemon;
import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.DaemonWorld;
import dev.keyturn.rotation.HostSlots;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Notices;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AftermathTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final DaemonWorld world = DaemonWorld.adopted().with("acme", DAY.multipliedBy(60), DAY);
    private final ManagedCredential acme = world.credentials().get(0);
    private final Daemon daemon = new Daemon(
            world.credentials(),
            new Daemon.Work(world.watchedRotator(), world.verifier()),
            world.records(),
            world.clock(),
            new Daemon.Capacity(2, new HostSlots(2)),
            Notices.NONE);
    private final Aftermath aftermath = Aftermath.of(daemon);

    @Test
    void theDaemonSettlesAtOnceWhatACommandLeftOpenThatBrokeOff() throws InterruptedException {
        daemon.start();
        AtomicReference<CountDownLatch> completed = new AtomicReference<>();

        assertThatExceptionOfType(StackOverflowError.class)
                .isThrownBy(() -> aftermath.begin(acme, () -> {
                    world.interrupt("acme");
                    completed.set(world.event("rotation.completed", "acme"));
                    throw new StackOverflowError("injected");
                }));

        assertThat(completed.get().await(60, TimeUnit.SECONDS)).isTrue();
        daemon.stop();
        assertThat(world.dromoLogsIn()).isTrue();
        assertThat(world.events(Optional.of("acme"))).containsOnlyOnce("rotation.started");
    }

    @Test
    void aBugIsThrownAlsoWhereTheDaemonCannotFollow() {
        IllegalStateException bug = new IllegalStateException("injected");
        JournalException full = new JournalException("injected: the disk is full");

        assertThatThrownBy(() -> aftermath.begin(acme, () -> {
                    world.beforeJournalCall(method -> {
                        throw full;
                    });
                    throw bug;
                }))
                .isSameAs(bug)
                .hasSuppressedException(full);
    }

    /** The daemon ends then, and nothing may be changed any more. */
    @Test
    void nothingIsScheduledWhereTheStoreFailed() {
        JournalException full = new JournalException("injected: the disk is full");
        world.beforeJournalCall(method -> {
            throw new AssertionError("asked for " + method);
        });

        assertThatThrownBy(() -> aftermath.begin(acme, () -> {
                    throw full;
                }))
                .isSameAs(full)
                .hasNoSuppressedExceptions();
    }

    @Test
    void beginsNothingOnceTheDaemonStops() {
        daemon.stop();

        assertThatExceptionOfType(BusyException.class)
                .isThrownBy(() -> aftermath.begin(acme, () -> {
                    throw new AssertionError("it was begun");
                }));
        assertThat(world.events(Optional.of("acme"))).isEmpty();
    }
}
