package dev.keyturn.realhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A test run that is killed must not leave servers behind, or the next one meets them. */
@RequiresSshd
@RequiresProftpd
class AbruptEndIT {

    @TempDir
    private Path temporary;

    @Test
    void endsTheServersWhenTheirJvmIsKilled() throws IOException, InterruptedException {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Forgetful.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = jvm.inputReader(StandardCharsets.UTF_8)) {
            int sshd = Integer.parseInt(out.readLine());
            int proftpd = Integer.parseInt(out.readLine());
            try (Socket session = new Socket(LoopbackPort.ADDRESS, sshd)) {
                session.setSoTimeout((int) Duration.ofSeconds(90).toMillis());
                BufferedReader banner =
                        new BufferedReader(new InputStreamReader(session.getInputStream(), StandardCharsets.UTF_8));
                assertThat(banner.readLine()).startsWith("SSH-2.0-OpenSSH");
                assertThat(LoopbackPort.accepts(proftpd)).isTrue();

                jvm.destroyForcibly().waitFor();

                // The session's own process ends too, not only the listener.
                assertThat(banner.readLine()).isNull();
            }
            awaitClosed(sshd);
            awaitClosed(proftpd);
        } finally {
            jvm.destroyForcibly();
        }
    }

    private static void awaitClosed(int port) {
        Instant deadline = Instant.now().plusSeconds(90);
        while (LoopbackPort.accepts(port)) {
            assertThat(Instant.now()).as("port %s still open", port).isBefore(deadline);
        }
    }

    /** Starts servers from a thread that ends at once, and waits to be killed. */
    static final class Forgetful {

        private Forgetful() {}

        public static void main(String[] arguments) throws InterruptedException {
            Thread starter = new Thread(() -> {
                System.out.println(RealSshd.builder().start().port());
                System.out.println(RealProftpd.running().port());
            });
            starter.start();
            starter.join();
            new CountDownLatch(1).await();
        }
    }
}
