package dev.keyturn.dromo;

import static dev.keyturn.dromo.Fixture.ACCOUNT;
import static dev.keyturn.dromo.Fixture.LICENSE_KEY;
import static dev.keyturn.dromo.Fixture.everythingSaid;
import static dev.keyturn.dromo.Fixture.failure;
import static dev.keyturn.dromo.Fixture.password;
import static dev.keyturn.dromo.Fixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.keyturn.rotation.Dromo.StoredCredential;
import dev.keyturn.rotation.DromoException;
import dev.keyturn.rotation.DromoException.Fault;
import dev.keyturn.rotation.RemoteException.Disposition;
import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.sandbox.DromoCredential;
import dev.keyturn.sandbox.DromoFault;
import dev.keyturn.sandbox.DromoRequest;
import dev.keyturn.sandbox.DromoStandIn;
import dev.keyturn.secret.LoginSecret;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HttpDromo makes of each fault, and how often it asks. */
class HttpDromoTest {
    private static final String SECRET = "n3w-S3cret-of-40-characters-!#%+-_=.abcd";
    private static final BigInteger TWO_TO_THE_64TH_AND_22 = new BigInteger("18446744073709551638");
    private static final Duration SHORT = Duration.ofSeconds(2);

    private final Fixture fixture = new Fixture();
    private DromoStandIn standIn;
    private HttpDromo dromo;
    private String id;

    @BeforeEach
    void start() throws IOException {
        standIn = DromoStandIn.options().withoutLogin().start();
        id = standIn.seed(
                DromoCredential.ofPassword(ACCOUNT.hostname(), ACCOUNT.port(), ACCOUNT.user(), "old-password"));
        dromo = new HttpDromo(settings(standIn.url()), fixture.timing());
    }

    @AfterEach
    void stop() throws IOException {
        dromo.close();
        standIn.close();
    }

    private void impatient() {
        dromo.close();
        dromo = new HttpDromo(settings(standIn.url(), SHORT, Optional.empty(), Optional.empty()), fixture.timing());
    }

    private DromoException failedPut(DromoFault... faults) {
        standIn.faults().always(DromoCall.PUT, faults);
        DromoException e = failure(() -> dromo.update(id, ACCOUNT, password(SECRET)));
        assertThat(e).isNotNull();
        assertThat(everythingSaid(e)).doesNotContain(SECRET).doesNotContain(LICENSE_KEY);
        return e;
    }

