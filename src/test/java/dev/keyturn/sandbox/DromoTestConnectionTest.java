package dev.keyturn.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DromoTestConnectionTest {
    private static final OpensshKeys KEYS = OpensshKeys.ed25519();

    private SftpStandIn host;
    private DromoStandIn dromo;
    private DromoClient client;

    @BeforeEach
    void start() throws IOException {
        host = SftpStandIn.start();
        host.account("dromo").withKey(KEYS.publicLine()).withPassword("right-password");
        dromo = DromoStandIn.start();
        client = new DromoClient(dromo);
    }

    @AfterEach
    void stop() throws IOException {
        dromo.close();
        host.close();
    }

    @Test
    void logsInWithTheStoredKey() throws IOException {
        assertThat(test(ofKey(KEYS))).isEqualTo("{\"success\":true,\"error\":null}");
        assertThat(host.loginLog())
                .singleElement()
                .extracting(LoginAttempt::fingerprint)
                .isEqualTo(KEYS.fingerprint());
    }

    @Test
    void logsInWithTheStoredPassword() throws IOException {
        assertThat(test(ofPassword("right-password"))).isEqualTo("{\"success\":true,\"error\":null}");
    }

    @Test
    void saysWhyALoginFailed() throws IOException {
        assertThat(test(ofPassword("wrong-password")))
                .isEqualTo("{\"success\":false,\"error\":\"Authentication failed\"}");
        assertThat(test(ofKey(OpensshKeys.ed25519())))
                .isEqualTo("{\"success\":false,\"error\":\"Authentication failed\"}");
        host.faults().onNext(SftpFault.resetOnConnect());
        assertThat(test(ofKey(KEYS))).isEqualTo("{\"success\":false,\"error\":\"Connection closed by remote host\"}");
        host.refuseConnections();
        assertThat(test(ofKey(KEYS))).isEqualTo("{\"success\":false,\"error\":\"Connection refused\"}");
    }

    @Test
    void listsTheDirectoriesOfTheConnectors() throws IOException {
        DromoCredential credential = ofKey(KEYS);
        dromo.seed(DromoConnector.of(credential.id(), "uploads"));
        assertThat(test(credential)).isEqualTo("{\"success\":false,\"error\":\"No such directory: uploads\"}");
        host.account("dromo").withDirectory("uploads");
        assertThat(test(credential)).contains("\"error\":null");
    }

    private DromoCredential ofKey(OpensshKeys keys) {
        return DromoCredential.ofKey(host.hostname(), host.port(), "dromo", keys.privateKey());
    }

    private DromoCredential ofPassword(String password) {
        return DromoCredential.ofPassword(host.hostname(), host.port(), "dromo", password);
    }

    private String test(DromoCredential credential) throws IOException {
        String id = dromo.seed(credential);
        return client.call("POST", "/headless/sftp/credentials/" + id + "/test_connection/", "")
                .body();
    }
}
