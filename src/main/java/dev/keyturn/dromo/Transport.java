package dev.keyturn.dromo;

import dev.keyturn.dromo.Wire.Stage;
import dev.keyturn.rotation.DromoException;
import dev.keyturn.rotation.DromoException.Fault;
import dev.keyturn.secret.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request once and reads its answer, both within the timeout. Thread-safe. Opens nothing before the first
 * request: most commands of a shell never ask Dromo.
 */
final class Transport implements AutoCloseable {
    private static final int LONGEST_BODY = 1024 * 1024;

    private final DromoSettings settings;
    private final ScheduledThreadPoolExecutor deadlines;
    private @Nullable Wire wire;
    private boolean closed;

    Transport(DromoSettings settings) {
        this.settings = settings;
        deadlines = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "keyturn-dromo-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        deadlines.setRemoveOnCancelPolicy(true);
    }

    /**
     * @return the answer, whatever its status
     * @throws DromoException where there was none, or none that could be read to its end
     */
    Answer exchange(Request request, Secret licenseKey) throws DromoException {
        Origin origin = Origin.of(settings.url()).orElseThrow();
        if (!Origin.of(request.uri()).equals(Optional.of(origin))) {
            throw new IllegalArgumentException("the license key belongs to " + origin + " alone");
        }
        Wire open = wire(request);
        HttpUriRequestBase http = http(request, licenseKey);
        Stage stage = new Stage();
        HttpClientContext context = HttpClientContext.create();
        context.setAttribute(Wire.STAGE, stage);
        Future<?> deadline = deadlines.schedule(
                () -> {
                    stage.expired = true;
                    http.cancel();
                },
                settings.timeout().toNanos(),
                TimeUnit.NANOSECONDS);
        Breakdown breakdown = new Breakdown(request, origin, settings);
        try (ClassicHttpResponse response =
                open.client().executeOpen(new HttpHost(origin.scheme(), host(), origin.port()), http, context)) {
            if (!stage.sent) {
                throw breakdown.tunnelRefused(response.getCode());
            }
            return answer(response, http, stage, breakdown);
        } catch (IOException | IllegalStateException e) {
            // HttpClient reports a cancelled request as either.
            throw stage.sent ? breakdown.afterSending(stage.expired, e) : breakdown.beforeSending(stage.expired, e);
        } finally {
            deadline.cancel(false);
        }
    }

    private String host() {
        String host = settings.url().getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private synchronized Wire wire(Request request) throws DromoException {
        if (closed) {
            throw new DromoException(Fault.NOT_SENT, request + ": Keyturn is stopping");
        }
        Wire open = wire;
        if (open == null) {
            try {
                open = new Wire(settings);
            } catch (IOException e) {
                throw new DromoException(
                        Fault.TLS,
                        settings.caFile()
                                        .map(file -> "dromo.ca_file: " + file + ": ")
                                        .orElse("")
                                + e.getMessage(),
                        null,
                        e);
            }
            wire = open;
        }
        return open;
    }

    /** The header needs the license key as a text; that copy lives no longer than the request. */
    private static HttpUriRequestBase http(Request request, Secret licenseKey) {
        HttpUriRequestBase http = new HttpUriRequestBase(request.method(), request.uri());
        http.setHeader("Accept", "application/json");
        http.setHeader("X-Dromo-License-Key", new String(licenseKey.expose(), StandardCharsets.US_ASCII));
        PutBody body = request.body();
        if (body != null) {
            http.setEntity(new ByteArrayEntity(body.bytes(), 0, body.length(), ContentType.APPLICATION_JSON));
        }
        return http;
    }

    private static Answer answer(
            ClassicHttpResponse response, HttpUriRequestBase http, Stage stage, Breakdown breakdown)
            throws DromoException {
        int status = response.getCode();
        byte[] body = new byte[0];
        try {
            body = body(response.getEntity());
            if (body.length > LONGEST_BODY) {
                http.cancel();
                throw new OversizedException();
            }
        } catch (IOException | IllegalStateException e) {
            // A failure's status says what happened, with or without the words that should have followed.
            if (status / 100 == 2) {
                throw breakdown.insideBody(stage.expired, e);
            }
            http.cancel();
        }
        HttpEntity entity = response.getEntity();
        String type = entity == null || entity.getContentType() == null ? "" : entity.getContentType();
        int parameters = type.indexOf(';');
        return new Answer(
                status,
                new Answer.Headers(
                        Words.clean(parameters < 0 ? type : type.substring(0, parameters)),
                        header(response, "Location"),
                        header(response, "Retry-After")),
                body.length > LONGEST_BODY ? new byte[0] : body);
    }

    private static byte[] body(@Nullable HttpEntity entity) throws IOException {
        if (entity == null) {
            return new byte[0];
        }
        InputStream in = entity.getContent();
        return in == null ? new byte[0] : in.readNBytes(LONGEST_BODY + 1);
    }

    private static Optional<String> header(ClassicHttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        return Optional.ofNullable(header == null ? null : header.getValue());
    }

    /** The body is longer than any answer of Dromo's. */
    static final class OversizedException extends IOException {
        private static final long serialVersionUID = 1;

        OversizedException() {
            super("longer than " + LONGEST_BODY + " bytes");
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        deadlines.shutdownNow();
        if (wire != null) {
            try {
                wire.close();
            } catch (IOException e) {
                throw new IllegalStateException("closing connections to Dromo", e);
            }
        }
    }
}
