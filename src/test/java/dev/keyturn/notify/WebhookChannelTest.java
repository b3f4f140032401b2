package dev.keyturn.notify;

import static dev.keyturn.notify.NoticeSamples.NOW;
import static dev.keyturn.notify.NoticeSamples.failed;
import static dev.keyturn.notify.NoticeSamples.notice;
import static dev.keyturn.notify.NoticeSamples.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.keyturn.rotation.Notice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WebhookChannelTest {
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final String CANARY = "canary-path";

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final LinkedBlockingQueue<Got> got = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Integer> answers = new LinkedBlockingQueue<>();
    private HttpServer server;

    @TempDir
    Path directory;

    record Got(String id, String time, String signature, String body) {}

    @BeforeEach
    void listen() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/" + CANARY, this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws java.io.IOException {
        got.add(new Got(
                exchange.getRequestHeaders().getFirst("webhook-id"),
                exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                exchange.getRequestHeaders().getFirst("webhook-signature"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        Integer status = answers.poll();
        exchange.getResponseHeaders().add("Location", "/elsewhere");
        exchange.sendResponseHeaders(status == null ? 204 : status, -1);
        exchange.close();
    }

    @Test
    void signsIdTimeAndBody() throws Exception {
        channel(BodyFormat.JSON).deliver(new Wording("node").single(failed("acme", NOW)));

        Got one = got.take();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        byte[] wanted = mac.doFinal((one.id() + "." + one.time() + "." + one.body()).getBytes(StandardCharsets.UTF_8));
        assertThat(one.signature()).isEqualTo("v1," + Base64.getEncoder().encodeToString(wanted));
        assertThat(one.time()).isEqualTo(String.valueOf(NOW.getEpochSecond()));
        assertThat(one.body())
                .startsWith("{\"type\":\"credential.failed\",\"timestamp\":\"2026-03-01T03:00:00Z\",\"data\":{")
                .contains("\"credential\":\"acme\"", "\"step\":\"publish\"", "\"valid_now\":\"the old key\"");
    }

    @Test
    void letsNobodyCommandSlack() throws Exception {
        channel(BodyFormat.SLACK)
                .deliver(new Wording("node").single(notice(Notice.Kind.FAILED, "acme", NOW, "<!channel>\nacme & Co")));

        assertThat(got.take().body())
                .contains("&lt;!channel&gt; acme &amp; Co\\n")
                .startsWith("{\"text\":\"acme: failed");
    }

    @Test
    void tellsWhatIsWorthAnotherTry() {
        for (int status : new int[] {429, 500, 503}) {
            assertThat(refusal(status).worthAnotherTry()).as(status + "").isTrue();
        }
        for (int status : new int[] {302, 400, 404, 410}) {
            assertThat(refusal(status).worthAnotherTry()).as(status + "").isFalse();
        }
    }

    @Test
    void repeatsWithTheSameIdAndGrowingPauses() throws Exception {
        answers.addAll(List.of(503, 429));
        List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
        try (Notifier notifier = notifier(url(), pauses)) {
            notifier.raise(failed("acme", NOW));
            Got first = got.take();
            Got second = got.take();
            Got third = got.take();

            assertThat(List.of(second.id(), third.id())).containsOnly(first.id());
        }
        assertThat(pauses).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(10));
    }

    @Test
    void doesNotRepeatARefusal() throws Exception {
        answers.add(404);
        List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
        try (Notifier notifier = notifier(url(), pauses)) {
            notifier.raise(failed("acme", NOW));
            notifier.raise(failed("other", NOW));
        }
        assertThat(got).hasSize(2);
        assertThat(pauses).isEmpty();
    }

    @Test
    void aFloodIsAFewMessages() throws Exception {
        try (Notifier notifier = notifier(url(), new ArrayList<>())) {
            for (int i = 0; i < 1000; i++) {
                notifier.raise(failed("acme-" + i, NOW));
            }
        }
        assertThat(got).hasSize(6);
        assertThat(got)
                .last()
                .satisfies(last -> assertThat(last.body())
                        .contains("\"type\":\"digest\"", "\"count\":995", "\"counts\":{\"failed\":995}", "acme-5"));
    }

    @Test
    void aHangingListenerHoldsUpNeitherTheCallerNorTheEnd() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + silent.getLocalPort() + "/";
            Notifier notifier = notifier(url, new ArrayList<>());
            long began = System.nanoTime();
            notifier.raise(failed("acme", NOW));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
            notifier.close();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(18));
        }
        // Told by nobody, so it is told after the next start.
        assertThat(new LedgerFile(directory.resolve("notices")).read()).isEmpty();
    }

    @Test
    void namesNoPathAndNoSecretWhereItFails() {
        WebhookChannel badKey = new WebhookChannel(webhook(url(), "hunter2"), clock);

        DeliveryException refused =
                catchThrowableOfType(DeliveryException.class, () -> badKey.deliver(new Wording("node").test(NOW)));

        assertThat(refused).hasMessageContaining("must be whsec_").hasMessageNotContaining("hunter2");
        assertThat(badKey.name() + refusal(404).getMessage()).doesNotContain(CANARY);
        assertThat(catchThrowableOfType(
                        DeliveryException.class,
                        () -> new WebhookChannel(webhook("http://siem.example/" + CANARY, "x"), clock)
                                .deliver(new Wording("node").test(NOW))))
                .hasMessageContaining("loopback only")
                .hasMessageNotContaining(CANARY);
    }

    @Test
    void quotesNothingOfAnAnswerThatIsNotHttp() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(
                    () -> {
                        try (Socket client = listening.accept()) {
                            client.getInputStream().read();
                            client.getOutputStream()
                                    .write(("POST /" + CANARY + " is refused\r\n\r\n")
                                            .getBytes(StandardCharsets.US_ASCII));
                            // What it had not read when it closes would have the answer thrown away on its way.
                            client.getInputStream().readAllBytes();
                        } catch (IOException e) {
                            // The client has heard enough; what it makes of it is what is looked at.
                        }
                    },
                    "no-http-server");
            server.setDaemon(true);
            server.start();
            WebhookChannel channel = new WebhookChannel(
                    webhook(
                            "http://127.0.0.1:" + listening.getLocalPort() + "/" + CANARY,
                            "whsec_" + Base64.getEncoder().encodeToString(KEY)),
                    clock);

            assertThat(catchThrowableOfType(
                            DeliveryException.class, () -> channel.deliver(new Wording("node").test(NOW))))
                    .hasMessage("its answer is not HTTP");
        }
    }

    @Test
    void countsWhatAHungListenerLeavesNoRoomFor() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Notifier notifier = notifier("http://127.0.0.1:" + silent.getLocalPort() + "/", new ArrayList<>());
            for (int i = 0; i < 15_000; i++) {
                notifier.raise(failed("acme-" + i, NOW));
            }
            notifier.close();
        }
        // Neither what waited nor what found no room counts as told.
        assertThat(new LedgerFile(directory.resolve("notices")).read()).isEmpty();
    }

    private DeliveryException refusal(int status) {
        answers.add(status);
        return catchThrowableOfType(
                DeliveryException.class, () -> channel(BodyFormat.JSON).deliver(new Wording("node").test(NOW)));
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + CANARY;
    }

    private WebhookChannel channel(BodyFormat format) {
        NotifySettings.Webhook like =
                webhook(url(), "whsec_" + Base64.getEncoder().encodeToString(KEY));
        return new WebhookChannel(
                new NotifySettings.Webhook(
                        like.name(),
                        like.url(),
                        like.key(),
                        like.events(),
                        format,
                        Optional.empty(),
                        Optional.empty(),
                        like.timeout()),
                clock);
    }

    private static NotifySettings.Webhook webhook(String url, String key) {
        return new NotifySettings.Webhook(
                "notify.webhooks[0]",
                source(url),
                Optional.of(source(key)),
                EnumSet.allOf(Notice.Kind.class),
                BodyFormat.JSON,
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(20));
    }

    private Notifier notifier(String url, List<Duration> pauses) {
        return new Notifier(
                new NotifySettings(
                        List.of(webhook(url, "whsec_" + Base64.getEncoder().encodeToString(KEY))),
                        List.of(),
                        5,
                        Duration.ofMinutes(15),
                        Duration.ofDays(1)),
                "node",
                directory.resolve("notices"),
                clock,
                pauses::add,
                Duration.ofSeconds(url.endsWith(CANARY) ? 120 : 2));
    }
}