    static Stream<Arguments> faultsOfAPut() {
        Map<String, String> json = Map.of("Content-Type", "application/json");
        return Stream.of(
                arguments("reset before", DromoFault.resetBefore(), Fault.NO_ANSWER, Disposition.UNCLEAR),
                arguments("reset after", DromoFault.resetAfter(), Fault.NO_ANSWER, Disposition.UNCLEAR),
                arguments("502", DromoFault.html502(), Fault.SERVER_ERROR, Disposition.UNCLEAR),
                arguments("502 after", DromoFault.html502After(), Fault.SERVER_ERROR, Disposition.UNCLEAR),
                arguments("503", DromoFault.status(503, json, "{}"), Fault.SERVER_ERROR, Disposition.UNCLEAR),
                arguments("400", DromoFault.status(400, json, "{}"), Fault.REJECTED, Disposition.REFUSED),
                arguments("409", DromoFault.status(409, json, "{}"), Fault.REJECTED, Disposition.REFUSED),
                arguments("422", DromoFault.status(422, json, "{}"), Fault.REJECTED, Disposition.REFUSED),
                arguments("405", DromoFault.status(405, json, ""), Fault.REJECTED, Disposition.REFUSED),
                arguments("401", DromoFault.status(401, json, "{}"), Fault.LICENSE_KEY_REFUSED, Disposition.REFUSED),
                arguments("403", DromoFault.status(403, json, "{}"), Fault.LICENSE_KEY_REFUSED, Disposition.REFUSED),
                arguments("404", DromoFault.status(404, json, "{}"), Fault.NOT_FOUND, Disposition.REFUSED),
                arguments("408", DromoFault.status(408, json, "{}"), Fault.NO_ANSWER, Disposition.UNCLEAR),
                arguments("301", DromoFault.redirect(301, "/x"), Fault.REDIRECTED, Disposition.REFUSED),
                arguments("307", DromoFault.redirect(307, "/x"), Fault.REDIRECTED, Disposition.REFUSED),
                arguments("truncated", DromoFault.truncatedBody(), Fault.MALFORMED_ANSWER, Disposition.UNCLEAR),
                arguments(
                        "oversized",
                        DromoFault.oversizedBody(2 * 1024 * 1024),
                        Fault.MALFORMED_ANSWER,
                        Disposition.UNCLEAR),
                arguments("empty", DromoFault.emptyBody(), Fault.MALFORMED_ANSWER, Disposition.UNCLEAR),
                arguments("not JSON", DromoFault.notJson(), Fault.MALFORMED_ANSWER, Disposition.UNCLEAR),
                arguments("a list", DromoFault.wrongTypedBody(), Fault.MALFORMED_ANSWER, Disposition.UNCLEAR));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("faultsOfAPut")
    void namesEachFaultOfAPutAndSendsItOnce(String name, DromoFault fault, Fault expected, Disposition disposition) {
        DromoException e = failedPut(fault);

        assertThat(e.fault()).isEqualTo(expected);
        assertThat(e.disposition()).isEqualTo(disposition);
        assertThat(e).hasMessageStartingWith("PUT /api/v1/headless/sftp/credentials/" + id + "/: ");
        assertThat(standIn.requests(DromoCall.PUT)).hasSize(1);
        assertThat(fixture.slept).isEmpty();
    }

    @Test
    void callsASilentServerUnclearOnceTheTimeoutIsOver() {
        impatient();

        DromoException e = failedPut(DromoFault.timeoutAfter());

        assertThat(e.fault()).isEqualTo(Fault.NO_ANSWER);
        assertThat(e).hasMessageContaining("no complete answer within dromo.timeout (2.0 s)");
        assertThat(standIn.requests(DromoCall.PUT)).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void doesNotLetSlowBytesOutlastTheTimeout() {
        impatient();
        long before = System.nanoTime();

        DromoException e = failedPut(DromoFault.slowBytes(Duration.ofSeconds(1)));

        assertThat(e.fault()).isEqualTo(Fault.NO_ANSWER);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(60));
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                arguments(DromoFault.withoutField("id"), "id is missing"),
                arguments(DromoFault.withoutField("hostname"), "hostname is missing"),
                arguments(DromoFault.withoutField("port"), "port is missing"),
                arguments(DromoFault.withoutField("user"), "user is missing"),
                arguments(DromoFault.withoutField("auth_type"), "auth_type is missing"),
                arguments(DromoFault.field("user", 7), "user isn't a text"),
                arguments(DromoFault.field("hostname", "a\u001b[2Jb"), "hostname holds characters"),
                arguments(DromoFault.field("port", "22"), "port isn't a whole number"),
                arguments(DromoFault.field("port", 65536), "port isn't a whole number"),
                arguments(DromoFault.field("port", TWO_TO_THE_64TH_AND_22), "port isn't a whole number"),
                arguments(DromoFault.field("auth_type", "AGENT"), "auth_type is neither KEY nor PASSWORD"),
                arguments(DromoFault.field("key_fingerprint", "MD5:aa:bb"), "key_fingerprint isn't SHA256:"),
                arguments(DromoFault.field("key_fingerprint", 1), "key_fingerprint isn't a text"));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void namesTheFieldThatIsWrong(DromoFault lie, String words) {
        DromoException e = failedPut(lie);

        assertThat(e.fault()).isEqualTo(Fault.MALFORMED_ANSWER);
        assertThat(e).hasMessageContaining(words);
    }

    @Test
    void toleratesPaddingUnknownFieldsAndAMissingFingerprint() throws DromoException {
        LoginSecret.KeyPair key = Fixture.key();
        standIn.faults()
                .onNext(DromoCall.PUT, DromoFault.paddedFingerprint(), DromoFault.field("colour", "blue"))
                .onNext(DromoCall.RETRIEVE, DromoFault.missingFingerprint());

        StoredCredential answered = dromo.update(id, ACCOUNT, key);

        assertThat(answered.fingerprint()).isEqualTo(key.fingerprint());
        assertThat(dromo.retrieve(id).fingerprint()).isEmpty();
    }

    @Test
    void sendsSecretsByteForByte() throws DromoException {
        String odd = "q\"b\\s/ \t\u0001 ü 😀 <&> " + SECRET;
        LoginSecret.KeyPair key = Fixture.key();

        dromo.update(id, ACCOUNT, password(odd));
        dromo.update(id, ACCOUNT, key);

        assertThat(standIn.stored(id).password()).isEqualTo(odd);
        assertThat(standIn.stored(id).privateKey())
                .isEqualTo(new String(key.privateKey().expose(), StandardCharsets.UTF_8));
    }

    @Test
    void repeatsDromosWordsWithoutTheSecret() {
        String body = "{\"password\":[\"'" + SECRET + "' is too simple.\",\"begins with " + SECRET.substring(0, 12)
                + "\"],\"user\":\"Unknown \\u001b[31m\\nuser.\",\"detail\":\"key " + LICENSE_KEY + "\"}";

        DromoException e = failedPut(DromoFault.status(400, Map.of(), body));

        assertThat(e)
                .hasMessageContaining("Dromo answered 400: password: '****' is too simple.; password: begins with ****;"
                        + " user: Unknown [31m user.; key ****");
        assertThat(e.getMessage()).doesNotContain(SECRET.substring(0, 12));
    }

    @Test
    void masksAKeyLineByLine() {
        LoginSecret.KeyPair key = Fixture.key();
        String text = new String(key.privateKey().expose(), StandardCharsets.UTF_8);
        String line = text.lines().skip(2).findFirst().orElseThrow();
        standIn.faults()
                .always(
                        DromoCall.PUT,
                        DromoFault.status(400, Map.of(), "{\"private_key\":[\"bad line " + line + "\"]}"));

        DromoException e = failure(() -> dromo.update(id, ACCOUNT, key));

        assertThat(e).hasMessageEndingWith("private_key: bad line ****");
    }

    static Stream<Arguments> answersToATest() {
        Function<String, DromoFault> refused = said -> DromoFault.refusal(400, said);
        Function<String, DromoFault> failed = DromoFault::testFails;
        return Stream.of(arguments("200", failed), arguments("400", refused));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answersToATest")
    void masksWhatATestQuotesOfAnythingDromoMayHold(String name, Function<String, DromoFault> answer) {
        LoginSecret.KeyPair key = Fixture.key();
        String line = new String(key.privateKey().expose(), StandardCharsets.UTF_8)
                .lines()
                .skip(2)
                .findFirst()
                .orElseThrow();
        String escaped = "a\"b\\c";
        dromo.close();
        dromo = new HttpDromo(
                settings(standIn.url()),
                fixture.timing(),
                1,
                asked -> asked.equals(id) ? List.of(password(SECRET), key.copy(), password(escaped)) : List.of());
        String quoted = SECRET + " " + line + " " + SECRET.substring(0, 12) + " a\\\"b\\\\c " + LICENSE_KEY;
        standIn.faults().always(DromoCall.TEST_CONNECTION, answer.apply("can't log in with: " + quoted));

        assertThat(wordsOfATest()).endsWith("can't log in with: **** **** **** **** ****");
    }

    private String wordsOfATest() {
        try {
            return dromo.testConnection(id).error().orElseThrow();
        } catch (DromoException e) {
            return everythingSaid(e).lines().findFirst().orElseThrow();
        }
    }

    @Test
    void wipesWhatItMaskedWith() throws DromoException {
        LoginSecret.Password held = password(SECRET);
        dromo.close();
        dromo = new HttpDromo(settings(standIn.url()), fixture.timing(), 1, asked -> List.of(held));
        standIn.faults().always(DromoCall.TEST_CONNECTION, DromoFault.testFails("no"));

        assertThat(dromo.testConnection(id).error()).contains("no");
        assertThatIllegalStateException().isThrownBy(() -> held.value().expose());
    }

    @Test
    void boundsWhatDromoSays() {
        DromoException e = failedPut(DromoFault.status(400, Map.of(), "{\"detail\":\"" + "blah ".repeat(5000) + "\"}"));

        assertThat(e.getMessage().replaceAll(".*answered 400: ", ""))
                .hasSizeLessThanOrEqualTo(300)
                .endsWith("...");
    }

    @Test
    void namesOnlyTheOriginOfARedirect() {
        DromoException e = failedPut(DromoFault.redirect(302, "https://elsewhere.example/login?token=t0ken"));

        assertThat(e).hasMessageEndingWith("Dromo answered 302, a redirect to https://elsewhere.example:443");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503})
    void triesAReadAgainAfterAServerError(int status) throws DromoException {
        standIn.faults().onNext(2, DromoCall.RETRIEVE, DromoFault.status(status, Map.of(), ""));

        assertThat(dromo.retrieve(id).id()).isEqualTo(id);
        assertThat(fixture.slept).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    @Test
    void triesAReadAndATestAgainAfterAReset() throws DromoException {
        standIn.faults()
                .onNext(DromoCall.RETRIEVE, DromoFault.resetBefore())
                .onNext(DromoCall.TEST_CONNECTION, DromoFault.resetAfter())
                .onNext(DromoCall.LIST, DromoFault.resetAfter());

        assertThat(dromo.retrieve(id).id()).isEqualTo(id);
        assertThat(dromo.testConnection(id).success()).isTrue();
        assertThat(dromo.credentials()).hasSize(1);
        assertThat(fixture.slept).hasSize(3);
    }

    @Test
    void givesUpAReadAfterThreeAttempts() {
        standIn.faults().always(DromoCall.RETRIEVE, DromoFault.html502());

        DromoException e = failure(() -> dromo.retrieve(id));

        assertThat(e.fault()).isEqualTo(Fault.SERVER_ERROR);
        assertThat(e).hasMessageEndingWith("Dromo answered 502 (text/html) (3 attempts)");
        assertThat(standIn.requests(DromoCall.RETRIEVE)).hasSize(3);
    }

    @Test
    void neverRepeatsARefusal() {
        standIn.faults().always(DromoCall.RETRIEVE, DromoFault.status(403, Map.of(), "{}"));

        assertThat(failure(() -> dromo.retrieve(id)).fault()).isEqualTo(Fault.LICENSE_KEY_REFUSED);
        assertThat(standIn.requests(DromoCall.RETRIEVE)).hasSize(1);
    }

    @Test
    void repeatsAPutThatWasThrottledAfterThePauseThatDromoAsksFor() throws DromoException {
        standIn.faults().onNext(DromoCall.PUT, DromoFault.tooManyRequests(Duration.ofSeconds(7)));

        dromo.update(id, ACCOUNT, password(SECRET));

        assertThat(standIn.stored(id).password()).isEqualTo(SECRET);
        assertThat(fixture.slept).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void leavesALongPauseToTheCaller() {
        DromoException e = failedPut(DromoFault.tooManyRequests(Duration.ofSeconds(31)));

        assertThat(e.fault()).isEqualTo(Fault.RATE_LIMITED);
        assertThat(e.disposition()).isEqualTo(Disposition.TRANSIENT);
        assertThat(e.retryAfter()).contains(Duration.ofSeconds(31));
        assertThat(fixture.slept).isEmpty();
    }

    @Test
    void readsARetryAfterThatIsADate() {
        DromoException e =
                failedPut(DromoFault.status(429, Map.of("Retry-After", "Sun, 01 Mar 2026 12:02:00 GMT"), "{}"));

        assertThat(e.retryAfter()).contains(Duration.ofMinutes(2));
    }

    @Test
    void ignoresARetryAfterThatMakesNoSense() {
        DromoException e = failedPut(DromoFault.status(429, Map.of("Retry-After", "soon"), "{}"));

        assertThat(e.retryAfter()).isEmpty();
        assertThat(fixture.slept).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    @Test
    void sendsNothingForAnIdThatCantBeOne() {
        DromoException e = failure(() -> dromo.retrieve("../connectors"));

        assertThat(e.fault()).isEqualTo(Fault.NOT_FOUND);
        assertThat(standIn.requests()).isEmpty();
    }

    @Test
    void asksForNothingButJson() throws DromoException {
        dromo.testConnection(id);

        DromoRequest request = standIn.requests().get(0);
        assertThat(request.headers())
                .containsEntry("accept", "application/json")
                .containsEntry("content-length", "0")
                .containsEntry("user-agent", "Keyturn")
                .doesNotContainKeys("accept-encoding", "cookie", "upgrade");
    }
}
