package dev.keyturn.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.rotation.HostVisit;
import dev.keyturn.rotation.Predecessor;
import dev.keyturn.sandbox.HostStep;
import dev.keyturn.sandbox.SftpAccount;
import dev.keyturn.sandbox.SftpFault;
import dev.keyturn.secret.LoginSecret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A host that sends more than anybody needs: what is not bounded ends the daemon, whose memory is. */
class EndlessHostTest {
    private static final int MORE_THAN_ALLOWED = 5 * 1024 * 1024;

    @Test
    void readsNoMoreOfAKeyFileThanItMayHold() throws Exception {
        LoginSecret.KeyPair old = TestCredentials.newKey();
        try (StandInHost stand = new StandInHost()) {
            SftpAccount account = stand.with("dromo", old);
            String small = account.authorizedKeys();
            try (HostVisit visit = stand.visit(stand.keyOf("dromo"))) {
                // After the host was asked for the size.
                stand.host
                        .faults()
                        .onNext(SftpFault.meanwhile(
                                HostStep.READ, () -> write(account.keysFile(), small + "#".repeat(MORE_THAN_ALLOWED))));

                assertThatExceptionOfType(HostException.class)
                        .isThrownBy(() -> visit.preflight(Predecessor.of(old)))
                        .withMessageContaining("it is larger than 4194304 bytes")
                        .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.PROTOCOL));

                write(account.keysFile(), small);
                visit.preflight(Predecessor.of(old));
            }
            assertThat(stand.logins("dromo", true)).isEqualTo(1);
        }
    }

    @Test
    void keepsNoMoreThanTheFirstOfABanner() {
        Banner banner = new Banner();
        banner.showMessage("Welcome" + "\n".repeat(20_000));
        banner.showMessage("and more");

        assertThat(banner.said()).isEqualTo("Welcome");
    }

    private static void write(Path file, String content) {
        try {
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
