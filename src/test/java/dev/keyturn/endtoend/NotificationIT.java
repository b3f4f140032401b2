package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.endtoend.Mailboxes.Posted;
import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.sandbox.DromoFault;
import dev.keyturn.sandbox.StandInCertificate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the daemon tells people, as it arrives at them. */
@RequiresSshd
class NotificationIT {
    private static final byte[] KEY = "canary-webhook-key-of-this-test!".getBytes(StandardCharsets.US_ASCII);
    private static final DromoFault REJECTION =
            DromoFault.status(400, DromoFault.JSON, "{\"private_key\":[\"Rejected by a test.\"]}");

    private static Scene scene;

    private Installation keyturn;
    private Mailboxes mailboxes;
    private ManagedAccount acme;

    @BeforeAll
    static void openScene() {
        scene = Scene.open();
    }

    @AfterAll
    static void closeScene() {
        scene.close();
    }

    @BeforeEach
    void install() throws Exception {
        StandInCertificate certificate = StandInCertificate.trusted();
        mailboxes = new Mailboxes(certificate);
        keyturn = scene.installation();
        keyturn.secretFile("webhook-key", "whsec_" + Base64.getEncoder().encodeToString(KEY));
        keyturn.secretFile("mail-password", Mailboxes.MAIL_PASSWORD);
        keyturn.secretFile("ca.pem", certificate.pem());
        keyturn.secretFile("other-ca.pem", StandInCertificate.trusted().pem());
        tell("{after: 100, every: 1h}", "");
    }

    /** @param webhook one more than the two that work, with a comma before it */
    private void tell(String digest, String webhook) {
        keyturn.notify("{webhooks: [{url: \"" + mailboxes.url() + "\", secret: {file: webhook-key}, timeout: 2m},"
                + " {url: \"" + mailboxes.secureUrl() + "\", ca_file: ca.pem, timeout: 2m}" + webhook + "],"
                + " email: [{smtp: {host: 127.0.0.1, port: " + mailboxes.mailPort()
                + ", tls: none, user: keyturn, password: {file: mail-password}},"
                + " from: keyturn@example.com, to: [secops@example.com], timeout: 2m}], digest: " + digest + "}");
    }

    @AfterEach
    void remove() {
        scene.dromo().faults().clear();
        keyturn.close();
        mailboxes.close();
    }

    @Test
    void tellsThatARotationFailedAndThatItIsOver() throws Exception {
        tell(
                "{after: 100, every: 1h}",
                ", {url: \"" + mailboxes.secureUrl() + "\", ca_file: other-ca.pem, events: [failed]}");
        keyturn.policy(
                "often",
                "{secret: {type: ssh_key}, schedule: {cron: \"*/2 * * * * ?\"},"
                        + " retry: {attempts: 50, first_delay: 1s, max_delay: 2s}}");
        manage("acme", "often", "{method: authorized_keys}");
        keyturn.adopt(acme);
        scene.dromo().faults().always(DromoCall.PUT, REJECTION);

        try (Running daemon = keyturn.start("run")) {
            daemon.until("the failure arrived by webhook", () -> posted("credential.failed"))
                    .until(
                            "it arrived over TLS",
                            () -> !mailboxes.postedOverTls().isEmpty())
                    .until("it arrived by mail", () -> !mailboxes.mails().isEmpty())
                    .until("the wrong authority was refused", () -> daemon.out().contains("TLS failed"));
            scene.dromo().faults().clear();
            daemon.until("its end arrived", () -> posted("credential.recovered"))
                    .until("its end arrived by mail", () -> mailboxes.mails().size() >= 2);
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
            assertThat(daemon.out()).contains("notify.webhooks[2]").doesNotContain("/hook");
        }

        Posted failed = mailboxes.posted().get(0);
        assertThat(failed.body())
                .contains("\"type\":\"credential.failed\"", "\"credential\":\"acme\"", "\"step\":\"publish\"")
                .contains("Rejected by a test.", "\"valid_now\":", acme.oldFingerprint());
        mailboxes.posted().forEach(this::assertSigned);
        assertThat(mailboxes.mails().get(0)).contains("[keyturn] acme: failed at publish", "Rejected by a test.");
        assertThat(mailboxes.posted().stream().filter(it -> it.body().contains("\"credential.failed\"")))
                .as("one failure after the other, but one fact")
                .hasSize(1);
        assertNoSecretArrived();
    }

