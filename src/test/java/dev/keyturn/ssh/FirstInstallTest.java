package dev.keyturn.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostVisit;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.Predecessor;
import dev.keyturn.sandbox.HostEvent;
import dev.keyturn.sandbox.HostStep;
import dev.keyturn.sandbox.SftpAccount;
import dev.keyturn.sandbox.SftpFault;
import dev.keyturn.sandbox.Trouble;
import dev.keyturn.secret.LoginSecret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An administrator makes an account's first authorized_keys, and is cut off or not the only one who does. */
class FirstInstallTest {
    private static final Predecessor NOBODY = new Predecessor(Optional.empty(), Optional.empty());
    private static final Set<HostStep> CHANGES =
            EnumSet.of(HostStep.MAKE_DIRECTORY, HostStep.CREATE, HostStep.WRITE, HostStep.ATTRIBUTES, HostStep.RENAME);

    private final LoginSecret.KeyPair administrator = TestCredentials.newKey();
    private final LoginSecret.KeyPair fresh = TestCredentials.newKey();

    /** Sshd refuses a file with another owner or a lax mode, so that one which an attempt leaves has to be as it should. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void leavesAFileOnlyWithItsModeWhereverTheConnectionBreaks(boolean done) throws Exception {
        boolean broken = true;
        for (int skipped = 0; broken; skipped++) {
            try (StandInHost stand = new StandInHost()) {
                SftpAccount account = stand.host.account("dromo");
                try (HostVisit visit = visit(stand)) {
                    stand.host.faults().after(skipped, resetAtAnyChange(done));
                    broken = isCutOff(visit);
                    String moment = (done ? "after" : "before") + " change " + skipped;
                    if (Files.exists(account.keysFile())) {
                        assertPrivate(account, moment);
                    }
                    stand.host.faults().clear();

                    visit.install(fresh, NOBODY);
                    assertPrivate(account, moment);
                    assertThat(mode(account.keysFile().getParent())).as(moment).matches("rwx.-..-.");
                    assertThat(beside(account)).as(moment).isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = HostStep.class,
            names = {"CREATE", "WRITE", "ATTRIBUTES"})
    void keepsAFileThatSomebodyElseMakesMeanwhile(HostStep step) throws Exception {
        String theirs = TestCredentials.newKey().publicKey().line() + " theirs\n";
        try (StandInHost stand = new StandInHost()) {
            SftpAccount account = stand.host.account("dromo").withDirectory(".ssh");
            try (HostVisit visit = visit(stand)) {
                stand.host.faults().onNext(SftpFault.meanwhile(step, () -> write(account.keysFile(), theirs)));

                visit.install(fresh, NOBODY);
            }
            assertThat(account.authorizedKeys())
                    .isEqualTo(theirs + fresh.publicKey().line() + " keyturn:dromo\n");
            assertThat(beside(account)).isEmpty();
        }
    }

    @Test
    void makesTheFileAlsoWithoutHardLinks() throws Exception {
        try (StandInHost stand = new StandInHost()) {
            stand.host.faults().always(SftpFault.without("hardlink@openssh.com"));
            SftpAccount account = stand.host.account("dromo");
            try (HostVisit visit = visit(stand)) {
                visit.install(fresh, NOBODY);
            }
            assertPrivate(account, "without hard links");
            assertThat(beside(account)).isEmpty();
        }
    }

    private HostVisit visit(StandInHost stand) throws Exception {
        stand.with("root2", administrator).asAdministrator();
        return stand.visit(TestCredentials.key(
                stand.account("dromo"),
                stand.trust(),
                new InstallMethod.AuthorizedKeys(
                        "/home/dromo/.ssh/authorized_keys",
                        Optional.of(TestCredentials.administrator("root2", administrator)))));
    }

    private boolean isCutOff(HostVisit visit) {
        try {
            visit.install(fresh, NOBODY);
            return false;
        } catch (HostException e) {
            assertThat(e.fault()).as(e.getMessage()).isEqualTo(HostException.Fault.CONNECTION_LOST);
            return true;
        }
    }

    private void assertPrivate(SftpAccount account, String moment) throws IOException {
        assertThat(account.authorizedKeys())
                .as(moment)
                .isEqualTo(fresh.publicKey().line() + " keyturn:dromo\n");
        assertThat(mode(account.keysFile())).as(moment).isEqualTo("rw-------");
    }

    private static SftpFault resetAtAnyChange(boolean done) {
        return new SftpFault() {
            @Override
            public @Nullable Trouble during(HostEvent event) {
                return CHANGES.contains(event.step()) && event.done() == done ? Trouble.reset() : null;
            }
        };
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static List<Path> beside(SftpAccount account) throws IOException {
        try (Stream<Path> files = Files.list(account.keysFile().getParent())) {
            return files.filter(file -> !file.equals(account.keysFile())).toList();
        }
    }

    private static void write(Path file, String content) {
        try {
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
