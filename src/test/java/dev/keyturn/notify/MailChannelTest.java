package dev.keyturn.notify;

import static dev.keyturn.notify.NoticeSamples.NOW;
import static dev.keyturn.notify.NoticeSamples.notice;
import static dev.keyturn.notify.NoticeSamples.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.notify.NotifySettings.Encryption;
import dev.keyturn.rotation.Notice;
import dev.keyturn.sandbox.StandInCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.helper.SimpleMessageListener;
import org.subethamail.smtp.server.SMTPServer;

@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MailChannelTest {
    private static final String PASSWORD = "canary-smtp-password";

    private final LinkedBlockingQueue<String> mails = new LinkedBlockingQueue<>();

    @TempDir
    Path directory;

    @Test
    void mailsOverStartTlsAfterALogin() throws Exception {
        StandInCertificate certificate = StandInCertificate.trusted();
        SMTPServer server = server(certificate, true);
        try {
            channel(server.getPortAllocated(), certificate, PASSWORD)
                    .deliver(new Wording("node").single(notice(Notice.Kind.FAILED, "acme", NOW, "acme: no answer")));
        } finally {
            server.stop();
        }

        assertThat(mails.take())
                .contains("From: keyturn@example.com", "To: secops@example.com", "Auto-Submitted: auto-generated")
                .contains("Subject: [keyturn] acme: failed at publish (no_answer)")
                .contains("acme: no answer\r\n", "Valid now: the old key\r\n", "Do next: Wait.\r\n")
                .doesNotContain(PASSWORD);
    }

    @Test
    void sendsNothingToAServerWithoutStartTls() throws Exception {
        StandInCertificate certificate = StandInCertificate.trusted();
        SMTPServer server = server(certificate, false);
        try {
            assertThat(refusal(channel(server.getPortAllocated(), certificate, PASSWORD)))
                    .hasMessageContaining("TLS failed")
                    .hasMessageContaining("STARTTLS");
        } finally {
            server.stop();
        }
        assertThat(mails).isEmpty();
    }

    @Test
    void sendsNothingToAServerWithACertificateThatIsNotRight() throws Exception {
        StandInCertificate other = StandInCertificate.forAnotherName();
        StandInCertificate expired = StandInCertificate.expired();
        for (StandInCertificate wrong : List.of(other, expired)) {
            SMTPServer server = server(wrong, true);
            try {
                assertThat(refusal(channel(server.getPortAllocated(), wrong, PASSWORD)))
                        .hasMessageContaining("TLS failed");
                assertThat(refusal(channel(server.getPortAllocated(), StandInCertificate.trusted(), PASSWORD)))
                        .as("of an unknown issuer")
                        .hasMessageContaining("TLS failed");
            } finally {
                server.stop();
            }
        }
        assertThat(mails).isEmpty();
    }

    @Test
    void saysThatTheLoginWasRefused() throws Exception {
        StandInCertificate certificate = StandInCertificate.trusted();
        SMTPServer server = server(certificate, true);
        try {
            DeliveryException refused = refusal(channel(server.getPortAllocated(), certificate, "canary-wrong"));

            assertThat(refused).hasMessageContaining("login was refused").hasMessageNotContaining("canary-wrong");
            assertThat(refused.worthAnotherTry()).isFalse();
        } finally {
            server.stop();
        }
    }

    @Test
    void masksThePasswordThatAServerRepeats() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> repeatThePassword(listening), "echoing-mail-server");
            server.start();
            NotifySettings.Smtp smtp = new NotifySettings.Smtp(
                    "127.0.0.1",
                    listening.getLocalPort(),
                    Encryption.NONE,
                    Optional.of(new NotifySettings.Login("keyturn", source(PASSWORD))),
                    Optional.empty());
            MailChannel channel = new MailChannel(
                    new NotifySettings.Mail(
                            "notify.email[0]",
                            smtp,
                            "keyturn@example.com",
                            List.of("secops@example.com"),
                            EnumSet.allOf(Notice.Kind.class),
                            Duration.ofSeconds(120)),
                    "node");

            DeliveryException refused = refusal(channel);

            server.join();
            assertThat(refused)
                    .hasMessageContaining("the login was refused")
                    .hasMessageContaining("no such user: ****, **** and ****")
                    .hasMessageNotContaining(PASSWORD)
                    .hasMessageNotContaining(encoded(PASSWORD));
        }
    }

    private static void repeatThePassword(ServerSocket listening) {
        try (Socket client = listening.accept();
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
            OutputStream out = client.getOutputStream();
            out.write("220 mail\r\n".getBytes(StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String answer = line.startsWith("EHLO")
                        ? "250-mail\r\n250 AUTH PLAIN"
                        : "535 no such user: " + line.replace("AUTH PLAIN ", "") + ", " + PASSWORD + " and "
                                + encoded(PASSWORD);
                out.write((answer + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void noTextBecomesAHeader() throws Exception {
        StandInCertificate certificate = StandInCertificate.trusted();
        SMTPServer server = server(certificate, true);
        try {
            channel(server.getPortAllocated(), certificate, PASSWORD)
                    .deliver(new Wording("node")
                            .single(notice(
                                    Notice.Kind.FAILED,
                                    "acme\r\nBcc: x@evil.example",
                                    NOW,
                                    "a\r\n.\r\nMAIL FROM:<x@evil.example>")));
        } finally {
            server.stop();
        }

        assertThat(mails.take().lines())
                .noneMatch(line -> line.startsWith("Bcc") || line.startsWith("MAIL FROM") || line.equals("."));
    }

    @Test
    void givesUpAServerThatHangs() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            MailChannel channel =
                    channel(silent.getLocalPort(), StandInCertificate.trusted(), PASSWORD, Duration.ofMillis(300));

            assertThat(refusal(channel).worthAnotherTry()).isTrue();
        }
    }

    private SMTPServer server(StandInCertificate certificate, boolean startTls) throws Exception {
        SMTPServer.Builder server = SMTPServer.port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .hostName("localhost")
                .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory((user, password, context) -> {
                    if (!user.equals("keyturn") || !password.equals(PASSWORD)) {
                        throw new LoginFailedException();
                    }
                }))
                .requireAuth()
                .simpleMessageListener(new SimpleMessageListener() {
                    @Override
                    public boolean accept(String from, String recipient) {
                        return true;
                    }

                    @Override
                    public void deliver(String from, String recipient, InputStream data) throws IOException {
                        mails.add(new String(data.readAllBytes(), StandardCharsets.UTF_8));
                    }
                });
        if (startTls) {
            server.enableTLS().startTlsSocketFactory(plain -> {
                SSLSocket socket = (SSLSocket) certificate
                        .sockets()
                        .createSocket(plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
                socket.setUseClientMode(false);
                return socket;
            });
        }
        SMTPServer built = server.build();
        built.start();
        return built;
    }

    private static DeliveryException refusal(MailChannel channel) {
        return catchThrowableOfType(DeliveryException.class, () -> channel.deliver(new Wording("node").test(NOW)));
    }

    private MailChannel channel(int port, StandInCertificate trusted, String password) throws IOException {
        return channel(port, trusted, password, Duration.ofSeconds(120));
    }

    private MailChannel channel(int port, StandInCertificate trusted, String password, Duration timeout)
            throws IOException {
        Path caFile = Files.writeString(Files.createTempFile(directory, "ca", ".pem"), trusted.pem());
        return new MailChannel(
                new NotifySettings.Mail(
                        "notify.email[0]",
                        new NotifySettings.Smtp(
                                "127.0.0.1",
                                port,
                                Encryption.STARTTLS,
                                Optional.of(new NotifySettings.Login("keyturn", source(password))),
                                Optional.of(caFile)),
                        "keyturn@example.com",
                        List.of("secops@example.com"),
                        EnumSet.allOf(Notice.Kind.class),
                        timeout),
                "node");
    }
}
