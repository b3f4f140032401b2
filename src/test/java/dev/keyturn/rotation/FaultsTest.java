package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultsTest {
    @ParameterizedTest
    @EnumSource(HostException.Fault.class)
    void eachFaultOfAHostSaysWhatToDo(HostException.Fault fault) {
        HostException failure = new HostException(fault, "sftp.example:22: it failed");

        assertThat(failure.hint()).isEqualTo(fault.hint()).matches("[^.].*\\S\\.");
        assertThat(failure.kind()).matches("[a-z]+(_[a-z]+)*");
        assertThat(failure.disposition()).isEqualTo(fault.disposition());
        assertThat(failure.retryAfter()).isEmpty();
        assertThat(failure).hasMessage("sftp.example:22: it failed").hasNoCause();
    }

    @ParameterizedTest
    @EnumSource(DromoException.Fault.class)
    void eachFaultOfDromoSaysWhatToDo(DromoException.Fault fault) {
        Exception cause = new Exception("below");
        DromoException failure = new DromoException(fault, "PUT: it failed", Duration.ofSeconds(3), cause);

        assertThat(failure.hint()).isEqualTo(fault.hint()).matches("[^.].*\\S\\.");
        assertThat(failure.kind()).matches("[a-z]+(_[a-z]+)*");
        assertThat(failure.disposition()).isEqualTo(fault.disposition());
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(3));
        assertThat(failure).hasMessage("PUT: it failed").hasCause(cause);
    }

    /** An answer that never came may have been a yes: what may have been applied is never taken for a clear no. */
    @Test
    void isUnclearWhereverTheChangeMayHaveBeenMade() {
        assertThat(Arrays.stream(DromoException.Fault.values())
                        .filter(fault -> fault.disposition() == RemoteException.Disposition.UNCLEAR))
                .containsExactly(
                        DromoException.Fault.NO_ANSWER,
                        DromoException.Fault.SERVER_ERROR,
                        DromoException.Fault.MALFORMED_ANSWER);
        assertThat(Arrays.stream(HostException.Fault.values())
                        .filter(fault -> fault.disposition() == RemoteException.Disposition.UNCLEAR))
                .contains(
                        HostException.Fault.CONNECTION_LOST,
                        HostException.Fault.READ_BACK,
                        HostException.Fault.COMMAND_TIMED_OUT,
                        HostException.Fault.PROTOCOL);
    }
}