    @Test
    void sendsTheKeyToInstallAndTellsOfADrift() throws Exception {
        keyturn.policy("by-hand", "{secret: {type: ssh_key}, schedule: {every: 60d}, verify: {every: 1s}}");
        keyturn.policy("watched", "{secret: {type: ssh_key}, verify: {every: 4s}}");
        manage("partner", "by-hand", "{method: manual}");
        keyturn.adopt(acme);
        assertThat(keyturn.run("rotate", "partner").status()).isEqualTo(0);
        manage("drifting", "watched", "{method: authorized_keys}");
        keyturn.adopt(acme);
        Path keys = acme.account().authorizedKeys();
        byte[] content = Files.readAllBytes(keys);

        try (Running daemon = keyturn.start("run")) {
            daemon.until("the request arrived", () -> posted("credential.awaiting_install"))
                    .until(
                            "it arrived by mail",
                            () -> mailboxes.mails().stream().anyMatch(mail -> mail.contains("ssh-ed25519 AAAA")));
            Files.write(keys, new byte[0]);
            daemon.until("the drift arrived", () -> posted("credential.drift"));
            Files.write(keys, content);
            daemon.until("its end arrived", () -> posted("credential.recovered"));
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }

        String handedOver = keyturn.run("show-key", "partner").out().strip();
        assertThat(mailboxes.posted())
                .anySatisfy(it -> assertThat(it.body())
                        .contains("credential.awaiting_install")
                        .contains(handedOver.split(" ")[1]));
        mailboxes.posted().forEach(this::assertSigned);
        assertNoSecretArrived();
    }

    @Test
    void tellsThatACredentialIsTooOldAndThatARotationEndedThat() throws Exception {
        keyturn.policy("aging", "{secret: {type: ssh_key}, max_age: 100d}");
        manage("old", "aging", "{method: authorized_keys}");
        keyturn.adopt(acme);
        keyturn.timePasses(Duration.ofDays(101));

        try (Running daemon = keyturn.start("run")) {
            daemon.until("its age was told", () -> posted("credential.overdue"))
                    .until(
                            "it was told by mail",
                            () -> mailboxes.mails().stream().anyMatch(mail -> mail.contains("old: overdue")));
            assertThat(keyturn.run("rotate", "old").status()).isEqualTo(0);
            daemon.until("its end arrived", () -> posted("credential.recovered"));
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }

        mailboxes.posted().forEach(this::assertSigned);
        assertNoSecretArrived();
    }

    /** Four hosts that are down at once are no four mails; and what was held back is not lost at the end. */
    @Test
    void tellsAFloodAsOneDigest() throws Exception {
        tell("{after: 1, every: 1h}", "");
        keyturn.policy("once", "{secret: {type: ssh_key}, schedule: {cron: \"*/2 * * * * ?\"}, retry: {attempts: 0}}");
        List<String> names = List.of("flood1", "flood2", "flood3", "flood4");
        List<ManagedAccount> accounts = new ArrayList<>();
        for (String name : names) {
            manage(name, "once", "{method: authorized_keys}");
            accounts.add(acme);
        }
        keyturn.adopt(accounts.toArray(ManagedAccount[]::new));
        scene.dromo().faults().always(DromoCall.PUT, REJECTION);

        try (Running daemon = keyturn.start("run")) {
            daemon.until("the first failure arrived", () -> posted("credential.failed"))
                    .until(
                            "it arrived over TLS",
                            () -> !mailboxes.postedOverTls().isEmpty())
                    .until("it arrived by mail", () -> !mailboxes.mails().isEmpty())
                    .until("all have failed", () -> names.stream().allMatch(name -> failed(daemon, name)));
            assertThat(mailboxes.posted()).hasSize(1);
            assertThat(daemon.terminate().ended().status()).isEqualTo(0);
        }

        assertThat(mailboxes.posted()).hasSize(2).allSatisfy(this::assertSigned);
        String digest = mailboxes.posted().get(1).body();
        assertThat(digest).contains("\"type\":\"digest\"", "\"count\":3");
        assertThat(names.stream().filter(digest::contains)).hasSize(3);
        assertThat(mailboxes.mails()).hasSize(2);
        assertNoSecretArrived();
    }

    private static boolean failed(Running daemon, String name) {
        return daemon.out()
                .lines()
                .anyMatch(line -> line.contains("did not complete") && line.contains('"' + name + '"'));
    }

    private void manage(String name, String policy, String install) {
        acme = scene.withKey(NewAccount.shell(name), KeyFiles.make("ed25519"));
        keyturn.manage(acme, policy, install);
    }

    private boolean posted(String type) {
        return mailboxes.posted().stream().anyMatch(it -> it.body().contains("\"type\":\"" + type + "\""));
    }

    /** As Standard Webhooks has it. */
    private void assertSigned(Posted posted) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
            byte[] wanted = mac.doFinal(
                    (posted.id() + "." + posted.timestamp() + "." + posted.body()).getBytes(StandardCharsets.UTF_8));
            assertThat(posted.signature()).isEqualTo("v1," + Base64.getEncoder().encodeToString(wanted));
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private void assertNoSecretArrived() {
        Canaries canaries = new Canaries()
                .sentTo(scene.dromo().requests())
                .privateKey("the old key", new String(acme.oldSecret(), StandardCharsets.US_ASCII))
                .password("the mail password", Mailboxes.MAIL_PASSWORD)
                .password("the webhook's key", new String(KEY, StandardCharsets.US_ASCII))
                .password("the license key", scene.dromo().licenseKey());

        assertThat(canaries.in(mailboxes.all())).isEmpty();
    }
}
