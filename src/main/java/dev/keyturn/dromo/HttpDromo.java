package dev.keyturn.dromo;

import dev.keyturn.dromo.Records.Page;
import dev.keyturn.dromo.Records.Reader;
import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.Dromo;
import dev.keyturn.rotation.DromoException;
import dev.keyturn.rotation.DromoException.Fault;
import dev.keyturn.rotation.Sleeper;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.Masking;
import dev.keyturn.secret.Secret;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dromo over HTTP. Thread-safe. Each attempt takes at most {@link DromoSettings#timeout}, after waiting for the rate
 * limit; only resolving the host name can outlast it.
 *
 * <p>The license key goes to the origin of {@link DromoSettings#url} and nowhere else: redirects are never followed, and
 * a next page only on that origin. It is read anew every ten seconds of use, and after a refusal.
 */
public final class HttpDromo implements Dromo, AutoCloseable {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");
    private static final String CREDENTIALS = "/headless/sftp/credentials/";
    private static final String CONNECTORS = "/headless/sftp/connectors/";
    private static final int USUAL_ATTEMPTS = 3;
    private static final int MOST_PAGES = 1000;

    private final String base;
    private final Optional<Origin> origin;
    private final Transport transport;
    private final LicenseKey licenseKey;
    private final RateLimit rateLimit;
    private final Repetition repetition;
    private final Clock clock;
    private final Quotable quotable;

    /**
     * What time it is, and how to wait.
     *
     * @param nanoTime for the rate limit, e.g. {@code System::nanoTime}
     * @param clock for a {@code Retry-After} that is a date
     */
    public record Timing(LongSupplier nanoTime, Clock clock, Sleeper sleeper) {}

    /** Who knows what Dromo may have stored, and so may quote in what it says of a credential. */
    public interface Quotable {
        Quotable NOTHING = id -> List.of();

        /**
         * Asked where Dromo's words are to be shown, and not kept beyond that.
         *
         * @param id of a credential in Dromo
         * @return in no order; each is closed here
         */
        List<LoginSecret> secrets(String id);
    }

    /** Repeats harmless requests up to three times; for somebody who has no secrets. Opens no connection yet. */
    public HttpDromo(DromoSettings settings, Timing timing) {
        this(settings, timing, USUAL_ATTEMPTS, Quotable.NOTHING);
    }

    /** @param attempts how often a request is sent at most where repeating it is harmless; 1 never repeats */
    public HttpDromo(DromoSettings settings, Timing timing, int attempts, Quotable quotable) {
        base = settings.url().toString().replaceAll("/+$", "");
        origin = Origin.of(settings.url());
        transport = new Transport(settings);
        licenseKey = new LicenseKey(settings.licenseKey(), timing.nanoTime());
        rateLimit = new RateLimit(settings.requestsPerSecond(), timing.nanoTime(), timing.sleeper());
        repetition = new Repetition(attempts, timing.sleeper());
        clock = timing.clock();
        this.quotable = quotable;
    }

    @Override
    public StoredCredential retrieve(String id) throws DromoException {
        Request request = new Request("GET", credential("GET", id, ""), null);
        Answer answer = harmless(request, masking -> maskStored(id, masking));
        return read(request, answer, json -> Records.credential(Fields.of(json, "")));
    }

    /** Sent again only where it certainly was not served: the connection failed, or Dromo answered 429. */
    @Override
    public StoredCredential update(String id, Account account, LoginSecret secret) throws DromoException {
        URI uri = credential("PUT", id, "");
        try (PutBody body = body(uri, account, secret)) {
            Request request = new Request("PUT", uri, body);
            Answer answer = repetition.run(
                    Repetition.NOT_SERVED,
                    () -> send(request, masking -> {
                        masking.with(secret);
                        maskStored(id, masking);
                    }));
            return read(request, answer, json -> Records.credential(Fields.of(json, "")));
        }
    }

    private static PutBody body(URI uri, Account account, LoginSecret secret) throws DromoException {
        try {
            return PutBody.of(account, secret);
        } catch (IllegalArgumentException e) {
            throw new DromoException(
                    Fault.REJECTED, "PUT " + uri.getRawPath() + ": not sent: " + e.getMessage(), null, e);
        }
    }

    @Override
    public TestResult testConnection(String id) throws DromoException {
        Request request = new Request("POST", credential("POST", id, "test_connection/"), null);
        Consumer<Masking> stored = masking -> maskStored(id, masking);
        Answer answer = harmless(request, stored);
        return read(request, answer, json -> Records.test(Fields.of(json, ""), said -> cleaned(said, stored)));
    }

    private String cleaned(String said, Consumer<Masking> mask) {
        try (Masking masking = new Masking()) {
            licenseKey.maskIn(masking);
            mask.accept(masking);
            return Words.clean(said, masking);
        }
    }

    @Override
    public List<StoredCredential> credentials() throws DromoException {
        return all(CREDENTIALS, Records::credential);
    }

    @Override
    public List<Connector> connectors() throws DromoException {
        return all(CONNECTORS, Records::connector);
    }

    private <T> List<T> all(String path, Reader<T> reader) throws DromoException {
        List<T> all = new ArrayList<>();
        Set<URI> seen = new HashSet<>();
        Request request = new Request("GET", URI.create(base + path), null);
        while (true) {
            seen.add(request.uri());
            Page<T> page = read(request, harmless(request, masking -> {}), answer -> Records.page(answer, reader));
            all.addAll(page.results());
            if (page.next().isEmpty()) {
                return List.copyOf(all);
            }
            URI next = next(request, page.next().get());
            if (seen.contains(next)) {
                throw malformed(request, "next leads back to a page that was read already");
            }
            if (seen.size() == MOST_PAGES) {
                throw malformed(request, "next goes on after " + MOST_PAGES + " pages");
            }
            request = new Request("GET", next, null);
        }
    }

    private URI next(Request request, String text) throws DromoException {
        URI next;
        try {
            next = request.uri().resolve(URI.create(text)).normalize();
        } catch (IllegalArgumentException e) {
            throw malformed(request, "next isn't a URL");
        }
        if (!Origin.of(next).equals(origin) || next.getRawUserInfo() != null) {
            String where = Origin.of(next).map(o -> Words.clean(o.toString())).orElse("no http or https URL");
            throw malformed(
                    request,
                    "next leads to " + where + "; the license key is sent to "
                            + origin.map(Origin::toString).orElse("") + " alone");
        }
        return next;
    }

    private URI credential(String method, String id, String rest) throws DromoException {
        if (!ID.matcher(id).matches()) {
            throw new DromoException(
                    Fault.NOT_FOUND, method + " not sent: '" + Words.clean(id) + "' can't be the id of a credential");
        }
        return URI.create(base + CREDENTIALS + id + "/" + rest);
    }

    private void maskStored(String id, Masking masking) {
        quotable.secrets(id).forEach(masking::takeOver);
    }

    private Answer harmless(Request request, Consumer<Masking> mask) throws DromoException {
        return repetition.run(Repetition.HARMLESS, () -> send(request, mask));
    }

    /** @param mask adds, where Dromo refuses, what its words may quote besides the license key */
    private Answer send(Request request, Consumer<Masking> mask) throws DromoException {
        try {
            rateLimit.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DromoException(
                    Fault.NOT_SENT, request + ": interrupted while waiting for dromo.requests_per_second", null, e);
        }
        try (Secret key = licenseKey.copy()) {
            Answer answer = transport.exchange(request, key);
            if (answer.success()) {
                return answer;
            }
            DromoException refusal = refusal(request, answer, key, mask);
            if (refusal.fault() == Fault.LICENSE_KEY_REFUSED) {
                licenseKey.forget();
            }
            throw refusal;
        }
    }

    private DromoException refusal(Request request, Answer answer, Secret key, Consumer<Masking> mask) {
        try (Masking masking = new Masking().with(key)) {
            mask.accept(masking);
            return new Refusal(request, answer, masking, clock).exception();
        }
    }

    /** What an answer's JSON means. */
    private interface Meaning<T> {
        T read(@Nullable Object json) throws MalformedAnswerException;
    }

    private static <T> T read(Request request, Answer answer, Meaning<T> meaning) throws DromoException {
        try {
            return meaning.read(Json.parse(answer.body()));
        } catch (MalformedAnswerException e) {
            throw malformed(request, e.getMessage());
        }
    }

    private static DromoException malformed(Request request, @Nullable String what) {
        return new DromoException(Fault.MALFORMED_ANSWER, request + ": " + what);
    }

    /** Closes the connections, and wipes the license key. */
    @Override
    public void close() {
        transport.close();
        licenseKey.close();
    }
}
