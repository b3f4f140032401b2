package dev.keyturn.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.rotation.HostVisit;
import dev.keyturn.rotation.Predecessor;
import dev.keyturn.sandbox.HostStep;
import dev.keyturn.sandbox.SftpFault;
import dev.keyturn.secret.LoginSecret;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A host that begins a key exchange after the login and says nothing more. JSch sends nothing else until the exchange
 * is over, so that whoever writes waits, without an end and deaf to interrupts.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StalledKeyExchangeTest {
    private final LoginSecret.KeyPair old = TestCredentials.newKey();
    private final SshHosts hosts = StandInHost.hosts(new SshTimeouts(Duration.ofSeconds(20), Duration.ofSeconds(5)));

    private StandInHost stalling;
    private HostVisit visit;

    @BeforeEach
    void stall() throws Exception {
        stalling = new StandInHost();
        stalling.with("dromo", old);
        visit = hosts.visit(stalling.keyOf("dromo"));
        visit.login(old, List.of());
        stalling.host.stallInKeyExchange();
    }

    @AfterEach
    void stop() throws Exception {
        hosts.close();
        stalling.close();
    }

    @Test
    void isGivenUpInTime() {
        assertGivenUp(visit);
    }

    /** Else one such host ends all deadlines of the daemon. */
    @Test
    void keepsNoOtherHostFromBeingGivenUp() throws Exception {
        try (StandInHost hanging = new StandInHost()) {
            hanging.with("dromo", old);
            try (HostVisit other = hosts.visit(hanging.keyOf("dromo"))) {
                other.preflight(Predecessor.of(old));
                hanging.host.faults().always(SftpFault.hangBefore(HostStep.READ));

                assertGivenUp(visit);
                assertGivenUp(other);
            }
        }
    }

    @Test
    void isLeftWithoutAGoodbye() {
        assertThatCode(visit::close).doesNotThrowAnyException();
    }

    private void assertGivenUp(HostVisit given) {
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> given.preflight(Predecessor.of(old)))
                .satisfies(e -> assertThat(e.fault()).as(e.getMessage()).isEqualTo(Fault.CONNECTION_LOST));
    }
}
