package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.sandbox.DromoConnector;
import dev.keyturn.sandbox.DromoCredential;
import dev.keyturn.sandbox.DromoRequest;
import dev.keyturn.sandbox.DromoStandIn;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code keyturn verify --estate}, with a Dromo whose pages are short. */
class EstateIT {
    private static final String MISSING = "7b1f7b9e-0f0e-4a53-9d5c-0f6d8f4f2f10";
    private static final String PIN = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";

    private DromoStandIn dromo;
    private Installation keyturn;

    @BeforeEach
    void install() throws IOException {
        dromo = DromoStandIn.options()
                .licenseKey("license-of-the-estate")
                .pageSize(2)
                .start();
        keyturn = new Installation(dromo).usualPolicies();
    }

    @AfterEach
    void remove() throws IOException {
        keyturn.close();
        dromo.close();
    }

    @Test
    void listsWhatNobodyManagesWhatIsGoneAndWhatIsUnused() {
        String managed = seed("managed");
        String unmanaged = seed("unmanaged");
        String unused = seed("unused");
        DromoConnector orders = DromoConnector.of(managed, "/orders");
        dromo.seed(orders);
        dromo.seed(DromoConnector.of(unmanaged, "/stray"));
        configure("managed", managed);
        configure("unused", unused);
        configure("gone", MISSING);

        Ran table = keyturn.run("verify", "--estate");
        Ran json = keyturn.run("verify", "--estate", "--json");

        assertThat(table.status()).as(table::toString).isEqualTo(1);
        assertThat(table.out().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "DROMO ID STANDING CREDENTIAL ACCOUNT CONNECTORS",
                        managed + " managed managed managed@sftp.example:22 1: " + orders.id() + " (/orders)",
                        unmanaged + " unmanaged - unmanaged@sftp.example:22 1: " + stray() + " (/stray)",
                        unused + " managed unused unused@sftp.example:22 none: unused",
                        MISSING + " gone gone - none");
        assertThat(json.status()).isEqualTo(1);
        JsonNode first = json.json().get(0);
        assertThat(first.get("standing").asString()).isEqualTo("managed");
        assertThat(first.get("connectors").get(0).get("directory").asString()).isEqualTo("/orders");
        assertThat(json.json().get(2).get("unused").asBoolean()).isTrue();
        assertThat(json.json().get(3).get("hostname").isNull()).isTrue();
        assertThat(dromo.requests()).extracting(DromoRequest::method).containsOnly("GET");
    }

    @Test
    void endsWith0WhereAllIsManaged() {
        configure("managed", seed("managed"));

        assertThat(keyturn.run("verify", "--estate").status()).isEqualTo(0);
    }

    @Test
    void saysThatDromoCannotBeAsked() {
        keyturn.secretFile("license", "another");

        Ran ran = keyturn.run("verify", "--estate");

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err()).contains("Dromo's estate can't be listed", "Check dromo.license_key");
    }

    @Test
    void takesNoNames() {
        assertThat(keyturn.run("verify", "--estate", "--all").status()).isEqualTo(2);
    }

    private String stray() {
        return keyturn.run("verify", "--estate", "--json")
                .json()
                .get(1)
                .get("connectors")
                .get(0)
                .get("id")
                .asString();
    }

    private String seed(String user) {
        return dromo.seed(DromoCredential.ofPassword("sftp.example", 22, user, "Words-of-" + user));
    }

    private void configure(String user, String dromoId) {
        keyturn.credential(
                user,
                "{policy: passwords, dromo_id: " + dromoId + ", host: {hostname: sftp.example, user: " + user
                        + ", host_key: \"" + PIN + "\"}, install: {method: passwd}}");
    }
}
