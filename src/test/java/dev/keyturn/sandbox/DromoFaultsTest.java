package dev.keyturn.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DromoFaultsTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final OpensshKeys OLD = OpensshKeys.ed25519();
    private static final OpensshKeys NEW = OpensshKeys.ed25519();

    private DromoStandIn dromo;
    private DromoClient client;
    private String path;
    private String id;

    @BeforeEach
    void start() throws IOException {
        dromo = DromoStandIn.options().withoutLogin().start();
        client = new DromoClient(dromo);
        id = dromo.seed(DromoCredential.ofKey("h", 22, "u", OLD.privateKey()));
        path = "/headless/sftp/credentials/" + id + "/";
    }

    @AfterEach
    void stop() throws IOException {
        dromo.close();
    }

    /** On a busy machine the time may be over before the request has arrived, or before the change has come through. */
    @Test
    @Timeout(60)
    void staysSilentBeforeAndAfterTheChange() {
        dromo.faults().always(DromoCall.PUT, DromoFault.timeoutBefore());
        do {
            assertThatThrownBy(() -> client.call("PUT", path, newKey(), SHORT))
                    .isInstanceOf(HttpTimeoutException.class);
        } while (dromo.requests(DromoCall.PUT).isEmpty());
        assertThat(stored()).isEqualTo(OLD.fingerprint());

        dromo.faults().clear();
        dromo.faults().always(DromoCall.PUT, DromoFault.timeoutAfter());
        do {
            assertThatThrownBy(() -> client.call("PUT", path, newKey(), SHORT))
                    .isInstanceOf(HttpTimeoutException.class);
        } while (!NEW.fingerprint().equals(stored()));
    }

    @Test
    void resetsBeforeAndAfterTheChange() {
        // The JDK's client repeats what it finds safe to repeat, so each of its attempts has to fail.
        dromo.faults().always(DromoCall.PUT, DromoFault.resetBefore());
        assertThatThrownBy(() -> client.call("PUT", path, newKey()))
                .isInstanceOf(IOException.class)
                .hasRootCauseMessage("Connection reset");
        assertThat(stored()).isEqualTo(OLD.fingerprint());

        dromo.faults().clear();
        dromo.faults().always(DromoCall.PUT, DromoFault.resetAfter());
        assertThatThrownBy(() -> client.call("PUT", path, newKey()))
                .isInstanceOf(IOException.class)
                .hasRootCauseMessage("Connection reset");
        assertThat(stored()).isEqualTo(NEW.fingerprint());
    }

    @Test
    void answersWithAnyStatus() throws IOException {
        dromo.faults()
                .onNext(DromoCall.PUT, DromoFault.status(409, Map.of("X-Why", "busy"), "{\"detail\":\"conflict\"}"))
                .onNext(DromoCall.PUT, DromoFault.html502())
                .onNext(DromoCall.PUT, DromoFault.tooManyRequests(Duration.ofSeconds(7)))
                .onNext(DromoCall.PUT, DromoFault.tooManyRequests())
                .onNext(DromoCall.PUT, DromoFault.redirect(307, "http://127.0.0.1:1/elsewhere"));

        HttpResponse<String> conflict = put();
        assertThat(conflict.statusCode()).isEqualTo(409);
        assertThat(conflict.headers().firstValue("X-Why")).hasValue("busy");
        assertThat(conflict.body()).contains("conflict");
        HttpResponse<String> html = put();
        assertThat(html.statusCode()).isEqualTo(502);
        assertThat(html.headers().firstValue("Content-Type")).hasValue("text/html");
        assertThat(put().headers().firstValue("Retry-After")).hasValue("7");
        HttpResponse<String> throttled = put();
        assertThat(throttled.statusCode()).isEqualTo(429);
        assertThat(throttled.headers().firstValue("Retry-After")).isEmpty();
        assertThat(put().headers().firstValue("Location")).hasValue("http://127.0.0.1:1/elsewhere");

        assertThat(stored()).isEqualTo(OLD.fingerprint());
        assertThat(dromo.faults().pending()).isZero();
        assertThat(put().statusCode()).isEqualTo(200);
    }

    @Test
    void answersWithAStatusAfterTheChange() throws IOException {
        dromo.faults().onNext(DromoCall.PUT, DromoFault.html502After());
        assertThat(put().statusCode()).isEqualTo(502);
        assertThat(stored()).isEqualTo(NEW.fingerprint());
    }

    @Test
    void damagesBodies() throws IOException {
        dromo.faults().always(DromoCall.RETRIEVE, DromoFault.truncatedBody());
        assertThatThrownBy(() -> client.get(path)).isInstanceOf(IOException.class);
        dromo.faults().clear();

        dromo.faults()
                .onNext(DromoCall.RETRIEVE, DromoFault.oversizedBody(2_000_000))
                .onNext(DromoCall.RETRIEVE, DromoFault.emptyBody())
                .onNext(DromoCall.RETRIEVE, DromoFault.notJson())
                .onNext(DromoCall.RETRIEVE, DromoFault.wrongTypedBody())
                .onNext(DromoCall.RETRIEVE, DromoFault.field("port", "22"));
        assertThat(client.get(path).body()).hasSizeGreaterThan(2_000_000).contains(OLD.fingerprint());
        assertThat(client.get(path).body()).isEmpty();
        assertThat(client.get(path).body()).startsWith("<html>");
        assertThat(client.get(path).body()).startsWith("[{");
        assertThat(client.get(path).body()).contains("\"port\":\"22\"");
    }

    @Test
    void liesAboutTheCredential() throws IOException {
        dromo.faults()
                .onNext(DromoCall.PUT, DromoFault.wrongFingerprint())
                .onNext(DromoCall.PUT, DromoFault.missingFingerprint())
                .onNext(DromoCall.PUT, DromoFault.paddedFingerprint())
                .onNext(DromoCall.LIST, DromoFault.wrongUser());

        assertThat(DromoClient.object(put()).get("key_fingerprint"))
                .asString()
                .startsWith("SHA256:")
                .isNotEqualTo(NEW.fingerprint());
        assertThat(put().body()).contains("hostname").doesNotContain("key_fingerprint");
        assertThat(DromoClient.object(put()).get("key_fingerprint")).isEqualTo(NEW.fingerprint() + "=");
        assertThat(client.get("/headless/sftp/credentials/").body()).contains("\"user\":\"somebody-else\"");
        assertThat(stored()).isEqualTo(NEW.fingerprint());
    }

    @Test
    void callsAKeyAPassword() throws IOException {
        dromo.faults().onNext(DromoCall.RETRIEVE, DromoFault.wrongAuthType());

        assertThat(DromoClient.object(client.get(path)).get("auth_type")).isEqualTo("PASSWORD");
        assertThat(DromoClient.object(client.get(path)).get("auth_type")).isEqualTo("KEY");
    }

    @Test
    void breaksDownFromACallOn() throws IOException {
        dromo.faults().fromNext(DromoCall.RETRIEVE, DromoFault.refusal(500, "Server error."));

        assertThat(client.get("/headless/sftp/credentials/").statusCode()).isEqualTo(200);
        assertThat(client.get(path).statusCode()).isEqualTo(500);
        assertThat(client.get("/headless/sftp/credentials/").statusCode()).isEqualTo(500);
        assertThat(dromo.faults().strikes()).isEqualTo(2);
        dromo.faults().clear();
        assertThat(client.get(path).statusCode()).isEqualTo(200);
    }

    @Test
    void readsWhatWasBeforeTheLastChange() throws IOException {
        put();
        dromo.faults().onNext(DromoCall.RETRIEVE, DromoFault.staleRead());
        assertThat(client.get(path).body()).contains(OLD.fingerprint());
        assertThat(client.get(path).body()).contains(NEW.fingerprint());
    }

    @Test
    void losesAWriteThatItConfirmed() throws IOException {
        dromo.faults().onNext(DromoCall.PUT, DromoFault.lostWrite());
        assertThat(put().body()).contains(NEW.fingerprint());
        assertThat(stored()).isEqualTo(OLD.fingerprint());
    }

    @Test
    void failsTestConnectionSoManyTimes() throws IOException {
        dromo.faults().onNext(2, DromoCall.TEST_CONNECTION, DromoFault.testFails("Authentication failed"));
        String test = path + "test_connection/";
        assertThat(client.call("POST", test, "").body()).contains("Authentication failed");
        assertThat(client.call("POST", test, "").body()).contains("Authentication failed");
        assertThat(client.call("POST", test, "").body()).contains("\"success\":true");
    }

    @Test
    void dripsBytes() throws IOException {
        dromo.faults().onNext(DromoCall.RETRIEVE, DromoFault.slowBytes(Duration.ofMillis(1)));
        assertThat(client.get(path).body()).contains(OLD.fingerprint());

        dromo.faults().onNext(DromoCall.RETRIEVE, DromoFault.slowBytes(Duration.ofMillis(50)));
        assertThatThrownBy(() -> client.call("GET", path, "", SHORT)).isInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void nestsTheFaultsOfOneRule() throws IOException {
        dromo.faults()
                .onNext(
                        DromoCall.PUT,
                        DromoFault.field("user", "outer"),
                        DromoFault.field("user", "inner"),
                        DromoFault.lostWrite());
        assertThat(put().body()).contains("\"user\":\"outer\"").contains(NEW.fingerprint());
        assertThat(stored()).isEqualTo(OLD.fingerprint());
    }

    @Test
    void strikesAfterSomeHealthyCalls() throws IOException {
        dromo.faults().after(2, DromoCall.ANY, DromoFault.html502());
        assertThat(client.get(path).statusCode()).isEqualTo(200);
        assertThat(put().statusCode()).isEqualTo(200);
        assertThat(client.get(path).statusCode()).isEqualTo(502);
        assertThat(client.get(path).statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> put() throws IOException {
        return client.call("PUT", path, newKey());
    }

    private String stored() {
        return dromo.stored(id).keyFingerprint();
    }

    private static String newKey() {
        return Json.print(
                Map.of("hostname", "h", "port", 22, "user", "u", "auth_type", "KEY", "private_key", NEW.privateKey()));
    }
}
