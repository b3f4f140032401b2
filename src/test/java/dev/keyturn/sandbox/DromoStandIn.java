package dev.keyturn.sandbox;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Dromo's headless SFTP API on loopback, over HTTP or HTTPS, with real logins behind test_connection and faults on
 * demand. Thread-safe.
 *
 * <pre>{@code
 * try (DromoStandIn dromo = DromoStandIn.start()) {
 *     String id = dromo.seed(DromoCredential.ofPassword("127.0.0.1", port, "user", "secret"));
 *     dromo.faults().onNext(DromoCall.PUT, DromoFault.timeoutAfter());
 *     // point the client at dromo.url(), with dromo.licenseKey()
 * }
 * }</pre>
 */
public final class DromoStandIn implements AutoCloseable {
    private final DromoRecords records = new DromoRecords();
    private final DromoFaults faults = new DromoFaults();
    private final List<DromoRequest> requests = Collections.synchronizedList(new ArrayList<>());
    private final String licenseKey;
    private final DromoLogin login;
    private final DromoApi api;
    private volatile @Nullable StandInCertificate certificate;
    private final HttpListener listener;

    private DromoStandIn(Options options) throws IOException {
        licenseKey = options.licenseKey;
        login = options.login.get();
        certificate = options.certificate;
        api = new DromoApi(records, login, licenseKey, options.pageSize, scheme());
        listener = new HttpListener(options.port, this::layer, this::answer);
    }

    /** Over plain HTTP on a free port, with real logins. */
    public static DromoStandIn start() throws IOException {
        return options().start();
    }

    public static Options options() {
        return new Options();
    }

    /** What {@code dromo.url} is in Keyturn's configuration; without a slash at its end. */
    public String url() {
        return scheme() + "://127.0.0.1:" + listener.port() + "/api/v1";
    }

    private String scheme() {
        return certificate == null ? "http" : "https";
    }

    public int port() {
        return listener.port();
    }

    public String licenseKey() {
        return licenseKey;
    }

    /** The certificate to trust, for {@code dromo.ca_file}. */
    public String pemCertificate() {
        return certificate().pem();
    }

    /** What it shows to its clients. */
    public StandInCertificate certificate() {
        StandInCertificate shown = certificate;
        if (shown == null) {
            throw new IllegalStateException("this stand-in speaks plain HTTP; start it with options().https()");
        }
        return shown;
    }

    /** From now on shows another certificate, on new connections; there are no others. */
    public void present(StandInCertificate other) throws IOException {
        certificate = other;
        listener.hangUp();
    }

    private Socket layer(Socket plain) throws IOException {
        StandInCertificate shown = certificate;
        return shown == null ? plain : shown.over(plain);
    }

    /** Stores a credential behind the API's back and returns its id. */
    public String seed(DromoCredential credential) {
        records.store(credential);
        return credential.id();
    }

    public void seed(DromoConnector connector) {
        records.store(connector);
    }

    /**
     * What is stored, secrets included.
     *
     * @throws IllegalArgumentException where there is no such credential
     */
    public DromoCredential stored(String id) {
        DromoCredential credential = records.credential(id);
        if (credential == null) {
            throw new IllegalArgumentException("no credential " + id);
        }
        return credential;
    }

    /**
     * Logs in with a credential and lists a directory, as Dromo would; no fault of the API stands in the way.
     *
     * @return null where that worked, else a short reason
     */
    public @Nullable String tryOut(DromoCredential credential) {
        return login.tryOut(credential, records.directories(credential.id()));
    }

    /** Every request so far, in the order of arrival, whether or not a fault struck it. */
    public List<DromoRequest> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** The requests of one kind. */
    public List<DromoRequest> requests(DromoCall call) {
        return requests().stream()
                .filter(request -> call.covers(request.call()))
                .toList();
    }

    public DromoFaults faults() {
        return faults;
    }

    private HttpAnswer answer(HttpRequest http) {
        DromoRequest request = new DromoRequest(
                EventOrder.next(),
                DromoCall.of(http.method(), http.path()),
                http.method(),
                http.path(),
                http.query(),
                http.headers(),
                new String(http.body(), StandardCharsets.UTF_8));
        requests.add(request);
        Supplier<HttpAnswer> handling = () -> api.answer(request);
        List<DromoFault> striking = faults.strike(request.call());
        for (int i = striking.size() - 1; i >= 0; i--) {
            DromoFault fault = striking.get(i);
            DromoExchange exchange = new DromoExchange(request, records, handling);
            handling = () -> fault.around(exchange);
        }
        return handling.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        login.close();
    }

    /** How to start; each method returns this. */
    public static final class Options {
        private int port;
        private String licenseKey = "dromo-backend-license-key";
        private int pageSize = 100;
        private Supplier<DromoLogin> login = RealLogin::new;
        private @Nullable StandInCertificate certificate;

        private Options() {}

        /** 0, the default, takes any free port. */
        public Options port(int number) {
            port = number;
            return this;
        }

        public Options licenseKey(String key) {
            licenseKey = key;
            return this;
        }

        /** Credentials or connectors on one page; 100 by default. */
        public Options pageSize(int size) {
            pageSize = size;
            return this;
        }

        /** test_connection answers success without a login; for benchmarks. */
        public Options withoutLogin() {
            login = DromoLogin::none;
            return this;
        }

        public Options https() throws IOException {
            return https(StandInCertificate.trusted());
        }

        public Options https(StandInCertificate own) {
            certificate = own;
            return this;
        }

        public Options httpsForAnotherName() throws IOException {
            certificate = StandInCertificate.forAnotherName();
            return this;
        }

        public Options httpsExpired() throws IOException {
            certificate = StandInCertificate.expired();
            return this;
        }

        public DromoStandIn start() throws IOException {
            return new DromoStandIn(this);
        }
    }
}
