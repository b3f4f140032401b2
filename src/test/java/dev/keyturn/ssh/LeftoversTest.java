package dev.keyturn.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostVisit;
import dev.keyturn.rotation.Predecessor;
import dev.keyturn.sandbox.HostStep;
import dev.keyturn.sandbox.SftpAccount;
import dev.keyturn.sandbox.SftpFault;
import dev.keyturn.secret.LoginSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The temporary file beside authorized_keys, where the connection is lost while it is there. */
class LeftoversTest {
    private final LoginSecret.KeyPair old = TestCredentials.newKey();
    private final LoginSecret.KeyPair fresh = TestCredentials.newKey();

    @Test
    void areRemovedByTheNextAttempt() throws Exception {
        assertGone(SftpFault.resetBefore(HostStep.WRITE));
        assertGone(SftpFault.resetBefore(HostStep.RENAME));
    }

    private void assertGone(SftpFault fault) throws Exception {
        try (StandInHost stand = new StandInHost()) {
            SftpAccount account = stand.with("dromo", old);
            try (HostVisit visit = stand.visit(stand.keyOf("dromo"))) {
                stand.host.faults().onNext(fault);
                assertThatThrownBy(() -> visit.install(fresh, Predecessor.of(old)))
                        .isInstanceOf(HostException.class);
                assertThat(beside(account)).hasSize(1);

                visit.install(fresh, Predecessor.of(old));
            }
            assertThat(beside(account)).isEmpty();
            assertThat(account.authorizedKeys())
                    .contains(old.publicKey().line(), fresh.publicKey().line());
        }
    }

    private static List<Path> beside(SftpAccount account) throws IOException {
        try (Stream<Path> files = Files.list(account.keysFile().getParent())) {
            return files.filter(file -> !file.equals(account.keysFile())).toList();
        }
    }
}
