package dev.keyturn.notify;

import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretUnavailableException;
import dev.keyturn.tls.Trust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** POSTs each message to an address. Follows no redirect, so that the message goes nowhere else. */
final class WebhookChannel implements Channel {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private final NotifySettings.Webhook settings;
    private final Clock clock;
    private @Nullable HttpClient client;

    WebhookChannel(NotifySettings.Webhook settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return settings.name() + " (" + settings.url().describe() + ")";
    }

    @Override
    public void deliver(Message message) throws DeliveryException, InterruptedException {
        HttpRequest request = request(message);
        CompletableFuture<HttpResponse<Void>> answer =
                client().sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            // Over all of the exchange; the request's own timeout ends with the first line of the answer.
            judge(answer.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            throw DeliveryException.unreached(
                    "no full answer within " + settings.timeout().toSeconds() + " s");
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private HttpRequest request(Message message) throws DeliveryException {
        byte[] body = settings.format().body(message);
        Instant now = clock.instant();
        HttpRequest.Builder request = HttpRequest.newBuilder(address())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .timeout(settings.timeout())
                .header("content-type", "application/json")
                .header("user-agent", "keyturn")
                .header("webhook-id", message.id())
                .header("webhook-timestamp", String.valueOf(now.getEpochSecond()));
        if (settings.key().isPresent()) {
            try (Secret key = settings.key().get().load()) {
                request.header("webhook-signature", WebhookSignature.of(key, message.id(), now, body));
            } catch (SecretUnavailableException e) {
                throw DeliveryException.unreached(String.valueOf(e.getMessage()));
            } catch (IllegalArgumentException e) {
                throw DeliveryException.refused(settings.key().get().describe() + " " + e.getMessage());
            }
        }
        return request.build();
    }

    private URI address() throws DeliveryException {
        try (Secret url = settings.url().load()) {
            return WebhookAddress.of(url);
        } catch (SecretUnavailableException e) {
            throw DeliveryException.unreached(String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw DeliveryException.refused(settings.url().describe() + " " + e.getMessage());
        }
    }

    private HttpClient client() throws DeliveryException {
        HttpClient known = client;
        if (known != null) {
            return known;
        }
        try {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(settings.timeout())
                    .sslContext(Trust.context(settings.caFile()));
            settings.proxy()
                    .ifPresent(proxy -> builder.proxy(
                            ProxySelector.of(InetSocketAddress.createUnresolved(proxy.getHost(), proxy.getPort()))));
            HttpClient made = builder.build();
            client = made;
            return made;
        } catch (IOException e) {
            throw DeliveryException.refused(
                    "ca_file " + settings.caFile().map(Object::toString).orElse("") + ": " + e.getMessage());
        }
    }

    private static void judge(HttpResponse<Void> answer) throws DeliveryException {
        int status = answer.statusCode();
        if (status / 100 == 2) {
            return;
        }
        if (status / 100 == 5 || status == TOO_MANY_REQUESTS) {
            Optional<Duration> wait = answer.headers()
                    .firstValue("retry-after")
                    .filter(value -> SECONDS.matcher(value).matches())
                    .map(Long::parseLong)
                    .map(Duration::ofSeconds);
            throw DeliveryException.busy("it answered " + status, wait);
        }
        throw DeliveryException.refused(
                "it answered " + status + (status / 100 == 3 ? "; redirects are not followed" : ""));
    }

    /** The client's messages name hosts and certificates, but never an address. */
    private static DeliveryException failure(@Nullable Throwable cause) {
        if (cause instanceof SSLException) {
            return DeliveryException.refused("TLS failed: " + cause.getMessage());
        }
        for (Throwable deeper = cause; deeper != null; deeper = deeper.getCause()) {
            if (deeper instanceof ProtocolException) {
                // Its message quotes the answer, which could repeat the request.
                return DeliveryException.unreached("its answer is not HTTP");
            }
        }
        String why = cause == null ? "" : cause.getClass().getSimpleName();
        String text = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
        return DeliveryException.unreached("it can't be reached: " + why + text);
    }
}
