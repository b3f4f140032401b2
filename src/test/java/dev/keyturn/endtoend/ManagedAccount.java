package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.Account;
import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.Login;
import dev.keyturn.realhost.OpensshClient;
import dev.keyturn.sandbox.DromoCredential;
import dev.keyturn.sandbox.DromoStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An account on a customer's host that Dromo logs in to, and what it logged in with when the test began.
 *
 * @param at where the host is, and which key it has
 * @param key the first key; null for a password
 * @param password the first password; null for a key
 * @param dromoId Dromo's id of it
 */
record ManagedAccount(
        Account account,
        Host at,
        DromoStandIn dromo,
        String dromoId,
        @Nullable KeyFiles key,
        @Nullable String password) {

    private static final Pattern BLOB = Pattern.compile(" (AAAA[A-Za-z0-9+/]{60,}={0,2})(?:\\s|$)");

    /** @param fingerprint of its host key */
    record Host(String hostname, int port, String fingerprint, OpensshClient client) {}

    String name() {
        return account.name();
    }

    boolean isKey() {
        return key != null;
    }

    byte[] oldSecret() {
        return key == null ? Objects.requireNonNull(password).getBytes(StandardCharsets.UTF_8) : key.privateKey();
    }

    /** {@code SHA256:...} of the first key. */
    String oldFingerprint() {
        return fingerprint(Objects.requireNonNull(key).publicLine());
    }

    String yaml(String policy, String install, String... more) {
        return yamlPinning(at.fingerprint, policy, install, more);
    }

    String yamlPinning(String hostKey, String policy, String install, String... more) {
        return "{policy: " + policy + ", dromo_id: " + dromoId + ", host: {hostname: " + at.hostname + ", port: "
                + at.port + ", user: " + name() + ", host_key: \"" + hostKey + "\"}, install: " + install
                + String.join("", Arrays.stream(more).map(entry -> ", " + entry).toList()) + "}";
    }

    DromoCredential inDromo() {
        return dromo.stored(dromoId);
    }

    /** Whether what Dromo stores logs in, as OpenSSH's client sees it. */
    Login dromosLogin() {
        DromoCredential stored = inDromo();
        return stored.authType().equals("KEY")
                ? at.client.login(
                        name(), Objects.requireNonNull(stored.privateKey()).getBytes(StandardCharsets.UTF_8))
                : at.client.login(name(), Objects.requireNonNull(stored.password()));
    }

    /** Whether the first credential logs in. */
    Login oldLogin() {
        return key == null
                ? at.client.login(name(), Objects.requireNonNull(password))
                : at.client.login(name(), key.privateKey());
    }

    /** Dromo has another credential than at first, it logs in, and the first one doesn't. */
    void assertRotated() {
        assertThat(dromoHoldsTheOld())
                .as("Dromo still holds the old credential of " + name())
                .isFalse();
        assertThat(dromosLogin()).as("Dromo's login for " + name()).isEqualTo(Login.ACCEPTED);
        assertThat(oldLogin()).as("old login for " + name()).isEqualTo(Login.REFUSED);
    }

    /** Dromo has the first credential, it logs in, and a key of ours isn't left on the host. */
    void assertAsBefore(List<String> keysBefore) {
        assertThat(dromoHoldsTheOld())
                .as("Dromo holds the old credential of " + name())
                .isTrue();
        assertThat(oldLogin()).as("old login for " + name()).isEqualTo(Login.ACCEPTED);
        assertThat(account.keys()).isEqualTo(keysBefore);
    }

    boolean dromoHoldsTheOld() {
        DromoCredential stored = inDromo();
        return key == null
                ? Objects.equals(stored.password(), password)
                : Objects.equals(stored.keyFingerprint(), oldFingerprint());
    }

    /** The lines of authorized_keys, carriage returns included, without those of keys that Dromo holds or held first. */
    List<String> foreignLines() {
        List<String> ours = Arrays.asList(oldFingerprint(), inDromo().keyFingerprint());
        return rawLines().stream()
                .filter(line -> !isKey(line) || !ours.contains(fingerprint(line)))
                .toList();
    }

    List<String> rawLines() {
        try {
            String text = Files.readString(account.authorizedKeys(), StandardCharsets.ISO_8859_1);
            String body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
            return List.of(body.split("\n", -1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The line of the key that Dromo holds. */
    String currentLine() {
        String wanted = inDromo().keyFingerprint();
        return rawLines().stream()
                .filter(line -> isKey(line) && fingerprint(line).equals(wanted))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line for " + wanted + " in " + rawLines()));
    }

    /** {@code SHA256:...} of the key in a line of authorized_keys. */
    static String fingerprint(String line) {
        Matcher blob = BLOB.matcher(line);
        if (!blob.find()) {
            throw new IllegalArgumentException("no key in '" + line + "'");
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(Base64.getDecoder().decode(blob.group(1)));
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isKey(String line) {
        return BLOB.matcher(line).find();
    }
}
