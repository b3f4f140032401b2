package dev.keyturn.dromo;

import static dev.keyturn.dromo.Fixture.ACCOUNT;
import static dev.keyturn.dromo.Fixture.LICENSE_KEY;
import static dev.keyturn.dromo.Fixture.failure;
import static dev.keyturn.dromo.Fixture.password;
import static dev.keyturn.dromo.Fixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.keyturn.rotation.DromoException;
import dev.keyturn.rotation.DromoException.Fault;
import dev.keyturn.rotation.RemoteException.Disposition;
import dev.keyturn.sandbox.DromoCredential;
import dev.keyturn.sandbox.DromoStandIn;
import dev.keyturn.sandbox.StandInCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Connections: refused, stale, encrypted, through a proxy; and that the license key stays on its origin. */
class HttpDromoConnectionTest {
    private static final String ID = "ee5d0e45-b098-47bc-8217-e93790243dfa";
    private static final String CREDENTIAL = "{\"id\":\"" + ID + "\",\"hostname\":\"sftp.example.com\",\"port\":22,"
            + "\"user\":\"dromo\",\"auth_type\":\"PASSWORD\",\"key_fingerprint\":null}";

    private final Fixture fixture = new Fixture();

    @TempDir
    private Path directory;

    private static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body;
    }

    private HttpDromo dromo(String url) {
        return new HttpDromo(settings(url), fixture.timing());
    }

    private HttpDromo dromo(String url, Optional<Path> caFile, Optional<URI> proxy) {
        return new HttpDromo(settings(url, Duration.ofSeconds(10), caFile, proxy), fixture.timing());
    }

    @Test
    void knowsThatNothingWasSentWhereNobodyListens() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (HttpDromo dromo = dromo("http://127.0.0.1:" + port)) {
            DromoException e = failure(() -> dromo.update(ID, ACCOUNT, password("new-secret")));

            assertThat(e.fault()).isEqualTo(Fault.NOT_SENT);
            assertThat(e.disposition()).isEqualTo(Disposition.TRANSIENT);
            assertThat(e).hasMessageContaining("no connection to http://127.0.0.1:" + port);
            assertThat(fixture.slept).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
        }
    }

    @Test
    void opensANewConnectionWhereTheServerHasClosedTheOldOne() throws Exception {
        Semaphore closed = new Semaphore(0);
        try (RawServer server = new RawServer((self, socket) -> {
                    if (self.head(socket) != null) {
                        socket.getOutputStream().write(ok(CREDENTIAL).getBytes(StandardCharsets.UTF_8));
                    }
                    socket.close();
                    closed.release();
                });
                HttpDromo dromo = dromo(server.url())) {
            dromo.retrieve(ID);
            closed.acquire();

            assertThat(dromo.update(ID, ACCOUNT, password("new-secret")).id()).isEqualTo(ID);
            assertThat(server.heads()).hasSize(2);
        }
    }

    @Test
    void keepsAConnectionForTheNextRequest() throws Exception {
        Semaphore connections = new Semaphore(0);
        try (RawServer server = new RawServer((self, socket) -> {
                    connections.release();
                    while (self.head(socket) != null) {
                        socket.getOutputStream().write(ok(CREDENTIAL).getBytes(StandardCharsets.UTF_8));
                    }
                });
                HttpDromo dromo = dromo(server.url())) {
            for (int i = 0; i < 5; i++) {
                dromo.retrieve(ID);
            }
            assertThat(connections.availablePermits()).isEqualTo(1);
        }
    }

    @Test
    void callsAnAnswerThatIsNoHttpMalformed() throws IOException {
        try (RawServer server = RawServer.answering("SSH-2.0-OpenSSH_9.6\r\n".repeat(200));
                HttpDromo dromo = dromo(server.url())) {
            DromoException e = failure(() -> dromo.update(ID, ACCOUNT, password("new-secret")));

            assertThat(e.disposition()).isEqualTo(Disposition.UNCLEAR);
            assertThat(server.heads()).hasSize(1);
        }
    }

    @Test
    void followsNoRedirectSoThatTheLicenseKeyStays() throws IOException {
        try (RawServer elsewhere = RawServer.answering(ok(CREDENTIAL));
                RawServer server = RawServer.answering("HTTP/1.1 307 Temporary Redirect\r\nLocation: " + elsewhere.url()
                        + "/x\r\nContent-Length: 0\r\n\r\n");
                HttpDromo dromo = dromo(server.url())) {
            assertThat(failure(() -> dromo.retrieve(ID)).fault()).isEqualTo(Fault.REDIRECTED);
            assertThat(elsewhere.heads()).isEmpty();
        }
    }

    @Test
    void followsNoPageToAnotherOrigin() throws IOException {
        try (RawServer elsewhere = RawServer.answering(ok("{\"next\":null,\"results\":[]}"));
                RawServer server =
                        RawServer.answering(ok("{\"next\":\"" + elsewhere.url() + "/?page=2\",\"results\":[]}"));
                HttpDromo dromo = dromo(server.url())) {
            DromoException e = failure(dromo::credentials);

            assertThat(e.fault()).isEqualTo(Fault.MALFORMED_ANSWER);
            assertThat(e).hasMessageContaining("next leads to " + elsewhere.url());
            assertThat(elsewhere.heads()).isEmpty();
        }
    }

    @Test
    void stopsAtAPageThatLeadsBack() throws IOException {
        try (RawServer server = RawServer.answering(ok("{\"next\":\"/headless/sftp/credentials/\",\"results\":[]}"));
                HttpDromo dromo = dromo(server.url())) {
            assertThat(failure(dromo::credentials)).hasMessageContaining("next leads back");
            assertThat(server.heads()).hasSize(1);
        }
    }

    @Test
    void stopsWhereThePagesNeverEnd() throws IOException {
        int[] page = {0};
        try (RawServer server = new RawServer((self, socket) -> {
                    while (self.head(socket) != null) {
                        String next = "{\"next\":\"?page=" + ++page[0] + "\",\"results\":[]}";
                        socket.getOutputStream().write(ok(next).getBytes(StandardCharsets.UTF_8));
                    }
                });
                HttpDromo dromo = dromo(server.url())) {
            assertThat(failure(dromo::connectors)).hasMessageContaining("goes on after 1000 pages");
        }
    }

    @Test
    void takesABareListForAllThereIs() throws Exception {
        try (RawServer server = RawServer.answering(ok("[" + CREDENTIAL + "]"));
                HttpDromo dromo = dromo(server.url() + "/")) {
            assertThat(dromo.credentials()).hasSize(1);
        }
    }

    @Test
    void trustsTheCertificatesOfTheCaFileAlone() throws Exception {
        try (DromoStandIn standIn =
                        DromoStandIn.options().withoutLogin().https().start();
                DromoStandIn other =
                        DromoStandIn.options().withoutLogin().https().start()) {
            Path both = directory.resolve("both.pem");
            Files.writeString(both, "# two\n" + other.pemCertificate() + standIn.pemCertificate());
            Path wrong = Files.writeString(directory.resolve("wrong.pem"), other.pemCertificate());
            String id = standIn.seed(DromoCredential.ofPassword("h", 22, "u", "p"));

            try (HttpDromo trusting = dromo(standIn.url(), Optional.of(both), Optional.empty());
                    HttpDromo mistaken = dromo(standIn.url(), Optional.of(wrong), Optional.empty());
                    HttpDromo usual = dromo(standIn.url())) {
                assertThat(trusting.retrieve(id).id()).isEqualTo(id);
                assertThat(failure(() -> mistaken.retrieve(id)).fault()).isEqualTo(Fault.TLS);
                assertThat(failure(() -> usual.retrieve(id)).fault()).isEqualTo(Fault.TLS);
            }
            assertThat(standIn.requests()).hasSize(1);
        }
    }

    @Test
    void refusesACertificateForAnotherName() throws IOException {
        assertRefused(DromoStandIn.options().withoutLogin().httpsForAnotherName(), "subject alternative");
    }

    @Test
    void refusesACertificateThatHasExpiredAlsoWhereTheCaFileHoldsItself() throws IOException {
        assertRefused(DromoStandIn.options().withoutLogin().httpsExpired(), "NotAfter");
    }

    @Test
    void looksAtTheCertificateOfEachConnectionAnew() throws Exception {
        try (DromoStandIn standIn =
                DromoStandIn.options().withoutLogin().https().start()) {
            StandInCertificate good = standIn.certificate();
            Path ca = Files.writeString(directory.resolve("ca.pem"), good.pem());
            String id = standIn.seed(DromoCredential.ofPassword("h", 22, "u", "p"));
            try (HttpDromo dromo = dromo(standIn.url(), Optional.of(ca), Optional.empty())) {
                assertThat(dromo.retrieve(id).id()).isEqualTo(id);
                standIn.present(StandInCertificate.trusted());
                assertThat(failure(() -> dromo.retrieve(id)).fault()).isEqualTo(Fault.TLS);
                standIn.present(good);
                assertThat(dromo.retrieve(id).id()).isEqualTo(id);
            }
        }
    }

    private void assertRefused(DromoStandIn.Options options, String words) throws IOException {
        try (DromoStandIn standIn = options.start()) {
            Path ca = Files.writeString(directory.resolve("ca.pem"), standIn.pemCertificate());
            try (HttpDromo dromo = dromo(standIn.url(), Optional.of(ca), Optional.empty())) {
                DromoException e = failure(() -> dromo.retrieve(ID));

                assertThat(e.fault()).isEqualTo(Fault.TLS);
                assertThat(e.disposition()).isEqualTo(Disposition.REFUSED);
                assertThat(e).hasMessageContaining(words);
                assertThat(standIn.requests()).isEmpty();
            }
        }
    }

    @Test
    void namesACaFileThatHoldsNoCertificate() throws IOException {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        Path missing = directory.resolve("missing.pem");
        for (Path file : List.of(empty, missing)) {
            try (HttpDromo dromo = dromo("https://127.0.0.1:1", Optional.of(file), Optional.empty())) {
                assertThat(failure(() -> dromo.retrieve(ID))).hasMessageContaining("dromo.ca_file: " + file);
            }
        }
    }

    @Test
    void callsAHandshakeThatWasBrokenOffNotSent() throws IOException {
        try (RawServer server =
                        new RawServer((self, socket) -> socket.getInputStream().readNBytes(10));
                HttpDromo dromo = dromo(server.url().replace("http:", "https:"))) {
            assertThat(failure(() -> dromo.update(ID, ACCOUNT, password("new-secret")))
                            .fault())
                    .isEqualTo(Fault.NOT_SENT);
        }
    }

    @Test
    void goesThroughAProxyThatNeverSeesTheLicenseKey() throws Exception {
        try (RawServer proxy = RawServer.tunnel();
                DromoStandIn standIn =
                        DromoStandIn.options().withoutLogin().https().start()) {
            Path ca = Files.writeString(directory.resolve("ca.pem"), standIn.pemCertificate());
            String id = standIn.seed(DromoCredential.ofPassword("h", 22, "u", "p"));
            try (HttpDromo dromo = dromo(standIn.url(), Optional.of(ca), Optional.of(URI.create(proxy.url())))) {
                assertThat(dromo.retrieve(id).id()).isEqualTo(id);
            }
            assertThat(proxy.heads()).singleElement().asString().startsWith("CONNECT 127.0.0.1:" + standIn.port());
            assertThat(proxy.heads().get(0)).doesNotContain(LICENSE_KEY);
        }
    }

    @Test
    void doesNotTakeAProxysRefusalForDromos() throws IOException {
        try (RawServer proxy = RawServer.answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
                HttpDromo dromo =
                        dromo("https://127.0.0.1:1", Optional.empty(), Optional.of(URI.create(proxy.url())))) {
            DromoException e = failure(() -> dromo.update(ID, ACCOUNT, password("new-secret")));

            assertThat(e.fault()).isEqualTo(Fault.NOT_SENT);
            assertThat(e).hasMessageContaining("the proxy answered CONNECT with 403");
        }
    }

    @Test
    void logsNoSecretEvenWhereTheHttpClientLogsAll() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("org.apache.hc");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
        logger.setLevel(Level.TRACE);
        try (RawServer server = RawServer.answering(ok(CREDENTIAL));
                HttpDromo dromo = dromo(server.url())) {
            dromo.update(ID, ACCOUNT, password("new-secret-in-the-body"));

            assertThat(log.list).isNotEmpty();
            assertThat(log.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .noneMatch(line -> line.contains(LICENSE_KEY) || line.contains("new-secret-in-the-body"));
        } finally {
            logger.setLevel(null);
            logger.setAdditive(true);
            logger.detachAppender(log);
        }
    }
}
