package dev.keyturn.dromo;

import dev.keyturn.tls.Trust;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Sets HttpClient up to send each request once, to the configured origin, and to do nothing else on its own. */
final class Wire implements Closeable {
    /** Under this name a request's context holds a {@link Stage}. */
    static final String STAGE = "keyturn.stage";

    /** Long enough for a busy pool, short enough to try a host's next address within the timeout. */
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);
    /** Below what servers and load balancers usually keep an idle connection for, where they don't say. */
    private static final TimeValue IDLE = TimeValue.ofSeconds(20);
    /**
     * Each connection is looked at before it is used again: a PUT on one that the server has closed would end unclear.
     * That costs a millisecond, a rotation takes seconds.
     */
    private static final TimeValue LOOK_AFTER = TimeValue.ZERO_MILLISECONDS;

    private static final int CONNECTIONS = 64;
    private static final int MOST_HEADERS = 200;
    private static final int LONGEST_LINE = 16 * 1024;
    /** Only line ends are gathered in the connection's buffer; a body goes past it, so no copy stays behind. */
    private static final int GATHERED = 2;

    private final CloseableHttpClient client;

    /** How far a request got: once it may have left, its end may be unclear. */
    static final class Stage {
        volatile boolean sent;
        volatile boolean expired;
    }

    /** @throws IOException where the CA file can't be used */
    Wire(DromoSettings settings) throws IOException {
        Timeout timeout = Timeout.of(settings.timeout());
        HttpClientBuilder builder = HttpClientBuilder.create()
                .setConnectionManager(connections(settings, timeout))
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout)
                        .setResponseTimeout(timeout)
                        .setConnectionKeepAlive(IDLE)
                        .setAuthenticationEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setUserAgent("Keyturn")
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableContentCompression()
                .disableAuthCaching()
                .disableConnectionState()
                // The chain is here once the connection stands, proxy's tunnel and TLS included.
                .addExecInterceptorBefore(ChainElement.MAIN_TRANSPORT.name(), STAGE, (request, scope, chain) -> {
                    if (scope.clientContext.getAttribute(STAGE) instanceof Stage stage) {
                        stage.sent = true;
                    }
                    return chain.proceed(request, scope);
                });
        if (settings.proxy().isPresent()) {
            URI proxy = settings.proxy().get();
            builder.setProxy(new HttpHost("http", proxy.getHost(), proxy.getPort()));
        }
        client = builder.build();
    }

    private static HttpClientConnectionManager connections(DromoSettings settings, Timeout timeout) throws IOException {
        SSLContext tls = Trust.context(settings.caFile());
        Http1Config http = Http1Config.custom()
                .setMaxHeaderCount(MOST_HEADERS)
                .setMaxLineLength(LONGEST_LINE)
                .setChunkSizeHint(GATHERED)
                .build();
        Duration connect = settings.timeout().compareTo(LONGEST_CONNECT) < 0 ? settings.timeout() : LONGEST_CONNECT;
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setConnectionFactory(socket -> {
                    QuietConnection connection = new QuietConnection(http);
                    if (socket != null) {
                        connection.bind(socket);
                    }
                    return connection;
                })
                // BUILTIN: the JDK checks the host name inside the handshake, before anything is sent. HttpClient's
                // own check would come after it, and load the list of public suffixes at start.
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(
                        tls,
                        new String[] {"TLSv1.3", "TLSv1.2"},
                        null,
                        SSLBufferMode.STATIC,
                        HostnameVerificationPolicy.BUILTIN,
                        NoopHostnameVerifier.INSTANCE))
                .setMaxConnTotal(CONNECTIONS)
                .setMaxConnPerRoute(CONNECTIONS)
                .setDefaultSocketConfig(
                        SocketConfig.custom().setSoTimeout(timeout).build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(connect))
                        .setSocketTimeout(timeout)
                        .setValidateAfterInactivity(LOOK_AFTER)
                        .build())
                .build();
    }

    CloseableHttpClient client() {
        return client;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
