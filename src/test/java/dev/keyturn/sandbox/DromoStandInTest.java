package dev.keyturn.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DromoStandInTest {
    private static final String CREDENTIALS = "/headless/sftp/credentials/";
    private static final OpensshKeys KEYS = OpensshKeys.ed25519();

    private DromoStandIn dromo;
    private DromoClient client;

    @BeforeEach
    void start() throws IOException {
        dromo = DromoStandIn.options().withoutLogin().pageSize(2).start();
        client = new DromoClient(dromo);
    }

    @AfterEach
    void stop() throws IOException {
        dromo.close();
    }

    @Test
    void answersEveryOperationAsTheApiDescribesIt() throws IOException {
        ApiDescription api = ApiDescription.load();
        String id = dromo.seed(DromoCredential.ofKey("sftp.example.com", 22, "u", KEYS.privateKey()));
        dromo.seed(DromoCredential.ofPassword("sftp.example.com", 22, "u", "old-password"));
        dromo.seed(DromoConnector.of(id, "/uploads"));
        Map<String, String> bodies = Map.of(
                "createSftpCredentials", password("new-password"),
                "updateSftpCredentials", key(KEYS.privateKey()));

        for (ApiDescription.Operation operation : api.operations().values()) {
            HttpResponse<String> response = client.call(
                    operation.method(),
                    operation.path().replace("{id}", operation.id().startsWith("delete") ? toDelete() : id),
                    bodies.getOrDefault(operation.id(), ""));

            assertThat(api.problems(operation, response.statusCode(), response.body()))
                    .as(operation.id() + " " + response.body())
                    .isEmpty();
        }
        assertThat(api.operations()).hasSize(7);
    }

    private String toDelete() {
        return dromo.seed(DromoCredential.ofPassword("h", 22, "u", "p"));
    }

    @Test
    void pagesWithAbsoluteUrls() throws IOException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(dromo.seed(DromoCredential.ofPassword("h", 22, "u" + i, "p")));
        }
        List<Object> seen = new ArrayList<>();
        String next = dromo.url() + CREDENTIALS;
        while (next != null) {
            Map<?, ?> page = DromoClient.object(client.get(next));
            assertThat(page.get("count")).isEqualTo(5);
            ((List<?>) page.get("results")).forEach(one -> seen.add(((Map<?, ?>) one).get("id")));
            next = (String) page.get("next");
            assertThat(next == null || next.startsWith(dromo.url())).isTrue();
        }
        assertThat(seen).isEqualTo(ids);
        assertThat(client.get(CREDENTIALS + "?page=4").statusCode()).isEqualTo(404);
    }

    @Test
    void refusesBadLicenseKeysAndUnknownCredentials() throws IOException {
        assertThat(client.callWithoutKey(CREDENTIALS).statusCode()).isEqualTo(401);
        HttpResponse<String> wrong = client.callWith("front-end-key", CREDENTIALS);
        assertThat(wrong.statusCode()).isEqualTo(403);
        assertThat(wrong.body()).startsWith("{\"detail\":\"");
        HttpResponse<String> unknown = client.get(CREDENTIALS + "ee5d0e45-b098-47bc-8217-e93790243dfa/");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).isEqualTo("{\"detail\":\"Not found.\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    hostname     | null          | may not be null
                    hostname     | ''            | may not be blank
                    port         | 'ssh'         | valid integer
                    port         | 65536         | less than or equal
                    user         | 7             | Not a valid string
                    auth_type    | 'TOKEN'       | not a valid choice
                    password     | null          | may not be null
                    private_key  | '-----BEGIN'  | Invalid private key
                    """, quoteCharacter = '"')
    void namesTheFieldThatIsWrong(String field, String value, String message) throws IOException {
        String id = dromo.seed(DromoCredential.ofPassword("h", 22, "u", "old-password"));
        Map<String, Object> body =
                new HashMap<>(Map.of("hostname", "other", "port", 22, "user", "u", "auth_type", "PASSWORD"));
        body.put(field, Json.parse(value.replace('\'', '"')));

        HttpResponse<String> response = client.call("PUT", CREDENTIALS + id + "/", Json.print(body));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(DromoClient.object(response).get(field).toString()).contains(message);
        assertThat(dromo.stored(id).hostname()).isEqualTo("h");
    }

    @Test
    void refusesEncryptedAndDamagedKeys() throws IOException {
        String id = dromo.seed(DromoCredential.ofKey("h", 22, "u", KEYS.privateKey()));
        String cut = KEYS.privateKey().replaceAll("(?s)\n.{70}\n", "\n");

        for (String bad : List.of(OpensshKeys.encrypted("passphrase").privateKey(), cut)) {
            assertThat(client.call("PUT", CREDENTIALS + id + "/", key(bad)).statusCode())
                    .isEqualTo(400);
        }
        assertThat(dromo.stored(id).privateKey()).isEqualTo(KEYS.privateKey());
    }

    @Test
    void showsTheFingerprintThatMinaComputes() throws IOException {
        for (OpensshKeys keys : List.of(KEYS, OpensshKeys.ecdsa(384), OpensshKeys.rsa(3072))) {
            HttpResponse<String> created = client.call("POST", CREDENTIALS, key(keys.privateKey()));
            assertThat(DromoClient.object(created).get("key_fingerprint")).isEqualTo(keys.fingerprint());
            assertThat(created.body()).doesNotContain("private_key", "PRIVATE KEY");
        }
    }

    @Test
    void keepsASecretThatIsOmittedOrEmpty() throws IOException {
        String id = dromo.seed(DromoCredential.ofPassword("h", 22, "u", "old-password"));

        for (Map<String, String> more : List.of(Map.<String, String>of(), Map.of("password", "", "private_key", ""))) {
            Map<String, Object> body = new LinkedHashMap<>(
                    Map.of("hostname", "other", "port", 2222, "user", "u2", "auth_type", "PASSWORD"));
            body.putAll(more);
            HttpResponse<String> response = client.call("PUT", CREDENTIALS + id + "/", Json.print(body));
            assertThat(response.statusCode()).isEqualTo(200);
        }

        assertThat(dromo.stored(id))
                .isEqualTo(new DromoCredential(id, "other", 2222, "u2", "PASSWORD", "old-password", null));
    }

    @Test
    void redirectsToThePathWithASlash() throws IOException {
        HttpResponse<String> response = client.get("/headless/sftp/credentials?page=1");
        assertThat(response.statusCode()).isEqualTo(301);
        assertThat(response.headers().firstValue("Location")).hasValue("/api/v1/headless/sftp/credentials/?page=1");
    }

    @Test
    void keepsAJournalOfRequestsInOrder() throws IOException {
        String id = dromo.seed(DromoCredential.ofPassword("h", 22, "u", "old-password"));
        client.get(CREDENTIALS + id + "/");
        client.call("PUT", CREDENTIALS + id + "/", password("new-password"));

        assertThat(dromo.requests()).extracting(DromoRequest::call).containsExactly(DromoCall.RETRIEVE, DromoCall.PUT);
        DromoRequest put = dromo.requests(DromoCall.PUT).get(0);
        assertThat(put.credentialId()).isEqualTo(id);
        assertThat(put.licenseKey()).isEqualTo(dromo.licenseKey());
        assertThat(put.body()).contains("new-password");
        assertThat(put.order()).isGreaterThan(dromo.requests().get(0).order());
    }

    @Test
    void speaksTlsToThoseWhoTrustItsCertificate() throws Exception {
        try (DromoStandIn secure = DromoStandIn.options().withoutLogin().https().start()) {
            assertThat(list(secure).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void canHaveACertificateThatIsExpiredOrForAnotherName() throws Exception {
        try (DromoStandIn expired =
                        DromoStandIn.options().withoutLogin().httpsExpired().start();
                DromoStandIn another = DromoStandIn.options()
                        .withoutLogin()
                        .httpsForAnotherName()
                        .start()) {
            assertThatThrownBy(() -> list(another)).isInstanceOf(SSLHandshakeException.class);
            X509Certificate certificate = certificate(expired.pemCertificate());
            assertThatThrownBy(certificate::checkValidity).isInstanceOf(CertificateExpiredException.class);
        }
    }

    private static HttpResponse<String> list(DromoStandIn secure) throws Exception {
        HttpClient trusting = HttpClient.newBuilder()
                .sslContext(trusting(secure.pemCertificate()))
                .build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(secure.url() + CREDENTIALS))
                .header("X-Dromo-License-Key", secure.licenseKey())
                .build();
        return trusting.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static X509Certificate certificate(String pem) throws GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    private static SSLContext trusting(String pem) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("dromo", certificate(pem));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void takesASeedFromJson() {
        DromoStandInMain.seed(
                dromo,
                Json.print(List.of(Map.of(
                        "id", "ee5d0e45-b098-47bc-8217-e93790243dfa",
                        "hostname", "h",
                        "port", 22,
                        "user", "u",
                        "auth_type", "KEY",
                        "private_key", KEYS.privateKey(),
                        "directories", List.of("/uploads")))));
        assertThat(dromo.stored("ee5d0e45-b098-47bc-8217-e93790243dfa").keyFingerprint())
                .isEqualTo(KEYS.fingerprint());
    }

    private static String password(String text) {
        return Json.print(Map.of("hostname", "h", "port", 22, "user", "u", "auth_type", "PASSWORD", "password", text));
    }

    private static String key(String text) {
        return Json.print(Map.of("hostname", "h", "port", 22, "user", "u", "auth_type", "KEY", "private_key", text));
    }
}
