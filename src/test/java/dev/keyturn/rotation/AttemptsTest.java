package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AttemptsTest {
    private final List<Duration> pauses = new ArrayList<>();
    private final Attempts attempts = new Attempts(pauses::add);
    private int calls;

    @Test
    void givesWhatTheCallGives() throws RemoteException {
        assertThat(attempts.<String>repeatable(() -> "yes")).isEqualTo("yes");
        assertThat(attempts.<String>careful(() -> "yes")).isEqualTo("yes");
        assertThat(pauses).isEmpty();
    }

    @Test
    void triesThreeTimesMoreWithGrowingPauses() {
        HostException down = new HostException(HostException.Fault.UNREACHABLE, "no route");

        assertThatThrownBy(() -> attempts.careful(() -> failing(down, 99))).isSameAs(down);

        assertThat(calls).isEqualTo(4);
        assertThat(pauses).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void endsWithTheFirstSuccess() throws RemoteException {
        HostException down = new HostException(HostException.Fault.UNREACHABLE, "no route");

        assertThat(attempts.careful(() -> failing(down, 2))).isEqualTo("done");

        assertThat(calls).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(HostException.Fault.class)
    void repeatsAfterEachFaultOnlyWhatMayBeRepeated(HostException.Fault fault) {
        HostException failure = new HostException(fault, "injected");
        switch (fault.disposition()) {
            case TRANSIENT -> {
                assertThat(callsOfRepeatable(failure)).isEqualTo(4);
                assertThat(callsOfCareful(failure)).isEqualTo(4);
            }
            case UNCLEAR -> {
                assertThat(callsOfRepeatable(failure)).isEqualTo(4);
                assertThat(callsOfCareful(failure)).isEqualTo(1);
            }
            case REFUSED -> {
                assertThat(callsOfRepeatable(failure)).isEqualTo(1);
                assertThat(callsOfCareful(failure)).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"PT5S, PT5S", "PT30S, PT30S"})
    void waitsAsLongAsTheOtherSideAsks(Duration asked, Duration waited) throws RemoteException {
        attempts.careful(() -> failing(limited(asked), 1));

        assertThat(pauses).containsExactly(waited);
    }

    @Test
    void givesUpWhereTheOtherSideAsksForMoreThanHalfAMinute() {
        DromoException limited = limited(Duration.ofMillis(30_001));

        assertThatThrownBy(() -> attempts.careful(() -> failing(limited, 1))).isSameAs(limited);

        assertThat(calls).isEqualTo(1);
        assertThat(pauses).isEmpty();
    }

    @Test
    void pausesItsOwnTimeWhereTheOtherSideAsksForLess() throws RemoteException {
        attempts.careful(() -> failing(limited(Duration.ZERO), 3));

        assertThat(pauses).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void anInterruptEndsItWithTheFailureAndStaysSet() {
        Attempts interrupted = new Attempts(duration -> {
            throw new InterruptedException();
        });
        HostException down = new HostException(HostException.Fault.UNREACHABLE, "no route");

        assertThatThrownBy(() -> interrupted.repeatable(() -> failing(down, 1))).isSameAs(down);

        assertThat(calls).isEqualTo(1);
        assertThat(Thread.interrupted()).isTrue();
    }

    private static DromoException limited(@Nullable Duration retryAfter) {
        return new DromoException(DromoException.Fault.RATE_LIMITED, "slow down", retryAfter, null);
    }

    private int callsOfRepeatable(RemoteException failure) {
        calls = 0;
        assertThatThrownBy(() -> attempts.repeatable(() -> {
                    failing(failure, 99);
                }))
                .isSameAs(failure);
        return calls;
    }

    private int callsOfCareful(RemoteException failure) {
        calls = 0;
        assertThatThrownBy(() -> attempts.careful(() -> failing(failure, 99))).isSameAs(failure);
        return calls;
    }

    private String failing(RemoteException failure, int times) throws RemoteException {
        if (calls++ < times) {
            throw failure;
        }
        return "done";
    }
}
